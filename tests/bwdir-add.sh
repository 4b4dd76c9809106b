#!/bin/bash
# bwdir-add(8) against a directory: what it writes, what it refuses and how,
# and that a refusal leaves the directory as it was.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/sandbox.bash" || exit 99

user=(--first Jane --last Doe --mail jdoe@example.com --phone 9195551234
      --level basic --access dashboard --account 5500001)
alice=(-x -D "uid=alice,$people" -y "$sandbox/secrets/alice")

# refuses STATUS WHAT TEXT [OPTION...]: exit status, message, no change.
check "there is something to compare" [ -n "$(snapshot)" ]
refuses ()
{
    local wanted=$1 what=$2 text=$3
    shift 3
    snapshot >"$work/before"
    expect "$wanted" "$what" bwdir-add --no-prompt "$@" </dev/null
    says "$text"
    check "$what: the directory is unchanged" \
        diff "$work/before" <(snapshot)
    check "$what: no mail" [ -z "$(ls "$BWDIR_MAILDIR/new")" ]
}

# ---- what is refused -------------------------------------------------------

refuses 65 "a phone with hyphens" \
    'phone "919-555-1234": ten digits wanted, for example 9195551234' \
    --first Jane --last Doe --mail jdoe@example.com --phone 919-555-1234 \
    --level basic --access dashboard jdoe
refuses 65 "a mail without @" 'mail "jdoe": an address wanted' \
    --first Jane --last Doe --mail jdoe --phone 9195551234 \
    --level basic --access dashboard jdoe
refuses 65 "a last name that a mail reader would decode" \
    'last name "=?utf-8?q?x?=": ' \
    --first Jane --last '=?utf-8?q?x?=' --mail jdoe@example.com \
    --phone 9195551234 --level basic --access dashboard --account 5500001 jdoe
longest=$(printf 'a%.0s' {1..60})@$(printf '%060d.' 0 0 0)0123456.org
refuses 65 "a mail address of 255 bytes" "mail \"${longest:0:40}" \
    --first Jane --last Doe --mail "$longest" \
    --phone 9195551234 --level basic --access dashboard --account 5500001 jdoe
longest=${longest/123456/12345}
refuses 65 "an unknown role" 'role "nosuch": one of configuration,' \
    "${user[@]}" --role nosuch jdoe
refuses 65 "the user name Root" 'user name "Root": a lower-case letter' \
    "${user[@]}" Root
refuses 65 "the name of a system account" 'user name "root": ' \
    "${user[@]}" root
refuses 65 "user-administrator for a basic user" \
    'role "user-administrator": only for users of level admin' \
    "${user[@]}" --role user-administrator jdoe
refuses 65 "a role whose product no account has" \
    'role "e911-management": an account with the product uc wanted' \
    --first J --last D --mail jdoe@example.com --phone 9195551234 \
    --level basic --access dashboard --account 5500002 \
    --role e911-management jdoe

refuses 65 "everything wrong at once" 'user name "9":' \
    --first ' x' --last '' --mail x --phone 1 --level boss --access both \
    --role '!' --account 'x y' 9
says 'first name " x": '
says 'last name "": '
says 'mail "x": '
says 'phone "1": '
says 'level "boss": admin or basic wanted'
says 'access "both": dashboard or api wanted'
says 'role "!": '
says 'account "x y": '
refuses 77 "two wrong accounts and a wrong role" \
    'account "5599999": no such account, or you do not administer it' \
    "${user[@]}" --account 5599998,5599999 --role nosuch jdoe
says 'account "5599998": '
says 'role "nosuch": '

refuses 64 "no user name" 'user name: missing; give a user name' "${user[@]}"
refuses 64 "nothing at all" 'phone: missing; give --phone DIGITS'
says 'first name: missing; give --first NAME'
says 'access: missing; give --access dashboard or --access api'
refuses 64 "an unknown option" '--nosuch: no such option' "${user[@]}" \
    --nosuch=x jdoe
refuses 64 "a password in the argument list" '--password: no such option' \
    "${user[@]}" --password marker-secret jdoe
check "it is not repeated" bash -c '! grep -q marker "$1"' - "$work/err"
refuses 64 "two user names" '"other": one user name wanted' "${user[@]}" \
    jdoe other
refuses 64 "an option twice" '--first: given twice' "${user[@]}" \
    --first Other jdoe
for option in -D -H -b -y --password-file; do
    refuses 65 "$option ''" "$option \"\": empty; give " "$option" '' \
        "${user[@]}" jdoe
