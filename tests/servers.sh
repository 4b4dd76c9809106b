#!/bin/bash
# A directory of several servers: the first is dead, hung, without TLS, with a
# strange certificate, or read-only.  Every question is answered in time by
# the other; what was dead is left alone for a while, and found at once when
# nothing else is left.  (Rows 30, 31, 33, 35, 58 and 125 of the catalogue.)
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/sandbox.bash" || exit 99
. "$(dirname "$0")/daemon.bash" || exit 99
. "$(dirname "$0")/servers.bash" || exit 99

log=$work/log
first=$BWDIR_LDAPI
first_pid=$(cat "$sandbox/slapd.pid")
second=$(uri_of second)
second_pid=
# What one of two servers may take of a sign-in at a dashboard service.
share=1475

# own USER [OPTION...]: as sign_in, of the test's daemon.
own ()
{
    BWDIR_SOCKET=$work/own.sock sign_in "$@"
}

own_dana ()
{
    answers "0 -1 $facts" own dana
}

# In less than the share of a server that hangs.
at_once ()
{
    within $((share - 100 - slack)) "$@"
}

# within MS COMMAND...: true, and no later than that.
within ()
{
    local most=$1 began ended
    shift
    began=${EPOCHREALTIME/./}
    "$@" || return 1
    ended=${EPOCHREALTIME/./}
    [ $(((ended - began) / 1000)) -le $((most + slack)) ] ||
        { echo "    $(((ended - began) / 1000)) ms, at most $most wanted"
          false; }
}

troubles ()
{
    grep -c 'notice=directory-unavailable' "$log"
}

# with_daemon [NAME=VALUE...] URI...: in place of the one before.
with_daemon ()
{
    if [ -n "${daemon-}" ]; then
        kill "$daemon"
        wait "$daemon"
    fi
    on_servers "log='$log'" "$@"
    start_daemon "$work/conf" "$work/own.sock" && await knows_directory
}
knows_directory ()
{
    own_dana >/dev/null || grep -q directory-unavailable "$log"
}

expect 0 "a user with a code" add_user ida 9195550123
check "a second server" copy_server second
check "it answers" run_server second

# ---- the first does not serve from the start ---------------------------------

# spoilt WHAT WORDS URI: the URI's server cannot be used.
spoilt ()
{
    : >"$log"
    check "first server $1 (row 31): the daemon starts" \
        with_daemon workers=1 "$3" "$second"
    check "answered within 3 s" within 3000 own_dana
    check "and the next one at once" at_once own_dana
    check "the server is named once" [ "$(troubles)" -eq 1 ]
    check "with the reason" grep -q "detail=\"$3: .*$2" "$log"
}

# A server that does what stands in $work/fault.
printf %s "tls silent" >"$work/fault"
openssl req -x509 -nodes -newkey rsa:2048 -subj /CN=localhost -days 1 \
    -addext subjectAltName=IP:127.0.0.1 -keyout "$work/strange.key" \
    -out "$work/strange.pem" 2>/dev/null
PYTHONDONTWRITEBYTECODE=1 python3 "$top_srcdir/tests/hostile_ldap.py" "$sandbox/ldapi" \
    "$sandbox/tls/server.pem" "$sandbox/tls/server.key" "$work/fault" \
    "$work/strange.pem" "$work/strange.key" >"$work/port" &
children+=($!)
await test -s "$work/port"
port=$(cat "$work/port")

spoilt "refuses connections" "Connection refused" ldaps://127.0.0.1:1
spoilt "accepts and is silent" "no TLS handshake within" \
    "ldaps://127.0.0.1:$port"
printf %s "starttls 2" >"$work/fault"
spoilt "refuses StartTLS" "refuses StartTLS" "ldap://127.0.0.1:$port"
printf %s "tls strange" >"$work/fault"
spoilt "has a strange certificate" "not signed by a trusted CA" \
    "ldaps://127.0.0.1:$port"

# ---- it takes a password and says nothing ------------------------------------

: >"$log"
: >"$work/fault"
check "first server well: the daemon starts" with_daemon workers=1 \
    "ldaps://127.0.0.1:$port" "$second"
check "answered" own_dana
printf %s "bind silent" >"$work/fault"
check "first server has a wrong password and says nothing: unavailable" \
    unavailable_within 1000 ask -a "$work/own.sock" authenticate robot \
    password="$secrets/dana"
check "the second has not been asked, lest it counts twice" [ -z "$(
    ldapsearch -Q -LLL -Y EXTERNAL -H "$second" -b "uid=robot,$people" \
        -s base pwdFailureTime | grep '^pwdFailureTime')" ]
check "the next sign-in is answered at once, by the second" at_once own_dana
: >"$work/fault"

# ---- it fails in the midst ---------------------------------------------------

