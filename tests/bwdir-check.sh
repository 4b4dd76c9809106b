#!/bin/bash
# bwdir-check(8): a fresh sandbox is well; each of many breakages is told by
# exactly its lines, with a remedy; the doctor itself changes nothing.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/check.bash" || exit 99

# ---- what hangs: begun now, looked at in the end ---------------------------

/usr/bin/python3 - "$home" <<'END' &
import signal, socket, sys
held = []
for name in ("hung-ldapi", "hung-bwdird"):
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(f"{sys.argv[1]}/{name}")
    listener.listen(8)
    held.append(listener)
open(f"{sys.argv[1]}/hangs", "w").close()
signal.pause()
END
children+=($!)
until [ -e "$home/hangs" ]; do
    sleep 0.01
done
sed -e "s|^uri = .*|uri = { 'ldapi://${home//\//%2F}%2Fhung-ldapi/' }|" \
    -e "s|^    socket = .*|    socket = '$home/hung-bwdird'|" \
    "$conf" >"$work/hung.conf"
(
    began=${EPOCHREALTIME/./}
    bwdir-check --json --config "$work/hung.conf" >"$work/hung.out"
    echo "$?" >"$work/hung.status"
    echo $(((${EPOCHREALTIME/./} - began) / 1000)) >"$work/hung.ms"
) &
hung=$!

# ---- well ------------------------------------------------------------------

snapshot >"$work/before"
run bwdir-check
check "a fresh sandbox: 0" [ "$status" -eq 0 ]
check "every line begins with OK" [ "$(sed '$d' "$work/out" |
    grep -cv '^OK  ')" -eq 0 ]
check "no colour in a pipe" bash -c '! grep -q "$(printf "\033")" "$1"' - \
    "$work/out"
[ "$status" -eq 0 ] || sed 's/^/    /' "$work/out"
check "the directory is as before" cmp -s "$work/before" <(snapshot)
run bwdir-check --json
judged 0 ''
for area in files directory clock server policies identities users mail \
    daemon pam
do
    check "it has looked at: $area" grep -q "\"area\": \"$area\"" "$work/out"
done
printf '! ended\n' | TERM=xterm "$top_srcdir/tests/at-terminal.py" \
    bwdir-check >"$work/out"
check "colours at a terminal" grep -q "$(printf '\033\\[32mOK')" "$work/out"
printf '! ended\n' | NO_COLOR=1 TERM=xterm \
    "$top_srcdir/tests/at-terminal.py" bwdir-check >"$work/out"
check "never with NO_COLOR" bash -c '! grep -q "$(printf "\033")" "$1"' - \
    "$work/out"

# ---- the command line and the configuration --------------------------------

expect 64 "an operand" bwdir-check dana
expect 64 "two passwords" bwdir-check -D cn=x -W -w y
expect 78 "no configuration" bwdir-check --config "$work/none"
chmod 666 "$conf"
expect 78 "a configuration that others may write" bwdir-check
says 'group and others must not write'
chmod 600 "$conf"

run_examples "$top_srcdir/tools/bwdir-check.8"

# ---- files -----------------------------------------------------------------

chmod 777 "$sandbox/secrets"
chmod 666 "$BWDIR_CACERT"
chmod 644 "$sandbox/log"
chmod 755 "$BWDIR_MAILDIR"
cp -r "$top_srcdir/tools/mail/templates" "$work/templates"
echo '{{phone}}' >>"$work/templates/sign-up.txt"
file=$(with_conf -e "s|^bwdird {|&\n    passwd-file = '$work/none'|" \
    -e "s|template-dir = .*|template-dir = '$work/templates'|")
broken "files that others may touch, or that are not there" \
    'FAIL files maildir
FAIL files passwd-file
FAIL files secrets
FAIL files tls-ca-file
FAIL mail texts
WARN files log' --config "$file"
tells "in the place of $sandbox/secrets/outbox" \
    "in the place of $sandbox/secrets/bwdird" "chmod go-w $BWDIR_CACERT" \
    "$work/none" "chmod 0700 $BWDIR_MAILDIR" "{{phone}}" "it tells who signs in"