done
refuses 65 "a base that is no DN" \
    '-b "example.com": a DN wanted, for example dc=example,dc=com' \
    -b example.com "${user[@]}" jdoe
refuses 64 "-D without a password" '-D: -w, -W or -y wanted with it' \
    "${user[@]}" -D "$BWDIR_ADMIN_DN" jdoe
refuses 64 "-y without -D" '-w, -W, -y: -D wanted with them' "${user[@]}" \
    -y "$BWDIR_ADMIN_PWFILE" jdoe
refuses 64 "an unknown mechanism" '-Y "PLAIN": EXTERNAL wanted' \
    "${user[@]}" -Y PLAIN jdoe
refuses 64 "--set-password with nobody to ask" \
    '--set-password: not with --no-prompt' "${user[@]}" --set-password jdoe

refuses 73 "a name that is taken" \
    'user name "dana": already taken; choose another' "${user[@]}" dana
refuses 77 "an account that does not exist" \
    'account "5599999": no such account, or you do not administer it' \
    "${alice[@]}" "${user[@]}" --account 5599999 jdoe
cp "$work/err" "$work/missing"
refuses 77 "an account of somebody else" \
    'account "5500002": no such account, or you do not administer it' \
    "${alice[@]}" "${user[@]}" --account 5500002 jdoe
check "both in the same words" \
    diff "$work/missing" <(sed s/5500002/5599999/ "$work/err")
refuses 77 "a user without the right to add" \
    'account "5500001": no such account, or you do not administer it' \
    -x -D "uid=dana,$people" -y "$sandbox/secrets/dana" "${user[@]}" jdoe
refuses 77 "a user of no account" 'account: none given; one that you administer wanted' \
    "${alice[@]}" --first J --last D --mail jdoe@example.com \
    --phone 9195551234 --level basic --access dashboard jdoe
expect 77 "a wrong password of the administrator" bwdir-add --no-prompt \
    -x -D "uid=alice,$people" -w wrong-password "${user[@]}" jdoe
refuses 69 "a server that is not there" '127.0.0.1:1' \
    -H ldaps://127.0.0.1:1 "${user[@]}" jdoe
refuses 78 "a configuration that is not there" '/nonexistent: ' \
    --config /nonexistent "${user[@]}" jdoe

# ---- what is written -------------------------------------------------------

snapshot >"$work/before"
expect 0 "-n" bwdir-add -n --no-prompt "${user[@]}" jdoe
check "-n prints the LDIF" grep -q "^dn: uid=jdoe,$people\$" "$work/out"
check "-n writes nothing" diff "$work/before" <(snapshot)

printf 'marker-password-1' >"$work/pw"
expect 0 "-n with a password" bwdir-add -n --no-prompt "${user[@]}" \
    --password-file "$work/pw" jdoe
check "-n does not print the password" \
    bash -c '! grep -i "marker\|argon" "$1"' - "$work/out"

expect 0 "an administrator adds a user" bwdir-add --no-prompt \
    "${alice[@]}" "${user[@]}" --role ordering,e911-management \
    --role porting jdoe
ldapsearch -Q -LLL -Y EXTERNAL -o ldif-wrap=no -H "$BWDIR_LDAPI" \
    -b "uid=jdoe,$people" -s base '*' pwdPolicySubentry >"$work/entry"
for line in 'givenName: Jane' 'sn: Doe' 'mail: jdoe@example.com' \
    'bwWorkPhone: 9195551234' 'bwAdministrationLevel: basic' \
    'bwVerificationState: unverified' \
    "bwRole: cn=ordering,ou=roles,$BWDIR_BASE" \
    "bwRole: cn=e911-management,ou=roles,$BWDIR_BASE" \
    "bwRole: cn=porting,ou=roles,$BWDIR_BASE" \
    "bwAccount: cn=5500001,ou=accounts,$BWDIR_BASE" \
    "pwdPolicySubentry: cn=dashboard,ou=access,$BWDIR_BASE"; do
    check "the entry has $line" grep -qxF "$line" "$work/entry"
done
check "the entry has no password" bash -c '! grep -q userPassword "$1"' - \
    "$work/entry"
check "the mail is marked as delivered" \
    holds "$(credential jdoe)" '^bwDelivered: '
