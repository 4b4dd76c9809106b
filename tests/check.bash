# The words that the tests of bwdir-check(8) are written in, beside those of
# sandbox.bash, which starts their sandbox.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck source-path=SCRIPTDIR shell=bash
# shellcheck disable=SC2034 # the names are for the tests
sandbox_options=(--hash argon2id) # as bwdir-init has it
. "$(dirname "${BASH_SOURCE[0]}")/sandbox.bash" || exit 99

conf=$BWDIR_CONF
mkdir "$work/pam" "$work/tls"
cp "$BWDIR_PAM_CONFDIR"/* "$work/pam"
export BWDIR_PAM_CONFDIR=$work/pam

# told FILE [TEXT...]: the lines of an object that are not OK, "GRADE AREA
# NAME", each once, "no remedy" for one that has none; or how many lines have
# each text.
told ()
{
    /usr/bin/python3 -c '
import json, sys
wrong = [check for check in json.load(open(sys.argv[1]))["checks"]
         if check["grade"] != "OK"]
lines = {" ".join(check[key] for key in ("grade", "area", "name"))
         for check in wrong}
lines.update("no remedy" for check in wrong if not check["remedy"])
said = [" -> ".join(check[key] for key in ("seen", "remedy"))
        for check in wrong]
for line in sorted(lines) if len(sys.argv) == 2 else []:
    print(line)
for text in sys.argv[2:]:
    print(sum(text in line for line in said))' "$@"
}

# judged STATUS LINES: what the last run says, and its exit status.
judged ()
{
    check "exit status $1" [ "$status" -eq "$1" ]
    told "$work/out" >"$work/lines"
    check "exactly its lines, each with a remedy" \
        cmp -s "$work/lines" <(printf '%s\n' "$2" | grep .)
    cmp -s "$work/lines" <(printf '%s\n' "$2" | grep .) ||
        diff <(printf '%s\n' "$2") "$work/lines" | sed 's/^/    /'
}

# broken WHAT LINES [ARGUMENT...]: the doctor says exactly that, and leaves the
# directory as it was.
broken ()
{
    local what=$1 lines=$2 wanted=1
    shift 2
    case $lines in *FAIL*) wanted=2 ;; esac
    snapshot >"$work/before"
    run bwdir-check --json "$@"
    echo "# $what"
    judged "$wanted" "$lines"
    check "the directory is as before" cmp -s "$work/before" <(snapshot)
}

# broken_mode MODE FILE WHAT LINES TEXT: the same of a file in that mode, and
# one line that tells TEXT; the file's mode is as it was then.
broken_mode ()
{
    local before
    before=$(stat -c %a "$2")
    chmod "$1" "$2"
    broken "$3" "$4"
    tells "$5"
    chmod "$before" "$2"
}

# tells TEXT...: each of these, in a line of its own and in no other.
tells ()
{
    local count
    while read -r count; do
        check "one line says: $1" [ "$count" -eq 1 ]
        shift
    done < <(told "$work/out" "$@")
}

# with_conf EXPRESSION...: prints the name of a changed bwdir.conf.
with_conf ()
{
    sed "$@" "$conf" >"$work/bwdir.conf"
    echo "$work/bwdir.conf"
}

operators=cn=operators,ou=services,$BWDIR_BASE
bwdird=cn=bwdird,ou=services,$BWDIR_BASE
outbox=cn=outbox,ou=services,$BWDIR_BASE

# change DN OPERATION ATTRIBUTE [VALUE]: by the root DN, with Relax.
change ()
{
    { printf 'dn: %s\nchangetype: modify\n%s: %s\n' "$1" "$2" "$3"
      [ $# -lt 4 ] || printf '%s: %s\n' "$3" "$4"; } | root_modify
}

# config DN ATTRIBUTE LINE...: these values of an entry of cn=config.
config ()
{
    local dn=$1 attribute=$2
    shift 2
    { printf 'dn: %s\nchangetype: modify\nreplace: %s\n' "$dn" "$attribute"
      printf "$attribute: %s\n" "$@"; } | grep -v ': $' |
        ldapmodify -Q -Y EXTERNAL -H "$BWDIR_LDAPI" >/dev/null
}

# values DN ATTRIBUTE: into the array "values".
values ()
{
    mapfile -t values < <(ldapsearch -Q -LLL -Y EXTERNAL -o ldif-wrap=no \
        -H "$BWDIR_LDAPI" -b "$1" -s base "$2" | sed -n "s/^$2: //p")
}
