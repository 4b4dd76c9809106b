# A sandbox of its own for a shell test, and the words the tests are written
# in; sourced by them.  Each check prints a line `ok - WHAT` or
# `not ok - WHAT`; the test ends with `finish`.  Keys and hashes are cheap ones,
# for no test looks at them but the scenarios and sandbox.sh, which have those
# of a sandbox that is started without options; a test may set the array
# sandbox_options before, and the array `needs`: programs of contrib/packages
# without which it is skipped, and modules of Python as python3:MODULE.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash disable=SC2034 # the names are for the tests
set -u
export LC_ALL=C LDAPNOINIT=1 PATH="$PATH:/usr/sbin:/sbin"
top_srcdir=$(cd "${top_srcdir:-$(dirname "${BASH_SOURCE[0]}")/..}" && pwd) ||
    exit 99
top_builddir=$(cd "${top_builddir:-.}" && pwd) || exit 99
export BWDIR_BUILDDIR=$top_builddir
umask 077

failures=0
# True where something that a test needs is there.  contrib/check has seen to
# all of contrib/packages and says so in TEST_PACKAGES: there the lack fails.
has ()
{
    case $1 in
    python3:*) /usr/bin/python3 -c "import ${1#*:}" 2>/dev/null ;;
    *) command -v "$1" >/dev/null ;;
    esac && return
    if [ -n "${TEST_PACKAGES-}" ]; then
        echo "not ok - $1 is there, as contrib/packages promises"
        failures=$((failures + 1))
    fi
    return 1
}
for need in ${needs+"${needs[@]}"}; do
    if ! has "$need"; then
        [ "$failures" -eq 0 ] || exit 1
        echo "skip - no $need (contrib/packages test)"
        exit 77
    fi
done

home=$(mktemp -d /tmp/bw.XXXXXX) || exit 99
sandbox=$home/s
work=$home/w
mkdir "$work"
children=()
tidy ()
{
    local child
    for child in "${children[@]}"; do
        kill "$child" 2>/dev/null
    done
    [ ! -e "$sandbox" ] || "$top_srcdir/contrib/sandbox" stop "$sandbox" \
        --remove
    rm -rf "$home"
}
trap tidy EXIT
trap 'exit 130' INT TERM
sandbox_options=(--key ecdsa --hash cheap
                 ${sandbox_options+"${sandbox_options[@]}"})
start_sandbox ()
{
    "$top_srcdir/contrib/sandbox" start "$sandbox" "${sandbox_options[@]}" ||
        exit 99
    # shellcheck disable=SC1091 # made by the sandbox
    . "$sandbox/env"
    people=ou=people,$BWDIR_BASE
}
# A test that has servers of its own says so.
[ -n "${own_servers-}" ] || start_sandbox

# check WHAT COMMAND...
check ()
{
    local what=$1
    shift
    if "$@"; then
        echo "ok - $what"
    else
        echo "not ok - $what"
        failures=$((failures + 1))
    fi
}

finish ()
{
    [ "$failures" -eq 0 ]
    exit
}

# Runs a command with its output in $work/out, what it says on standard error
# in $work/err, its exit status in $status.
run ()
{
    "$@" >"$work/out" 2>"$work/err"
    status=$?
}

# expect STATUS WHAT COMMAND...
expect ()
{
    local wanted=$1 what=$2
    shift 2
    run "$@"
    check "$what: $wanted" [ "$status" -eq "$wanted" ]
    [ "$status" -eq "$wanted" ] || sed "s/^/    $status: /" "$work/err"
}

# The last command said TEXT, a fixed string, on standard error.
says ()
{
    local before=$failures
    check "it says: $1" grep -qF -e "$1" "$work/err"
    [ "$failures" -eq "$before" ] || sed 's/^/    /' "$work/err"
}

# json FILE EXPRESSION: EXPRESSION about the object `o` in FILE is true.
json ()
{
    /usr/bin/python3 -c 'import json, sys
o = json.load(open(sys.argv[1]))
sys.exit(0 if eval("(" + sys.argv[2] + ")") else 1)' "$@"
}

# All that the directory holds, also what is not seen from outside.
snapshot ()
{
    (cd "$sandbox" && slapcat -n1 -F conf 2>/dev/null)
}