check "one mail" [ "$(mails_to jdoe@example.com | wc -l)" -eq 1 ]
mail=$(mails_to jdoe@example.com)
check "the mail has the user name" grep -q 'User name:  jdoe$' "$mail"
check "the mail has one code" [ "$(code_for jdoe@example.com | wc -l)" -eq 1 ]
hours=$(sed -n 's/^The code is valid for \([0-9]*\) hours.*/\1/p' "$mail")
check "the mail tells the hours of the policy" \
    holds "cn=verification,ou=access,$BWDIR_BASE" \
    "^pwdMaxAge: $((hours * 3600))\$"
check "the mail has no phone number" \
    bash -c '! grep -q 9195551234 "$1"' - "$mail"
code=$(code_for jdoe@example.com)
check "the code is not in the directory" \
    lacks "$BWDIR_BASE" "$code\|$(tr -d - <<<"$code")"

expect 0 "both access methods" bwdir-add --no-prompt "${user[@]}" \
    --access api jboth
says 'warning: access "dashboard-api": '
says 'warning: mail "jdoe@example.com": another user has this address too'
check "both: the entry has the access record" \
    holds "uid=jboth,$people" '^pwdPolicySubentry: cn=dashboard-api,'
expect 0 "an administrator adds an administrator" bwdir-add --no-prompt \
    "${alice[@]}" --first A --last D --mail adm@example.com \
    --phone 9195551236 --level admin --access dashboard \
    --account 5500001 --role user-administrator jadmin
check "who administers the account" \
    holds "cn=5500001,ou=accounts,$BWDIR_BASE" '^bwAccountAdmin: uid=jadmin,'

expect 0 "a password from a file" bwdir-add --no-prompt "${user[@]}" \
    --password-file "$work/pw" jfile
check "the password works" password_is jfile marker-password-1
check "the mail has no password" bash -c '! grep -rq marker "$1"' - \
    "$BWDIR_MAILDIR/new"
printf 'marker-password-2\nanother line\n' >"$work/pipe"
new_day
run bwdir-add --no-prompt "${user[@]}" --password-file - jpipe \
    <"$work/pipe"
check "a password from standard input: 0" [ "$status" -eq 0 ]
check "it is one line" password_is jpipe marker-password-2
chmod 644 "$work/pw"
expect 65 "a password file that others may read" bwdir-add --no-prompt \
    "${user[@]}" --password-file "$work/pw" jopen
says "$work/pw"
printf 'short' >"$work/short"
expect 65 "a short password" bwdir-add --no-prompt "${user[@]}" \
    --password-file "$work/short" jshort
check "the message has no password" \
    bash -c '! grep -q marker "$1"' - "$work/err"