chmod 700 "$sandbox/secrets" "$BWDIR_MAILDIR"
chmod 600 "$BWDIR_CACERT" "$sandbox/log"

broken_mode 644 "$sandbox/secrets/outbox" "a secret that others may read" \
    'FAIL directory outbox
FAIL files secrets
WARN identities outbox' "chmod 0400 $sandbox/secrets/outbox"

file=$(with_conf "s|'$sandbox/secrets/outbox'|'$work/none'|")
broken "a secret that is not there" 'FAIL directory outbox
FAIL files secrets
WARN identities outbox' --config "$file"
tells "bwdir-init makes it, or mend outbox.secret-file"

file=$(with_conf -e "s|transport = .*|transport = 'sendmail'|" \
    -e "s|maildir = .*|sendmail = '$work/none'|")
broken "a sendmail that is not there" 'FAIL mail texts' --config "$file"
tells "$work/none: No such file or directory -> install it"

# ---- what bwdir-mail.service reaches ----------------------------------------

# mailer UID COMMAND [CONFIGURATION]: the doctor on a host where the user
# bwdir-mail has that uid, after the command; /srv is a place of its own.
mailer ()
{
    # shellcheck disable=SC2016 # for the shell in the namespace
    run unshare -Urm bash -c '
        mount -t tmpfs -o mode=755 none /srv && mkdir -m 700 /srv/mail &&
            mkdir -m 755 /srv/etc && cp "$3" /srv/etc/outbox &&
            cp /etc/passwd /srv/passwd &&
            echo "bwdir-mail:x:$1:$1::/:/bin/false" >>/srv/passwd &&
            mount --bind /srv/passwd /etc/passwd && eval "$2" &&
            unshare -U --map-user="$5" --map-group="$6" \
                bwdir-check --json --config "$4"' - "$1" "$2" \
        "$sandbox/secrets/outbox" "${3-$work/mailer.conf}" "$uid" "$(id -g)"
}
uid=$(id -u)
if [ "$(stat -c %u /)" -eq "$uid" ]; then
    sed -e "s|'$sandbox/secrets/outbox'|'/srv/etc/outbox'|" \
        -e "s|maildir = .*|maildir = '/srv/mail'|" "$conf" >"$work/mailer.conf"
    mailer "$uid" true
    judged 0 ''
    check "it has looked" grep -q 'bwdir-mail reaches what' "$work/out"
    mailer 54321 true
    judged 1 'WARN files bwdir-mail'
    runs='bwdir-mail.service, which runs as bwdir-mail, cannot'
    tells "/srv/etc/outbox: $runs read it -> chown bwdir-mail /srv/etc/outbox" \
        "/srv/mail: $runs write to it -> chown bwdir-mail /srv/mail"
    mailer 54321 'chmod 700 /srv/etc'
    tells "/srv/etc: $runs pass through it -> chmod o+x /srv/etc"
    mailer "$uid" 'mkdir -m 500 /srv/mail/tmp'
    judged 1 'WARN files bwdir-mail'
    tells "/srv/mail/tmp: $runs write to it"
    mailer "$uid" true "$conf"
    judged 1 'WARN files bwdir-mail'
    tells "secrets/outbox: $runs read it -> keep it below /var/lib" \
        "/mail: $runs write to it -> keep it below /var/lib"
else
    echo "left out without root: what bwdir-mail.service reaches"
fi

# ---- identities ------------------------------------------------------------

printf 'wrong' >"$work/secret"
file=$(with_conf "s|'$sandbox/secrets/bwdird'|'$work/secret'|")
broken "the daemon's secret is another" 'FAIL directory bwdird
WARN identities bwdird' --config "$file"
tells "bwdird.secret-file"