entries () # DN: all that stands there and below, for the root DN
{
    ldapsearch -Q -LLL -Y EXTERNAL -o ldif-wrap=no -H "$BWDIR_LDAPI" \
        -b "$1" '*' +
}

# True when a line of the entries below DN matches.
holds () # DN PATTERN
{
    entries "$1" | grep -q -e "$2"
}

lacks ()
{
    entries "$1" >"$work/entries" && ! grep -q -e "$2" "$work/entries"
}

# root_modify: LDIF on standard input, as the root DN, server's own attributes
# too.
root_modify ()
{
    ldapmodify -Q -Y EXTERNAL -H "$BWDIR_LDAPI" -e '!relax' >/dev/null
}

# set_time DN ATTRIBUTE WHEN: as if the server had written that moment, in the
# words of date(1).
set_time ()
{
    root_modify <<END
dn: $1
changetype: modify
replace: $2
$2: $(date -u -d "$3" +%Y%m%d%H%M%SZ)
END
}

# Mails for an address, newest last.
mails_to ()
{
    grep -lE "^To: (.*<)?$1>?\$" "$BWDIR_MAILDIR"/new/* 2>/dev/null |
        xargs -r ls -tr
}

# The code in the newest mail for an address.
code_for ()
{
    grep -ohE '^    Code: +([A-Z0-9]{5}-){3}[A-Z0-9]{5}$' \
        "$(mails_to "$1" | tail -n 1)" | grep -oE '[^ ]+$'
}

# The DN of the sign-up credential below a user.
credential ()
{
    ldapsearch -Q -LLL -Y EXTERNAL -o ldif-wrap=no -H "$BWDIR_LDAPI" \
        -b "uid=$1,$people" '(objectClass=bwVerification)' 1.1 |
        sed -n 's/^dn: //p'
}

# add_user NAME PHONE [OPTION...]: an unverified user, and a mail.
add_user ()
{
    local name=$1 phone=$2
    shift 2
    bwdir-add --no-prompt --first Test --last User --mail "$name@example.com" \
        --phone "$phone" --level basic --access dashboard --account 5500001 \
        "$@" "$name" >/dev/null
}

# verify NAME CODE PHONE [PASSWORD [AGAIN]]: bwdir-verify with these answers.
verify ()
{
    local name=$1
    shift
    printf '%s\n' "$@" | bwdir-verify --no-prompt "$name"
}

# The password of a user as the directory sees it.
password_is ()
{
    printf '%s' "$2" >"$work/password"
    ldapwhoami -x -H "$BWDIR_LDAPI" -D "uid=$1,$people" -y "$work/password" \
        >/dev/null 2>&1
}

state_of ()
{
    ldapsearch -Q -LLL -Y EXTERNAL -H "$BWDIR_LDAPI" -b "uid=$1,$people" \
        -s base bwVerificationState | sed -n 's/^bwVerificationState: //p'
}

# as WHO COMMAND [ARGUMENT...]: a tool run by the root DN, by a user of the
# sandbox, or by "nobody", who has a password but no entry.
as ()
{
    local who=$1 command=$2
    shift 2
    case $who in
    root) "$command" "$@" ;;
    *)
        [ "$who" != nobody ] || printf 'Marker-nobody' >"$work/nobody"
        "$command" -x -D "uid=$who,$people" -y "$(secret_of "$who")" "$@" ;;
    esac
}

secret_of ()
{
    if [ "$1" = nobody ]; then
        echo "$work/nobody"
    else
        echo "$sandbox/secrets/$1"
    fi
}

# Who may try: the root DN, an admin of account 5500001, one of another
# account only, a user of 5500001, nobody.
actors='alice bob dana nobody root'

# What a tool says to the last but one of them.
stranger='user name "nobody": not let in: the password is wrong or has expired'

# grid WHAT COMMAND [ARGUMENT...] <<ROWS: the same command by every actor.  A
# row is WHO STATUS TEXT; the text is a part of what is said, on standard error
# after a failure, else on standard output, where there may be none to compare.
# A failure leaves the directory as it was.  After a success the test's function
# "proof" looks whether the directory holds what was asked for, and "restore"
# puts it right again; where there is no proof a success changes nothing either.
grid ()
{
    local what=$1 who wanted text seen=
    shift
    while read -r who wanted text; do
        seen+="$who "
        snapshot >"$work/before"
        expect "$wanted" "$what, by $who" as "$who" "$@" </dev/null
        if [ "$wanted" -ne 0 ]; then
            says "${text:?the row of $who has none}"
        elif [ -n "$text" ]; then
            check "it says: $text" grep -qF -e "$text" "$work/out"
        fi
        if [ "$wanted" -eq 0 ] && [ "$(type -t proof)" = function ]; then
            proof "$who"
            [ "$(type -t restore)" != function ] || restore
        else
            check "$what, by $who: the directory is as before" \
                cmp -s "$work/before" <(snapshot)
        fi
    done
    check "$what: everybody has tried" \
        [ "$(xargs -n 1 <<<"$seen" | sort | xargs)" = "$actors" ]
}

# Runs the commands that a man page shows after "$ ", each of which succeeds.
run_examples () # PAGE
{
    local line command='' count=0
    while IFS= read -r line; do
        line=${line//\\e/\\}
        case $line in
        '.Ed') command='' && continue ;;
        '$ '*) command=${line#\$ } ;;
        *) [ -n "$command" ] && command+=$'\n'$line || continue ;;
        esac
        case $line in
        *\\ | *'|') continue ;;
        esac
        expect 0 "${1##*/} shows: $command" bash -c "$command"
        command=
        count=$((count + 1))
    done <"$1"
    check "${1##*/} has examples" [ "$count" -gt 0 ]
}