check "an address of 254 bytes" [ ${#longest} -eq 254 ]
expect 0 "it gets its mail" bwdir-add --no-prompt --first Jane --last Doe \
    --mail "$longest" --phone 9195551234 --level basic --access dashboard \
    --account 5500001 jlong
check "and is told so" grep -qF "mailed to $longest" "$work/out"

count=$(find "$BWDIR_MAILDIR/new" -type f | wc -l)
expect 0 "--no-mail" bwdir-add --no-prompt --no-mail "${user[@]}" jquiet
check "--no-mail: no mail" \
    [ "$(find "$BWDIR_MAILDIR/new" -type f | wc -l)" -eq "$count" ]
check "--no-mail: no credential, so a mail is owed" \
    lacks "uid=jquiet,$people" '^objectClass: bwVerification'

new_day
expect 0 "over TLS with a password" bwdir-add --no-prompt -H "$BWDIR_LDAPS" \
    "${alice[@]}" "${user[@]}" jtls
run env LDAPTLS_REQCERT=never LDAPTLS_CACERT=/dev/null LDAPURI=ldap://x \
    LDAPBASE=dc=x HOME=/nonexistent bwdir-add --no-prompt \
    -H "$BWDIR_LDAPS" "${alice[@]}" "${user[@]}" jenv
check "the environment is not looked at: 0" [ "$status" -eq 0 ]
new_day
expect 0 "-w" bwdir-add --no-prompt -D "$BWDIR_ADMIN_DN" \
    -w "$(cat "$BWDIR_ADMIN_PWFILE")" "${user[@]}" jw

new_day
for i in $(seq 20); do
    bwdir-add --no-prompt "${user[@]}" jmany >"$work/many.$i" 2>&1
    echo $? >>"$work/many"
done &
for i in $(seq 20); do
    bwdir-add --no-prompt "${user[@]}" jmany >"$work/more.$i" 2>&1
    echo $? >>"$work/many"
done
wait $!
check "of many who add one name one succeeds, the others hear 73" \
    [ "$(sort "$work/many" | uniq -c | tr -s ' ' | paste -sd ';')" = \
      " 1 0; 39 73" ]

# ---- what is logged --------------------------------------------------------

log=$sandbox/log.tools
chmod 600 "$work/pw"
logged () # WHAT TEXT: the last line of the log has TEXT
{
    local before=$failures
    check "the log tells $1" grep -qF -e "$2" <(tail -n 1 "$log")
    [ "$failures" -eq "$before" ] || tail -n 1 "$log" | sed 's/^/    /'
}
login=$(cat /proc/self/loginuid 2>/dev/null)
[ -n "$login" ] && [ "$login" != 4294967295 ] || login=-
expect 0 "-n with a reason" bwdir-add -n --no-prompt "${alice[@]}" \
    --why $'it\'s "4711" \xc3\xa9' "${user[@]}" jwhy
check "-n prints them as the log does" grep -qxF -e "# event=plan \
what=\"add user\" entry=uid=jwhy,$people who=dn:uid=alice,$people \
why=\"it's \\x224711\\x22 \\xc3\\xa9\"" "$work/out"
check "what is only printed is not logged" \
    bash -c '! grep -q jwhy "$1"' - "$log"
expect 0 "a reason" bwdir-add --no-prompt "${alice[@]}" --no-mail \
    --why $'it\'s "4711" \xc3\xa9' --role ordering "${user[@]}" \
    --password-file "$work/pw" jwhy
logged "who, why and what" "bwdir-add[$(grep -oE 'bwdir-add\[[0-9]+' "$log" |
    tail -n 1 | tr -dc 0-9)]: event=plan what=\"add user\" \
entry=uid=jwhy,$people who=dn:uid=alice,$people \
why=\"it's \\x224711\\x22 \\xc3\\xa9\" steps=1/1 status=ok reason=- ms="
logged "who the host says it is, and what changes" \
    " uid=$(id -u) login=$login changes=\"add uid=jwhy,$people objectClass\
 objectClass uid givenName sn mail bwWorkPhone bwAdministrationLevel=basic\
 bwVerificationState=unverified cn bwRole=cn=ordering bwAccount=cn=5500001\
 pwdPolicySubentry=cn=dashboard userPassword\""
check "no name, no address, no phone, no password is logged" \
    bash -c '! grep -qE "Jane|jdoe@|9195551234|marker|ARGON" "$1"' - "$log"
expect 65 "a reason with a line feed" bwdir-add --no-prompt "${user[@]}" \
    --why $'a\nb' jline
says 'why "a\x0ab": 1 to 200 bytes of text wanted'
expect 65 "an empty reason" bwdir-add --no-prompt "${user[@]}" --why '' jline
lines=$(wc -l <"$log")
expect 77 "what the server refuses" bwdir-add --no-prompt --why stolen \
    -x -D "uid=dana,$people" -y "$sandbox/secrets/dana" "${user[@]}" jdana
logged "a refusal" "who=dn:uid=dana,$people why=stolen steps=0/1 \
status=not-permitted reason="
check "in one line" [ "$(wc -l <"$log")" -eq $((lines + 1)) ]
new_day
expect 0 "a mail" bwdir-add --no-prompt "${user[@]}" jthree
for what in '"add user"' '"issue sign-up code"' '"mark mail delivered"'; do
    check "the log tells $what by itself" [ "$(grep -c \
        "what=$what entry=\S*uid=jthree,$people .* why=- .* status=ok" \
        "$log")" -eq 1 ]
done

bwdir-add --no-prompt "${user[@]}" jclosed <&- >&- 2>&-
check "with all standard files closed: 0" [ $? -eq 0 ]

bwdir-add --no-prompt --json "${user[@]}" jfull >/dev/full 2>"$work/err"
check "a result that is lost: 0, for the user is saved" [ $? -eq 0 ]
says 'standard output: cannot be written'
check "and is" [ "$(state_of jfull)" = unverified ]
bwdir-add --no-prompt -n "${user[@]}" jlost >/dev/full 2>"$work/err"
check "a plan that is lost: 74" [ $? -eq 74 ]
says 'standard output: cannot be written'
bwdir-add --no-prompt -n "${user[@]}" jlost >&- 2>"$work/err"
check "or that nobody is there to take: 74" [ $? -eq 74 ]
says 'standard output: cannot be written'

