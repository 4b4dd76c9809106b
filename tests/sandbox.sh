#!/bin/bash
# contrib/sandbox: quick, private, repeatable, and gone when it is stopped.
# contrib/check runs this, as every test with servers, as an ordinary user too.
#
# SPDX-License-Identifier: BSD-2-Clause
set -u
export LC_ALL=C
source=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd) || exit 1
export BWDIR_BUILDDIR=${BWDIR_BUILDDIR:-${top_builddir:-$PWD}}
top=$(mktemp -d /tmp/bw.XXXXXX) || exit 1
# A name that has to be quoted everywhere.
box="$top/it's \$HOME & co"
trap clean_up EXIT
failures=0

sandbox() {
    "$source/contrib/sandbox" "$@"
}

# shellcheck disable=SC2317 # called by the trap
clean_up() {
    local made
    for made in "$box" "$top/x"; do
        sandbox stop "$made" >/dev/null 2>&1
    done
    rm -rf "$top"
}

note() { # RC DESCRIPTION
    if [ "$1" -eq 0 ]; then
        echo "ok - $2"
    else
        echo "not ok - $2"
        failures=$((failures + 1))
    fi
}

refuses() { # CODE DESCRIPTION ARGUMENTS...
    local code=$1 what=$2
    shift 2
    sandbox "$@" >"$top/out" 2>"$top/err"
    [ $? -eq "$code" ] && [ -s "$top/err" ]
    note $? "$what: $(cat "$top/err")"
}

# ---- start ------------------------------------------------------------------

sandbox status "$box" >/dev/null
[ $? -eq 3 ]
note $? "status before it is made: 3"

# Two seconds where the machine has nothing else to do; here others run beside
# it.  Descriptor 7 is one that must not be kept: the pipe would not end with
# start.
TIMEFORMAT='%U %S %R'
{ time out=$(sandbox start "$box" 2>&1 7>&1); } 2>"$top/time"
note $? "start: $out"
awk '{ exit !($1 + $2 < 2 && $3 < 10) }' "$top/time"
note $? "in two seconds of the processor, ten of the clock: $(cat "$top/time")"
out=$(sandbox start "$box") && [ -z "${out##*already running*}" ]
note $? "a second start: $out"
sandbox status "$box"
note $? "status while it runs: 0"
refuses 64 "a second start with other options" start "$box" --hash ssha

# ---- what is in it ----------------------------------------------------------

[ "$(stat -c %a "$box")" = 700 ]
note $? "nobody else gets into it"
for name in admin alice bob dana robot bothy olga wanda rolf dieter newt carl \
    gina bwdird outbox; do
    file=$box/secrets/$name
    [ "$(stat -c %a "$file")" = 600 ] && [ -s "$file" ] &&
        [ "$(tail -c 1 "$file" | od -An -c)" != '  \n' ]
    note $? "secrets/$name: mode 0600, no newline at the end"
done
[ ! -e "$box/secrets/decoy" ]
note $? "nobody knows the decoy's password"
for service in bw-dashboard bw-api other; do
    [ "$(cut -d' ' -f1 "$box/pam/$service" | tr '\n' ' ')" = \
        "auth account password session " ]
    note $? "pam/$service"
done
for part in new cur tmp; do
    [ -d "$box/mail/$part" ] || note 1 "mail/$part"
done

(
    set -e
    path=$PATH
    # shellcheck disable=SC1091 # made by the sandbox
    . "$box/env"
    for name in BWDIR_CONF BWDIR_PAM_CONFDIR BWDIR_MAILDIR BWDIR_CACERT \
        BWDIR_ADMIN_PWFILE; do
        test -r "${!name}"
    done
    test -S "$BWDIR_SOCKET"
    test "$PATH" = "$BWDIR_BUILDDIR/tools:$path"
    test "$(ldapwhoami -Q -Y EXTERNAL -H "$BWDIR_LDAPI")" = \
        "dn:$BWDIR_ADMIN_DN"
    test "$BWDIR_BASE" = dc=example,dc=com
    test "$(LDAPTLS_CACERT=$BWDIR_CACERT LDAPTLS_REQCERT=demand \
        ldapwhoami -x -H "$BWDIR_LDAPS" -D "$BWDIR_ADMIN_DN" \
        -y "$BWDIR_ADMIN_PWFILE")" = "dn:$BWDIR_ADMIN_DN"
    openssl x509 -in "$box/tls/server.pem" -noout -text >"$top/text"
    grep -q 'Public-Key: (2048 bit)' "$top/text"
    grep -q 'DNS:localhost' "$top/text"
    for days in 364:0 366:1; do
        code=0
        openssl x509 -in "$box/tls/server.pem" -noout \
            -checkend $((${days%:*} * 86400)) >/dev/null || code=$?
        test $code -eq "${days#*:}"
    done
)
note $? "env: every name; both addresses answer; certificate of a year, RSA-2048"