: >"$log"
check "both serve: the daemon starts" with_daemon workers=2 "$first" "$second"
check "answered" own_dana
kill -STOP "$first_pid"
check "first server hangs (row 33), the connections are there: answered \
within 3 s" within 3000 own_dana
own_dana # the other worker may have its turn
check "remembered: 10 more in less than 10 shares" \
    within $((10 * share - 1000)) answers "0:10" own dana -n 10
check "each worker has paid once" [ "$(troubles)" -le 2 ]
kill -STOP "$second_pid"
check "both hang: unavailable within 1 s" unavailable_within 1000 own robot -a
check "and within 3 s" unavailable_within 3000 own dana
kill -CONT "$first_pid"
check "the first goes on, not 30 s later: works within 2 s" within 2000 \
    await own_dana
kill -CONT "$second_pid"
end_server "$second_pid"
check "the second is killed: answered, by the first" own_dana
kill -STOP "$first_pid"
check "hung and dead: unavailable within 1 s" unavailable_within 1000 \
    own robot -a
check "the second is started again" run_server second
check "works within 2 s, before the first is back" within 2000 await own_dana
kill -CONT "$first_pid"

# ---- one that does not write -------------------------------------------------

# password_at URI USER FILE: it is the password there.
password_at ()
{
    ldapwhoami -x -H "$1" -D "uid=$2,$people" -y "$3" >/dev/null 2>&1
}

read_only () # TRUE|FALSE
{
    ldapmodify -Q -Y EXTERNAL -H "$first" >/dev/null <<END
dn: olcDatabase={1}mdb,cn=config
changetype: modify
replace: olcReadOnly
olcReadOnly: $1
END
}

# change_at WHAT USER: at the second server, as the first does not write.
change_at ()
{
    local old=$secrets/$2
    : >"$log"
    check "$1: the daemon starts" with_daemon workers=1 "$first" "$second"
    check "$2 changes the password at the next server" grep -q '^0 ' \
        <(ask "$work/own.sock" change "$2" password="$old" new="$work/new")
    check "it is the password there" password_at "$second" "$2" "$work/new"
    check "nothing was done at the first" password_at "$first" "$2" "$old"
    check "which is not taken for dead" [ "$(troubles)" -eq 0 ]
    check "a wrong old password goes to one server only" grep -q '^11 ' \
        <(ask "$work/own.sock" change gina password="$old" new="$work/new")
    check "and counts once" [ "$(for uri in "$first" "$second"; do
        ldapsearch -Q -LLL -Y EXTERNAL -H "$uri" -b "uid=gina,$people" \
            -s base pwdFailureTime
    done | grep -c '^pwdFailureTime')" -eq "$((guesses += 1))" ]
}

guesses=0
printf 'a new and better one' >"$work/new"
read_only TRUE
change_at "first server read-only (row 125)" carl
printf '9195550110' >"$work/phone"
check "a sign-up code is redeemed at the next server" grep -q '^0 ' \
    <(ask "$work/own.sock" redeem newt code="$secrets/newt" \
        phone="$work/phone" new="$work/new")
check "the user is verified there" password_at "$second" newt "$work/new"
cp "$work/conf" "$work/tools.conf"
BWDIR_CONF=$work/tools.conf
expect 0 "bwdir-add writes to the next server" add_user ivo 9195550124
check "where the entry stands" grep -q '^dn: uid=ivo' \
    <(ldapsearch -Q -LLL -Y EXTERNAL -H "$second" -b "uid=ivo,$people" -s base)
expect 0 "bwdir-verify likewise" verify ida \
    "$(code_for ida@example.com)" 9195550123 "$(cat "$work/new")" \
    "$(cat "$work/new")"
check "ida is verified there" password_at "$second" ida "$work/new"
read_only FALSE

# A consumer refers to its provider, and is not followed.
ldapmodify -Q -Y EXTERNAL -H "$first" >/dev/null <<END
dn: olcDatabase={1}mdb,cn=config
changetype: modify
add: olcSyncrepl
olcSyncrepl: rid=001 provider="ldap://127.0.0.1:1" searchbase="$BWDIR_BASE"
  type=refreshAndPersist retry="60 +" bindmethod=simple
-
add: olcUpdateRef
olcUpdateRef: ldap://127.0.0.1:1
END
change_at "first server a consumer with a referral (row 29)" wanda

# ---- none --------------------------------------------------------------------

sed -i "s|^uri = .*|uri = { 'ldapi://%2Fnone', 'ldaps://127.0.0.1:1' }|" \
    "$work/tools.conf"
expect 69 "a tool without any server" add_user inge 9195550125
says "ldapi://%2Fnone: cannot connect"
says "ldaps://127.0.0.1:1: cannot connect"
finish