make -s -C "$top_builddir" contrib/bwdir.conf >/dev/null 2>&1
expect 69 "the sample configuration is read" bwdir-add --no-mail --no-prompt \
    --config "$top_builddir/contrib/bwdir.conf" \
    -H ldapi://%2Fnonexistent "${user[@]}" jsample

# ---- mail that cannot be delivered -----------------------------------------

mv "$BWDIR_MAILDIR" "$BWDIR_MAILDIR.away"
expect 75 "a Maildir that is not there" bwdir-add --no-prompt --first J \
    --last Late --mail jlate@example.com --phone 9195551234 --level basic \
    --access dashboard --account 5500001 jlate
mv "$BWDIR_MAILDIR.away" "$BWDIR_MAILDIR"
says 'user "jlate" is saved, the mail to "jlate@example.com" is deferred: '
check "deferred: the user is there" [ "$(state_of jlate)" = unverified ]
check "deferred: the mail is owed" \
    lacks "uid=jlate,$people" '^bwDelivered: '
sed 's/template-dir = .*/template-dir = "\/nonexistent"/' "$BWDIR_CONF" \
    >"$work/conf"
snapshot >"$work/before"
expect 78 "templates that are not there" bwdir-add --config "$work/conf" \
    --no-prompt "${user[@]}" jnone
check "templates that are not there: nothing is written" \
    diff "$work/before" <(snapshot)

# ---- JSON ------------------------------------------------------------------

new_day
expect 0 "--json" bwdir-add --json --no-prompt --first Jane \
    --last 'Dö' --mail jdoe@example.com --phone 9195551234 --level basic \
    --access dashboard,api --account 5500001 --role ordering jjson
check "--json: the object" json "$work/out" 'o["ok"] is True and
o["exit"] == 0 and o["user"] == "jjson" and o["created"] is True and
o["mailed"] is True and o["access"] == "dashboard-api" and
o["roles"] == ["ordering"] and o["accounts"] == ["5500001"] and
o["last"] == "Dö" and len(o["warnings"]) == 2 and o["errors"] == []' ||
    cat "$work/out"
expect 65 "--json, refused" bwdir-add --json --no-prompt "${user[@]}" \
    --role nosuch j2
check "--json, refused: the object" json "$work/out" 'o["ok"] is False and
o["exit"] == 65 and o["errors"][0].startswith("role \"nosuch\"")'
expect 64 "--json, usage" bwdir-add --nosuch --json
check "--json, usage: the object" json "$work/out" 'o["exit"] == 64'
expect 0 "--json -n" bwdir-add --json -n --no-prompt "${user[@]}" j3
check "--json -n: the object" json "$work/out" '"uid=j3," in o["ldif"]'

# ---- the watchdog ----------------------------------------------------------

# Whether the clock of a process has been set: it catches SIGALRM, the 14th.
clock_runs () # PID
{
    local caught
    caught=$(sed -n 's/^SigCgt:\s*//p' "/proc/$1/status" 2>/dev/null)
    [ $((0x${caught:-0} >> 13 & 1)) -eq 1 ]
}

# For how long it runs is test_watchdog's to say: here it has run out at once.
kill -STOP "$(cat "$sandbox/slapd.pid")"
bwdir-add --json --no-prompt -H "$BWDIR_LDAPS" "${alice[@]}" "${user[@]}" \
    jhung >"$work/out" 2>"$work/err" &
hung=$!
children+=("$hung")
for ((tries = 0; tries < 500; tries++)); do
    ! clock_runs "$hung" || break
    sleep 0.01
done
kill -ALRM "$hung"
wait "$hung"
status=$?
kill -CONT "$(cat "$sandbox/slapd.pid")"
check "a server that hangs: 69" [ "$status" -eq 69 ]
check "a server that hangs: the object" json "$work/out" 'o["exit"] == 69'
check "and nobody is added" lacks "$people" '^uid: jhung'

# ---- the EXAMPLES of the man page ------------------------------------------

root_modify <<END
dn: uid=jdoe,$people
changetype: modify
delete: bwRole
END
ldapdelete -Q -Y EXTERNAL -H "$BWDIR_LDAPI" -r "uid=jdoe,$people"
run_examples "$top_srcdir/tools/bwdir-add.8" </dev/null
check "the examples add jdoe" [ "$(state_of jdoe)" = unverified ]
check "the examples add billing" [ "$(state_of billing)" = unverified ]
finish