# relay FAULT...: a way to slapd that is spoilt, at $relay_uri;
# tests/ldapi-relay.py knows how.
relay ()
{
    local slapd=${BWDIR_LDAPI#ldapi://} socket tries
    slapd=${slapd%/}
    socket=$work/relay${#children[@]}
    "$top_srcdir/tests/ldapi-relay.py" "$socket" "${slapd//%2F//}" "$@" &
    children+=("$!")
    for ((tries = 0; tries < 500; tries++)); do
        [ ! -e "$socket" ] || break
        sleep 0.02
    done
    relay_uri=ldapi://${socket//\//%2F}
}

# ---- owed mail ----

mark_of () # NAME ATTRIBUTE
{
    entries "uid=$1,$people" | sed -n "s/^$2: //p"
}

# lock_for_good NAME: as an administrator does with another tool
# (slapo-ppolicy(5)).
lock_for_good ()
{
    root_modify <<END
dn: uid=$1,$people
changetype: modify
replace: pwdAccountLockedTime
pwdAccountLockedTime: 000001010000Z
END
}

# owe_notice NAME KIND [ABOUT]
owe_notice ()
{
    local id
    id=$(date -u +%Y%m%d%H%M%SZ).$(od -An -N8 -tx1 /dev/urandom | tr -d ' ')
    root_modify <<END
dn: uid=$1,$people
changetype: modify
add: bwMailOwed
bwMailOwed: $2 $id${3:+ $3}
END
}

# As if the time that a claim or a failed try makes a user wait had passed.
wait_over () # NAME
{
    set_time "uid=$1,$people" bwMailNotBefore '-1 second'
}

# As if the code had been issued a minute ago.
code_ages () # NAME
{
    local dn
    dn=$(credential "$1")
    [ -z "$dn" ] || set_time "$dn" createTimestamp '-1 minute'
}

# What counts the mails of a day is not to see it end (UTC): with a minute left,
# which is longer than a test of them takes, the next one is waited for.
one_day ()
{
    local left=$((86400 - EPOCHSECONDS % 86400))
    [ $left -gt 60 ] || sleep $left
}

# As if a new day had begun: no address has had a mail yet.
new_day ()
{
    ldapsearch -Q -LLL -Y EXTERNAL -o ldif-wrap=no -H "$BWDIR_LDAPI" \
        -b "$people" '(bwMailSent=*)' 1.1 | sed -n 's/^dn: //p' |
        while read -r dn; do
            printf 'dn: %s\nchangetype: modify\ndelete: bwMailSent\n\n' "$dn"
        done | root_modify
}
