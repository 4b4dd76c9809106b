#!/bin/bash
# bwdir-check(8): a fresh sandbox is well; each of many breakages is told by
# exactly its lines, with a remedy; the doctor itself changes nothing.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck source-path=SCRIPTDIR
sandbox_options=(--hash argon2id) # as bwdir-init has it
. "$(dirname "$0")/sandbox.bash" || exit 99

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

chmod 644 "$sandbox/secrets/outbox"
broken "a secret that others may read" 'FAIL directory outbox
FAIL files secrets
WARN identities outbox'
tells "chmod 0400 $sandbox/secrets/outbox"
chmod 600 "$sandbox/secrets/outbox"

file=$(with_conf "s|'$sandbox/secrets/outbox'|'$work/none'|")
broken "a secret that is not there" 'FAIL directory outbox
FAIL files secrets
WARN identities outbox' --config "$file"
tells "bwdir-init makes it, or mend outbox.secret-file"

file=$(with_conf -e "s|transport = .*|transport = 'sendmail'|" \
    -e "s|maildir = .*|sendmail = '$work/none'|")
broken "a sendmail that is not there" 'FAIL mail texts' --config "$file"
tells "$work/none: No such file or directory -> install it"

# ---- identities ------------------------------------------------------------

printf 'wrong' >"$work/secret"
file=$(with_conf "s|'$sandbox/secrets/bwdird'|'$work/secret'|")
broken "the daemon's secret is another" 'FAIL directory bwdird
WARN identities bwdird' --config "$file"
tells "bwdird.secret-file"

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

# ---- the server's configuration --------------------------------------------

database='olcDatabase={1}mdb,cn=config'
ppolicy="olcOverlay={0}ppolicy,$database"
unique="olcOverlay={1}unique,$database"

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

values "$unique" olcUniqueURI
config "$unique" olcUniqueURI "${values[@]/serialize /}"
config "$unique" olcDisabled TRUE
config "$ppolicy" olcPPolicyUseLockout TRUE
config "$database" olcRestrict ''
broken "overlays and database have other options" 'FAIL server database
FAIL server overlays'
tells "$ppolicy: olcPPolicyUseLockout" "$unique: olcUniqueURI" \
    "$unique: olcDisabled" "$database: olcRestrict"
config "$unique" olcUniqueURI "${values[@]}"
config "$unique" olcDisabled FALSE
config "$ppolicy" olcPPolicyUseLockout FALSE
config "$database" olcRestrict rename

values "$database" olcAccess
config "$database" olcAccess "{0}to dn.one=\"ou=people,$BWDIR_BASE\" \
attrs=bwAdministrationLevel by dn.exact=\"$bwdird\" write by * break" \
    "${values[@]#\{*\}}"
sed -i 's/m=19456/m=65536/' "$BWDIR_SCHEMADIR/modules.ldif"
sed -i "s/work phone as ten/a phone of ten/" "$BWDIR_SCHEMADIR/bwdir.ldif"
broken "a rule more, other argon2 numbers, another version of the schema" \
    'FAIL identities bwdird
FAIL server modules
FAIL server rules
WARN server schema'
tells "it may write bwAdministrationLevel" m=65536 bwWorkPhone "olcAccess: neither"
config "$database" olcAccess "${values[@]#\{*\}}"
cp "$top_builddir"/schema/{bwdir,modules}.ldif "$BWDIR_SCHEMADIR"

# ---- policies --------------------------------------------------------------

reset=cn=reset,ou=access,$BWDIR_BASE
api=cn=api,ou=access,$BWDIR_BASE
entries "$reset" | grep -E '^(dn|objectClass|cn|description|pwd)' |
    grep -v '^pwdPolicySubentry' >"$work/reset"
ldapdelete -Q -Y EXTERNAL -H "$BWDIR_LDAPI" "$reset"
broken "a policy record is missing" 'FAIL policies records'
tells "$reset: no such policy record"
ldapadd -Q -Y EXTERNAL -H "$BWDIR_LDAPI" <"$work/reset" >/dev/null

# ---- users, policies and stamps --------------------------------------------

newt=uid=newt,$people
for salt in c2Fs c2Ft; do
    change "$newt" add userPassword \
        "{ARGON2}\$argon2id\$v=19\$m=8,t=1,p=1\$$salt\$aGFz"
done
second=$EPOCHSECONDS
change "$reset" add pwdMinDelay 1
change "$api" add pwdMaxAge 7776000
change "uid=dana,$people" replace bwWorkPhone 919-555-0103
change "uid=carl,$people" replace pwdPolicySubentry \
    "cn=gone,ou=access,$BWDIR_BASE"
