#!/bin/bash
# bwdir-check(8): a fresh sandbox is well; each of many breakages is told by
# exactly its lines, with a remedy; the doctor itself changes nothing.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/sandbox.bash" || exit 99

conf=$BWDIR_CONF
mkdir "$work/pam" "$work/tls"
cp "$BWDIR_PAM_CONFDIR"/* "$work/pam"
export BWDIR_PAM_CONFDIR=$work/pam

# The lines of the object in a file that are not OK, "GRADE AREA NAME", each
# once; "no remedy" for one that has none.
complaints ()
{
    python3 -c '
import json, sys
lines = set()
for check in json.load(open(sys.argv[1]))["checks"]:
    if check["grade"] != "OK":
        lines.add(" ".join(check[key] for key in ("grade", "area", "name")))
        if not check["remedy"]:
            lines.add("no remedy")
for line in sorted(lines):
    print(line)' "$1"
}

# judged STATUS LINES: what the last run says, and its exit status.
judged ()
{
    check "exit status $1" [ "$status" -eq "$1" ]
    complaints "$work/out" >"$work/lines"
    check "exactly its lines, each with a remedy" \
        cmp -s "$work/lines" <(printf '%s\n' "$2" | grep .)
    cmp -s "$work/lines" <(printf '%s\n' "$2" | grep .) ||
        diff <(printf '%s\n' "$2") "$work/lines" | sed 's/^/    /'
}

# broken WHAT TEXT LINES [ARGUMENT...]: the doctor finds it, one of the lines
# says TEXT, and the directory is as before.
broken ()
{
    local what=$1 text=$2 lines=$3 wanted=1
    shift 3
    case $lines in *FAIL*) wanted=2 ;; esac
    snapshot >"$work/before"
    run bwdir-check --json "$@"
    echo "# $what"
    judged "$wanted" "$lines"
    check "it says: $text" grep -qF -e "$text" "$work/out"
    check "the directory is as before" cmp -s "$work/before" <(snapshot)
}

# with_conf EXPRESSION...: prints the name of a changed bwdir.conf.
with_conf ()
{
    sed "$@" "$conf" >"$work/bwdir.conf"
    echo "$work/bwdir.conf"
}

# ---- what hangs: begun now, looked at in the end ---------------------------

python3 - "$home" <<'END' &
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
broken "an open folder of secrets" "others can put another file" \
    'FAIL files secrets'
chmod 700 "$sandbox/secrets"
chmod 644 "$sandbox/secrets/outbox"
broken "a secret that others may read" "chmod 0400" 'FAIL directory outbox
FAIL files secrets
WARN identities outbox'
chmod 600 "$sandbox/secrets/outbox"
chmod 666 "$BWDIR_CACERT"
broken "a CA file that others may write" "chmod go-w" \
    'FAIL files tls-ca-file'
chmod 600 "$BWDIR_CACERT"
chmod 644 "$sandbox/log"
broken "a log for everybody" "it tells who signs in" 'WARN files log'
chmod 600 "$sandbox/log"
chmod 755 "$BWDIR_MAILDIR"
broken "mails for everybody" "chmod 0700" 'FAIL files maildir'
chmod 700 "$BWDIR_MAILDIR"
file=$(with_conf "s|^bwdird {|&\n    passwd-file = '$work/none'|")
broken "no passwd file" "bwdird.passwd-file" 'FAIL files passwd-file' \
    --config "$file"
cp -r "$top_srcdir/tools/mail/templates" "$work/templates"
echo '{{phone}}' >>"$work/templates/sign-up.txt"
file=$(with_conf "s|template-dir = .*|template-dir = '$work/templates'|")
broken "a mail text with a placeholder that is none" "{{phone}}" \
    'FAIL mail texts' --config "$file"

# ---- identities ------------------------------------------------------------

printf 'wrong' >"$work/secret"
file=$(with_conf "s|'$sandbox/secrets/bwdird'|'$work/secret'|")
broken "the daemon's secret is another" "bwdird.secret-file" \
    'FAIL directory bwdird
WARN identities bwdird' --config "$file"

operators=cn=operators,ou=services,$BWDIR_BASE
bwdird=cn=bwdird,ou=services,$BWDIR_BASE
outbox=cn=outbox,ou=services,$BWDIR_BASE

# change DN OPERATION ATTRIBUTE [VALUE]: by the root DN, with Relax.
change ()
{
    { printf 'dn: %s\nchangetype: modify\n%s: %s\n' "$1" "$2" "$3"
      [ $# -lt 4 ] || printf '%s: %s\n' "$3" "$4"; } | root_modify
}

change "$operators" add member "$bwdird"
broken "the daemon is an operator" "it reads" 'FAIL identities bwdird'
change "$operators" delete member "$bwdird"
change "$operators" add member "$outbox"
broken "the outbox is an operator" "it may write" 'FAIL identities outbox'
change "$operators" delete member "$outbox"
change "$outbox" delete pwdPolicySubentry
broken "an identity without its policy" "five wrong passwords" \
    'FAIL identities policy'
change "$outbox" add pwdPolicySubentry "cn=service,ou=access,$BWDIR_BASE"

# ---- the server's configuration --------------------------------------------

database='olcDatabase={1}mdb,cn=config'

# set_up: LDIF on standard input, into cn=config.
set_up ()
{
    ldapmodify -Q -Y EXTERNAL -H "$BWDIR_LDAPI" >/dev/null
}

# option DN ATTRIBUTE VALUE WHAT TEXT LINES: broken while it has that value.
option ()
{
    local was
    was=$(ldapsearch -Q -LLL -Y EXTERNAL -o ldif-wrap=no -H "$BWDIR_LDAPI" \
        -b "$1" -s base "$2" | grep "^$2: ")
    printf 'dn: %s\nchangetype: modify\nreplace: %s\n%s\n' "$1" "$2" \
        "${3:+$2: $3}" | set_up
    broken "$4" "$5" "$6"
    printf 'dn: %s\nchangetype: modify\nreplace: %s\n%s\n' "$1" "$2" \
        "$was" | set_up
}

overlay="olcOverlay={0}ppolicy,$database"
option "$overlay" olcPPolicyUseLockout TRUE "ppolicy_use_lockout" \
    olcPPolicyUseLockout 'FAIL server overlays'
option "olcOverlay={1}unique,$database" olcUniqueURI \
    "ldap:///ou=people,$BWDIR_BASE?uid?one" "unique without serialize" \
    olcUniqueURI 'FAIL server overlays'
option "$database" olcRestrict '' "renaming is not restricted" olcRestrict \
    'FAIL server database'
option "$database" olcRequires '' "anonymous may ask" olcRequires \
    'FAIL server database'
printf 'dn: %s\nchangetype: modify\nadd: olcAccess\nolcAccess: %s\n' \
    "$database" "{0}to dn.one=\"ou=people,$BWDIR_BASE\" \
attrs=bwAdministrationLevel by dn.exact=\"$bwdird\" write by * break" | set_up
broken "a rule more, for the daemon" "may write bwAdministrationLevel" \
    'FAIL identities bwdird
FAIL server rules'
printf 'dn: %s\nchangetype: modify\ndelete: olcAccess\nolcAccess: {0}\n' \
    "$database" | set_up
sed -i 's/m=19456/m=65536/' "$BWDIR_SCHEMADIR/modules.ldif"
broken "argon2 with other numbers" m=65536 'FAIL server modules'
sed -i 's/m=65536/m=19456/' "$BWDIR_SCHEMADIR/modules.ldif"
sed -i "s/work phone as ten/a phone of ten/" "$BWDIR_SCHEMADIR/bwdir.ldif"
broken "another version of the schema" bwWorkPhone \
    'WARN server schema'
cp "$top_builddir/schema/bwdir.ldif" "$BWDIR_SCHEMADIR"

# ---- policies --------------------------------------------------------------

reset=cn=reset,ou=access,$BWDIR_BASE
entries "$reset" | grep -E '^(dn|objectClass|cn|description|pwd)' |
    grep -v '^pwdPolicySubentry' >"$work/reset"
ldapdelete -Q -Y EXTERNAL -H "$BWDIR_LDAPI" "$reset"
broken "a policy record is missing" "no such policy record" \
    'FAIL policies records'
ldapadd -Q -Y EXTERNAL -H "$BWDIR_LDAPI" <"$work/reset" >/dev/null
change "$reset" add pwdMinDelay 1
broken "pwdMinDelay" "crashes" 'FAIL policies pwdMinDelay'
change "$reset" delete pwdMinDelay
change "cn=api,ou=access,$BWDIR_BASE" add pwdMaxAge 7776000
broken "passwords of programs age" "programs would stop on that day" \
    'FAIL policies records'
change "cn=api,ou=access,$BWDIR_BASE" delete pwdMaxAge

# ---- users and clock -------------------------------------------------------

dana=uid=dana,$people gina=uid=gina,$people
change "$dana" replace bwWorkPhone 919-555-0103
broken "a malformed phone" "ten digits wanted" 'FAIL users entries'
change "$dana" replace bwWorkPhone 9195550103
change "$dana" replace pwdPolicySubentry "cn=gone,ou=access,$BWDIR_BASE"
broken "a dangling policy" "refused everywhere" 'FAIL users entries'
change "$dana" replace pwdPolicySubentry "cn=dashboard,ou=access,$BWDIR_BASE"
change "$dana" add mail other@example.com
broken "two mails" "$dana" 'FAIL users entries'
change "$dana" replace mail dana@example.com
for salt in c2Fs c2Ft; do
    change "uid=newt,$people" add userPassword \
        "{ARGON2}\$argon2id\$v=19\$m=8,t=1,p=1\$$salt\$aGFz"
done
second=$EPOCHSECONDS
broken "two passwords" "two passwords in one entry" 'FAIL users passwords'
while [ "$EPOCHSECONDS" -eq "$second" ]; do # slapd's history has no two in one
    sleep 0.05
done
change "uid=newt,$people" delete userPassword
ldapadd -Q -Y EXTERNAL -H "$BWDIR_LDAPI" >/dev/null <<END
dn: cn=verification-aaaaa,uid=newt,$people
objectClass: bwVerification
cn: verification-aaaaa
mail: newt@example.com
bwWorkPhone: 9195550110
bwSetsPassword: TRUE
userPassword: {ARGON2}\$argon2id\$v=19\$m=8,t=1,p=1\$c2Fs\$aGFz
END
broken "two sign-up credentials" "uid=newt,$people" 'FAIL users credentials'
ldapdelete -Q -Y EXTERNAL -H "$BWDIR_LDAPI" \
    "cn=verification-aaaaa,uid=newt,$people"
stamp=$(date -u -d '+1 hour' +%Y%m%d%H%M%SZ)
stood=$(entries "$gina" | sed -n 's/^pwdChangedTime: //p')
change "$gina" replace pwdChangedTime "$stamp"
broken "a password of the next hour" "ahead of our clock" 'FAIL clock stamps'
change "$gina" replace pwdChangedTime "$stood"

# ---- servers and TLS -------------------------------------------------------

file=$(with_conf "s|^uri = { \(.*\) }|uri = { \1, 'ldaps://127.0.0.1:1' }|")
broken "one server of two is dead" "127.0.0.1:1" 'WARN directory servers
WARN tls chain' --config "$file"
file=$(with_conf "s|^uri = .*|uri = { 'ldapi://%2Fnone%2Fldapi/' }|")
broken "no server answers" "not looked at: no server" 'FAIL directory servers
WARN clock server
WARN clock stamps
WARN directory bwdird
WARN directory outbox
WARN directory tools
WARN identities anonymous
WARN identities bwdird
WARN identities outbox
WARN identities policy
WARN policies pwdMinDelay
WARN policies records
WARN server database
WARN server entries
WARN server modules
WARN server overlays
WARN server rules
WARN server schema
WARN users credentials
WARN users entries
WARN users passwords' --config "$file"

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
broken "ten days left" "renew the certificate" 'WARN tls expiry' \
    --config "$work/tls.conf"
certificate -1 IP:127.0.0.1
broken "an expired certificate" "expired on" 'FAIL tls expiry
WARN directory servers' --config "$work/tls.conf"
certificate 30 IP:127.0.0.2
broken "a certificate for another host" "is not for 127.0.0.1" 'FAIL tls host
WARN directory servers' --config "$work/tls.conf"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 \
    -subj /CN=stranger -keyout "$work/tls/key" -out "$work/tls/ca" 2>/dev/null
certificate 30 IP:127.0.0.1 "$work/tls/ca" "$work/tls/key"
broken "a certificate of a stranger" "tls-ca-file" 'FAIL tls chain
WARN directory servers' --config "$work/tls.conf"
certificate 365 IP:127.0.0.1
run bwdir-check --json --config "$work/tls.conf"
judged 0 ''

# ---- the daemon ------------------------------------------------------------

chmod 666 "$BWDIR_SOCKET"
broken "a socket for everybody" "0660 wanted" 'FAIL daemon socket'
chmod 600 "$BWDIR_SOCKET"
broken "a socket for root alone" "its group cannot ask" 'WARN daemon socket'
chmod 660 "$BWDIR_SOCKET"
file=$(with_conf "s|^    socket = .*|    socket = '$work/none'|")
broken "no daemon" "bwdird.socket" 'FAIL daemon answer
FAIL daemon socket
FAIL pam services' --config "$file"

# ---- PAM -------------------------------------------------------------------

module=$top_builddir/pam_bw/module/.libs/pam_bw.so
socket="[socket=$BWDIR_SOCKET]"

# pam_file WHAT TEXT GRADE NAME <<LINES: "OURS" stands for the module.
pam_file ()
{
    local grade=$3
    sed "s|OURS|[$module] $socket|" >"$work/pam/$4"
    broken "$1" "$2" "$grade pam services"
    rm "$work/pam/$4"
}

pam_file "a bad argument" 'argument \"acces=api\"' FAIL web <<'END'
auth    required OURS acces=api
account required OURS
END
pam_file "no account line" "no account line" FAIL web <<'END'
auth    required OURS access=api
account required pam_permit.so
END
pam_file "a module that says yes before" "pam_unix.so in line 2" FAIL web <<'END'
auth    required   OURS
account sufficient pam_unix.so
account required   OURS
END
pam_file "a jump over the line" "is not reached" FAIL web <<'END'
auth    required OURS
account [success=1 default=ignore] pam_unix.so
account required OURS
account required pam_permit.so
END
pam_file "refusals that nobody heeds" "its refusals are ignored" FAIL web <<'END'
auth    required OURS
account sufficient OURS
account required pam_unix.so
END
pam_file "one_phase where there are two" "take one_phase away" WARN sshd <<'END'
auth    required OURS one_phase
account required OURS
END
pam_file "a leading -" "take the leading - away" FAIL web <<'END'
-auth   required OURS
account required OURS
END
pam_file "no module" "No such file" FAIL web <<END
auth    required /none/pam_bw.so $socket
account required OURS
END
pam_file "another socket" "bwdird listens at" FAIL web <<END
auth    required [$module]
account required OURS
END

# What the examples and pam-auth-update make is well.
for file in "$top_srcdir"/contrib/pam.d/*; do
    sed "s|pam_bw.so|[$module] $socket|" "$file" >"$work/pam/${file##*/}"