change "$operators" add member "$bwdird"
change "$operators" add member "$outbox"
change "$outbox" delete pwdPolicySubentry
broken "programs are operators, one without its policy" \
    'FAIL identities bwdird
FAIL identities outbox
FAIL identities policy'
tells "it reads" "it may write" "$outbox: not under the policy of services"
change "$operators" delete member "$bwdird"
change "$operators" delete member "$outbox"
change "$outbox" add pwdPolicySubentry "cn=service,ou=access,$BWDIR_BASE"

# ---- servers and TLS -------------------------------------------------------

file=$(with_conf "s|^uri = { \(.*\) }|uri = { \1, 'ldaps://127.0.0.1:1' }|")
broken "one server of two is dead" 'WARN directory servers
WARN tls chain' --config "$file"
tells "start the server"
# What nobody can judge who does not see the directory.
unseen='WARN identities anonymous
WARN identities bwdird
WARN identities outbox
WARN identities policy
WARN policies pwdMinDelay
WARN policies records
WARN server additions
WARN server database
WARN server entries
WARN server modules
WARN server olcAuthzRegexp
WARN server olcRootPW
WARN server overlays
WARN server rules
WARN server schema
WARN users admins
WARN users credentials
WARN users entries
WARN users mail
WARN users passwords'
file=$(with_conf "s|^uri = .*|uri = { 'ldapi://%2Fnone%2Fldapi/' }|")
broken "no server answers" "FAIL directory servers
WARN clock server
WARN clock stamps
WARN directory bwdird
WARN directory outbox
WARN directory tools
$unseen" --config "$file"
tells "No such file or directory -> start the server"
run bwdir-check --config "$file"
check "but for people one line tells of all that stands behind it: 2" \
    [ "$status" -eq 2 ]
check "with their number" grep -q '^WARN  25 checks: not looked at: no server of' \
    "$work/out"
check "and no other" [ "$(grep -c '^WARN' "$work/out")" -eq 1 ]
check "the sum counts them all" grep -q ' OK, 25 WARN, 1 FAIL$' "$work/out"
run bwdir-check -v --config "$file"
check "-v has a line for each" \
    [ "$(grep -c '^WARN .*not looked at' "$work/out")" -eq 25 ]

broken "no server answers by TLS either" "FAIL directory servers
WARN clock server
WARN clock stamps
WARN directory bwdird
WARN directory outbox
WARN directory tools
${unseen/WARN users/WARN tls chain$'\n'WARN users}" -H ldaps://127.0.0.1:1
run bwdir-check -H ldaps://127.0.0.1:1
check "which is one line as well" \
    grep -q '^WARN  26 checks: not looked at: no server of' "$work/out"
check "and no other" [ "$(grep -c '^WARN' "$work/out")" -eq 1 ]

run bwdir-check --schema-dir "$work/none"
check "no files to compare with: 1" [ "$status" -eq 1 ]
check "one line tells of them" grep -q "^WARN  server modules: not looked at: \
$work/none/modules.ldif: cannot open: .* -> give the folder of the shipped" \
    "$work/out"
check "one of all others" grep -q '^WARN  6 checks: .* -> mend that first; -v' \
    "$work/out"
check "and there is no other" [ "$(grep -c '^WARN' "$work/out")" -eq 2 ]

broken "the server has another base" "FAIL directory base
WARN clock server
WARN clock stamps
WARN directory bwdird
WARN directory outbox
$unseen" -b dc=example,dc=org
tells "dc=example,dc=org: the server does not have it, but $BWDIR_BASE -> \
base = '$BWDIR_BASE' in bwdir.conf(5), or -b, if that is the directory; else \
bwdir-init -b dc=example,dc=org"

# A host where people sign in and nothing else is done.
file=$(with_conf -e "s|^uri = .*|uri = { '$BWDIR_LDAPS' }|" \
    -e '/^outbox {/,/^}/d')