change "uid=bob,$people" add mail other@example.com
ldapadd -Q -Y EXTERNAL -H "$BWDIR_LDAPI" >/dev/null <<END
dn: cn=verification-aaaaa,$newt
objectClass: bwVerification
cn: verification-aaaaa
mail: newt@example.com
bwWorkPhone: 9195550110
bwSetsPassword: TRUE
userPassword: {ARGON2}\$argon2id\$v=19\$m=8,t=1,p=1\$c2Fs\$aGFz
END
gina=uid=gina,$people
values "$gina" pwdChangedTime
change "$gina" replace pwdChangedTime "$(date -u -d '+1 hour' +%Y%m%d%H%M%SZ)"
broken "eight entries that cannot be right" 'FAIL clock stamps
FAIL policies pwdMinDelay
FAIL policies records
FAIL users credentials
FAIL users entries
FAIL users passwords'
tells "uid=dana,$people: bwWorkPhone" "carl: pwdPolicySubentry names no" \
    "uid=bob,$people" "$newt: two passwords" "$newt: more than one" \
    "ahead of our clock, $gina" "$reset: pwdMinDelay" \
    "$api: pwdMaxAge 7776000: programs would stop on that day"
change "$gina" replace pwdChangedTime "${values[0]}"
ldapdelete -Q -Y EXTERNAL -H "$BWDIR_LDAPI" "cn=verification-aaaaa,$newt"
change "uid=bob,$people" replace mail bob@example.com
change "uid=carl,$people" replace pwdPolicySubentry \
    "cn=dashboard,ou=access,$BWDIR_BASE"
change "uid=dana,$people" replace bwWorkPhone 9195550103
change "$api" delete pwdMaxAge
change "$reset" delete pwdMinDelay
while [ "$EPOCHSECONDS" -eq "$second" ]; do # slapd's history has no two in one
    sleep 0.05
done
change "$newt" delete userPassword

# ---- servers and TLS -------------------------------------------------------

file=$(with_conf "s|^uri = { \(.*\) }|uri = { \1, 'ldaps://127.0.0.1:1' }|")
broken "one server of two is dead" 'WARN directory servers
WARN tls chain' --config "$file"
tells "start the server"
file=$(with_conf "s|^uri = .*|uri = { 'ldapi://%2Fnone%2Fldapi/' }|")
broken "no server answers" 'FAIL directory servers
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
tells "No such file or directory -> start the server"

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

# ---- the daemon ------------------------------------------------------------

chmod 666 "$BWDIR_SOCKET"
broken "a socket for everybody" 'FAIL daemon socket'
tells "0660 wanted"
chmod 600 "$BWDIR_SOCKET"
broken "a socket for root alone" 'WARN daemon socket'
tells "its group cannot ask"
chmod 660 "$BWDIR_SOCKET"
file=$(with_conf "s|^    socket = .*|    socket = '$work/none'|")
broken "no daemon" 'FAIL daemon answer
FAIL daemon socket
FAIL pam services' --config "$file"
tells "systemctl enable --now bwdird.socket"

# ---- PAM -------------------------------------------------------------------

module=$top_builddir/pam_bw/module/.libs/pam_bw.so
socket="[socket=$BWDIR_SOCKET]"

pam_file () # NAME <<LINES: "OURS" stands for the module
{
    sed "s|OURS|[$module] $socket|" >"$work/pam/$1"
}

pam_file argument <<'END'
auth    required OURS acces=api
account required OURS
END
pam_file no-account <<'END'
auth    required OURS access=api
account required pam_permit.so
END
pam_file before <<'END'
auth    required   OURS
account sufficient pam_unix.so
account required   OURS
END
pam_file jump <<'END'
auth    required OURS
account [success=1 default=ignore] pam_unix.so
account required OURS
account required pam_permit.so
END
pam_file ignored <<'END'
auth    required OURS
account sufficient OURS
account required pam_unix.so
END
pam_file sshd <<'END'
auth    required OURS one_phase
account required OURS
END
pam_file dash <<'END'
-auth   required OURS
account required OURS
END
pam_file module <<END
auth    required /none/pam_bw.so $socket
account required OURS
END
pam_file socket <<END
auth    required [$module]
account required OURS
END
pam_file cut <<'END'
auth    required
END
broken "ten services with a fault each" 'FAIL pam services
WARN pam services'
at=$work/pam
tells "argument: $at/argument:1: argument \"acces=api\": no such argument" \
    "no-account: $at/no-account:1: no account line" \
    "before: $at/before:3: pam_unix.so in line 2 says yes first" \
    "jump: $at/jump:3: pam_unix.so in line 2 says yes first" \
    "ignored: $at/ignored:2: control \"sufficient\": its refusals" \
    "sshd: $at/sshd:1: one_phase" "dash: $at/dash:1: with a leading -" \
    "module: $at/module:1: /none/pam_bw.so: No such file" \
    "socket: $at/socket:1: it asks at /run/bwdir/bwdird.sock" \
    "cut: $at/cut:1: a control and a module wanted"
rm "$work"/pam/*
cp "$sandbox"/pam/* "$work/pam"

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
check "and nothing of users reads OK" [ "$(told "$work/out" |
    grep -cE 'WARN (policies|users) ')" -eq 5 ]

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