done
sed "s|pam_bw.so|[$module] $socket|" >"$work/pam/common-account" <<'END'
account [success=1 new_authtok_reqd=done default=ignore] pam_unix.so
account requisite pam_deny.so
account required  pam_permit.so
account [success=1 default=ignore] pam_succeed_if.so quiet uid < 1000
account [success=ok new_authtok_reqd=ok user_unknown=ignore default=bad] pam_bw.so access=dashboard
END
sed "s|pam_bw.so|[$module] $socket|" >"$work/pam/common-auth" <<'END'
auth [success=2 default=ignore] pam_unix.so
auth [success=1 user_unknown=ignore authinfo_unavail=ignore default=die] pam_bw.so access=dashboard
auth requisite pam_deny.so
auth required  pam_permit.so
END
printf '@include common-%s\n' auth account >"$work/pam/chfn"
run bwdir-check --json
judged 0 ''
check "a service by its includes" grep -q 'chfn: pam_bw.so in auth, account' \
    "$work/out"
check "what is included is no service" \
    bash -c '! grep -q "common-auth: " "$1"' - "$work/out"

# ---- who sees less ---------------------------------------------------------

run as alice bwdir-check --json
judged 1 'WARN identities bwdird
WARN identities outbox
WARN identities policy
WARN server database
WARN server entries
WARN server modules
WARN server overlays
WARN server rules
WARN server schema'
run as nobody bwdir-check --json
check "who cannot sign in: 2" [ "$status" -eq 2 ]
check "and nothing of users reads OK" [ "$(complaints "$work/out" |
    grep -cE 'WARN (policies|users) ')" -eq 5 ]

# ---- what hung -------------------------------------------------------------

wait "$hung"
status=$(cat "$work/hung.status")
cp "$work/hung.out" "$work/out"
check "a directory and a daemon that hang: 2" [ "$status" -eq 2 ]
complaints "$work/out" >"$work/lines"
check "the directory is told" grep -qx 'FAIL directory servers' "$work/lines"
check "the daemon is told" grep -qx 'FAIL daemon answer' "$work/lines"
check "the doctor ends by itself" [ "$(cat "$work/hung.ms")" -lt 14000 ]
check "and looks at the rest" grep -q '"area": "pam"' "$work/out"
finish