run bwdir-check --json --config "$file"
check "it ends with 1" [ "$status" -eq 1 ]
told "$work/out" >"$work/lines"
check "the tools have no identity there" \
    grep -qx 'WARN directory tools' "$work/lines"
check "the daemon's is well, as is TLS" \
    bash -c '! grep -E "FAIL|directory bwdird|tls|outbox" "$1"' - "$work/lines"

# A server with certificates of all sorts, beside the sandbox's own.
tls=$(with_conf "s|^uri = { \(.*\) }|uri = { \1, '$BWDIR_LDAPS' }|")
cp "$tls" "$work/tls.conf"
run bwdir-check --json --config "$work/tls.conf"
judged 0 ''
check "TLS is looked at" grep -q '364 days left' "$work/out"

# certificate DAYS SAN [CA KEY]: slapd's own from now on.
certificate ()
{
    local ca=${3:-$sandbox/tls/ca.pem} key=${4:-$sandbox/tls/ca.key}
    local new
    new=$(mktemp "$work/tls/XXXXXX")
    openssl req -new -key "$sandbox/tls/server.key" -subj /CN=server |
        openssl x509 -req -CA "$ca" -CAkey "$key" -days "$1" \
            -set_serial "$RANDOM" -extfile <(echo "subjectAltName=$2") \
            -out "$new" 2>/dev/null
    printf 'dn: cn=config\nchangetype: modify\n%s\n%s %s\n' \
        'replace: olcTLSCertificateFile' 'olcTLSCertificateFile:' "$new" |
        ldapmodify -Q -Y EXTERNAL -H "$BWDIR_LDAPI" >/dev/null
}

certificate 10 IP:127.0.0.1
broken "ten days left" 'WARN tls expiry' --config "$work/tls.conf"
tells "renew the certificate"
certificate -1 IP:127.0.0.1
broken "an expired certificate" 'FAIL tls expiry
WARN directory servers' --config "$work/tls.conf"
tells "expired on"
certificate 30 IP:127.0.0.2
broken "a certificate for another host" 'FAIL tls host
WARN directory servers' --config "$work/tls.conf"
tells "is not for 127.0.0.1"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 \
    -subj /CN=stranger -keyout "$work/tls/key" -out "$work/tls/ca" 2>/dev/null
certificate 30 IP:127.0.0.1 "$work/tls/ca" "$work/tls/key"
broken "a certificate of a stranger" 'FAIL tls chain
WARN directory servers' --config "$work/tls.conf"
tells "let tls-ca-file"
certificate 365 IP:127.0.0.1
run bwdir-check --json --config "$work/tls.conf"
judged 0 ''

# ---- who sees less ---------------------------------------------------------

run as alice bwdir-check --json
judged 1 'WARN identities bwdird
WARN identities outbox
WARN identities policy
WARN server additions
WARN server database
WARN server entries
WARN server modules
WARN server olcAuthzRegexp
WARN server olcRootPW
WARN server overlays
WARN server rules
WARN server schema
WARN users admins'
run as nobody bwdir-check --json
check "who cannot sign in: 2" [ "$status" -eq 2 ]
tells "uid=nobody,$people is not let in: the password is wrong or has expired"
check "and nothing of users reads OK" [ "$(told "$work/out" |
    grep -cE 'WARN (policies|users) ')" -eq 7 ]

# ---- what hung -------------------------------------------------------------

wait "$hung"
status=$(cat "$work/hung.status")
cp "$work/hung.out" "$work/out"
check "a directory and a daemon that hang: 2" [ "$status" -eq 2 ]
told "$work/out" >"$work/lines"
check "the directory is told" grep -qx 'FAIL directory servers' "$work/lines"
check "the daemon is told" grep -qx 'FAIL daemon answer' "$work/lines"
check "the doctor ends by itself" [ "$(cat "$work/hung.ms")" -lt 14000 ]
check "and looks at the rest" grep -q '"area": "pam"' "$work/out"
finish