for daemon in slapd bwdird; do
    for fd in "/proc/$(cat "$box/$daemon.pid")"/fd/*; do
        [ "$(readlink "$fd")" != "$(readlink /proc/$$/fd/1)" ] ||
            [ /dev/null -ef /dev/stdout ] || note 1 "$daemon keeps $fd"
    done
done

# ---- stop -------------------------------------------------------------------

pids="$(cat "$box/slapd.pid") $(cat "$box/bwdird.pid")"
sandbox stop "$box"
note $? stop
for pid in $pids; do
    cat /proc/[0-9]*/stat 2>/dev/null |
        awk -v group="$pid" '$5 == group && $3 != "Z" { exit 1 }'
    note $? "nothing of process group $pid runs"
done
[ ! -e "$box/slapd.pid" ] && [ ! -e "$box/ldapi" ] &&
    [ ! -e "$box/bwdird.sock" ]
note $? "no socket and no process id is left"
sandbox status "$box" >/dev/null
[ $? -eq 3 ]
note $? "status when stopped: 3"
sandbox stop "$box"
note $? "a second stop"
sandbox start "$box" >"$top/out"
note $? "start with the data it had: $(cat "$top/out")"
kill -STOP "$(cat "$box/slapd.pid")"
sandbox stop "$box" --remove
note $? "stop of a server that hangs"
[ ! -e "$box" ]
note $? "--remove leaves nothing"

# ---- refusals and options ---------------------------------------------------

mkdir "$top/foreign"
touch "$top/foreign/file"
refuses 73 "somebody's directory" start "$top/foreign"
refuses 65 "somebody's directory" stop "$top/foreign"
refuses 65 "too long a name" start "$top/$(printf %090d 0)"
[ ! -e "$top/$(printf %090d 0)" ]
note $? "it makes nothing then"
refuses 73 "no parent" start "$top/no/such"
refuses 64 "an unknown hash" start "$top/x" --hash md5
refuses 64 "users that are no number" start "$top/x" --users many
refuses 64 "an unknown verb" begin "$top/x"
refuses 64 "no directory" start

sandbox start "$top/x" --users 10000 --hash ssha --key ecdsa
note $? "ten thousand users, {SSHA}, ecdsa"
(
    set -e
    # shellcheck disable=SC1091 # made by the sandbox
    . "$top/x/env"
    test "$(LDAPTLS_CACERT=$BWDIR_CACERT ldapwhoami -x -H "$BWDIR_LDAPS" \
        -D "uid=u0010000,ou=people,$BWDIR_BASE" -y "$top/x/secrets/users")" = \
        "dn:uid=u0010000,ou=people,$BWDIR_BASE"
    ldapwhoami -x -H "$BWDIR_LDAPI" -D "uid=dana,ou=people,$BWDIR_BASE" \
        -y "$top/x/secrets/dana" >/dev/null
    ldapsearch -LLL -o ldif-wrap=no -Q -Y EXTERNAL -H "$BWDIR_LDAPI" -b "$BWDIR_BASE" \
        '(uid=u0010000)' userPassword | sed -n 's/^userPassword:: //p' |
        base64 -d | grep -q '^{SSHA}'
    openssl x509 -in "$top/x/tls/server.pem" -noout -text | grep -q prime256v1
)
note $? "the last of them, and dana, sign in"
sandbox stop "$top/x" --remove
note $? "stopped and removed"

echo "$failures failed"
[ "$failures" -eq 0 ]
