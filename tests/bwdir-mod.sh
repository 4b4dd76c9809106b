#!/bin/bash
# bwdir-mod(8) against a directory: what it writes, in which order, what it says
# of it, and that a refusal changes nothing.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/sandbox.bash" || exit 99
. "$(dirname "$0")/dana.bash" || exit 99
edit=$top_srcdir/tests/edit-entry

# ---- what is written, and in which order -----------------------------------

expect 0 "nothing new" as alice bwdir-mod --first Dana --last Dyer \
    --add-role ordering --remove-role porting --add-account 5500001 \
    --level basic --access dashboard dana
check "nothing to change" grep -qx 'dana: nothing to change' "$work/out"
expect 0 "mail and names" as alice bwdir-mod --first Diana --last Prince \
    --mail diana@example.com dana
entry 'givenName: Diana' 'sn: Prince' 'cn: Diana Prince' \
    'mail: diana@example.com' 'bwVerificationState: unverified' \
    'bwMailOwed: address-changed .* dana@example.com'
check "it says what waits for the code" grep -q \
    '^dana: unverified, and not let in at a prompt, until' "$work/out"
check "and who else is mailed" grep -qx \
    'dana: owed the mail address-changed, which bwdir-mail sends' "$work/out"
check "the code goes to the new address" \
    [ -n "$(code_for diana@example.com)" ]
check "and none to the old" [ -z "$(mails_to dana@example.com)" ]
expect 0 "it confirms, and sets no password" verify dana \
    "$(code_for diana@example.com)" 9195550103
check "dana is verified" [ "$(state_of dana)" = verified ]
check "with the password that she had" \
    password_is dana "$(cat "$sandbox/secrets/dana")"
expect 0 "--no-mail" as alice bwdir-mod --no-mail --phone 9195550177 dana
entry 'bwMailOwed: confirm .*' 'bwWorkPhone: 9195550177'
check "no credential yet" lacks "$dana" '^dn: cn=verification'
code=$(cat "$sandbox/secrets/newt")
expect 0 "the phone of who has never signed up" as alice bwdir-mod \
    --phone 9195550188 newt
expect 0 "another mail of who never confirmed the old one" as alice bwdir-mod \
    --mail newton@example.com newt
check "owes that one nothing" lacks "uid=newt,$people" \
    '^bwMailOwed: address-changed'
expect 0 "and back" as alice bwdir-mod --phone 9195550188 \
    --mail newt@example.com newt
expect 77 "the code for the old one is void" verify newt "$code" 9195550188 \
    Marker-password-1 Marker-password-1
expect 0 "the new one sets a password" verify newt \
    "$(code_for newt@example.com)" 9195550188 Marker-password-1 \
    Marker-password-1

expect 0 "promotion" as alice bwdir-mod --level admin \
    --add-role user-administrator,e911-management dana
entry 'bwAdministrationLevel: admin' "bwRole: cn=user-administrator,$roles" \
    "bwRole: cn=e911-management,$roles" 'bwMailOwed: access-changed .*'
check "it says that a mail is owed" grep -qx \
    'dana: owed the mail access-changed, which bwdir-mail sends' "$work/out"
check "dana administers the account" holds "$account" \
    "^bwAccountAdmin: $dana\$"
expect 65 "the last account, which roles need" as alice bwdir-mod \
    --remove-account 5500001 dana
says 'account "5500001": the last one of "dana"'
says 'role "user-administrator": only for who administers an account'
says 'role "e911-management": an account with the product uc wanted'
expect 0 "-n prints a demotion" as alice bwdir-mod -n --level basic dana
check "the role, the list, the level, in this order" [ "$(grep -n -e \
    'bwRole: cn=user-a' -e 'bwAccountAdmin: ' -e 'bwAdministrationLevel: ' \
    "$work/out" | sed 's/.*:\([a-zA-Z]*\): .*/\1/' | xargs)" = \
    "bwRole bwAccountAdmin bwAdministrationLevel" ]
expect 0 "demotion" as alice bwdir-mod --level basic dana
entry 'bwAdministrationLevel: basic'
check "dana is off the list" lacks "$account" "bwAccountAdmin: $dana"
check "and has the role no more" lacks "$dana" 'cn=user-administrator'
expect 65 "the only admin of an account" bwdir-mod --level basic bob
says 'account "5500002": "bob" is its only admin; name another first, or give --force'
expect 0 "with --force" bwdir-mod --level basic --force bob
expect 0 "a role and the account that it needs" bwdir-mod \
    --add-account 5500001 --add-role http-application-management bob
expect 0 "the owner" as alice bwdir-mod --owner olga dana
entry "owner: uid=olga,$people"
expect 0 "and none" as alice bwdir-mod --owner '' dana
check "dana has no owner" lacks "$dana" '^owner'

# ---- what an access method means -------------------------------------------

expect 0 "from both methods to the dashboard" bwdir-mod --access dashboard rolf
says 'so it has expired on '
expect 0 "from the APIs to the dashboard" bwdir-mod --access dashboard robot
check "days left" grep -q 'is good until .*, 80 days' "$work/out"
expect 0 "to the APIs" bwdir-mod --access api robot
check "no age, no prompt" \
    grep -q 'the password does not age, and opens no prompt' "$work/out"
expect 0 "to both" bwdir-mod --access api,dashboard robot
says 'warning: access "dashboard-api": '
check "robot has both" holds "uid=robot,$people" \
    '^pwdPolicySubentry: cn=dashboard-api,'
expect 0 "a mail that another user has" bwdir-mod --no-mail \
    --mail robot@example.com wanda
says 'warning: mail "robot@example.com": another user has this address too'
expect 0 "one's own in capitals" bwdir-mod --no-mail \
    --mail olga@EXAMPLE.com olga
check "is no warning" [ ! -s "$work/err" ]
expect 0 "-n of another access method" bwdir-mod -n --access dashboard robot
says 'robot: with access dashboard the password counts from its last change'
check "which does not stand in the LDIF" [ "$(grep -c 'with access' "$work/out")" -eq 0 ]
expect 0 "an owner of the same method" bwdir-mod --owner dana wanda
says 'warning: owner "dana": has access dashboard already'
says 'warning: owner "dana": has another mail address, "diana@example.com"'

# ---- bad values ------------------------------------------------------------

snapshot >"$work/before"
expect 65 "everything wrong at once" bwdir-mod --first ' x' --last '' \
    --mail x --phone 919-555-1234 --level boss --access both \
    --add-role '!' --remove-role '?' --add-account 'x y' \
    --remove-account '?' wanda
says 'first name " x": '
says 'last name "": '
says 'mail "x": an address wanted, for example jdoe@example.com'
says 'phone "919-555-1234": ten digits wanted, for example 9195551234'
says 'level "boss": admin or basic wanted'
says 'access "both": dashboard or api wanted'
says 'role "!": '
says 'role "?": '
says 'account "x y": '
says 'account "?": '
for option in --add-role --remove-role --add-account --remove-account \
    --access; do
    expect 65 "$option '' with another" bwdir-mod --last Fine "$option" '' \
        wanda
    says "$option \"\": empty; give "
done
expect 65 "everything that does not fit" bwdir-mod --first Fine \
    --add-role nosuch,user-administrator,external-tns \
    --remove-role nosuch2 --owner nosuch3 carl
says 'role "nosuch": one of configuration,'
says 'role "user-administrator": only for users of level admin'
says 'role "external-tns": an account with the product hosted-messaging wanted'
says 'role "nosuch2": one of configuration,'
says 'owner "nosuch3": no such user, or you may not see it'
expect 77 "accounts that are not there" bwdir-mod --add-account 5599998 \
    --remove-account 5599999 carl
says 'account "5599998": no such account, or you do not administer it'
says 'account "5599999": no such account, or you do not administer it'
expect 65 "to be added and to be removed" bwdir-mod --add-role porting \
    --remove-role porting carl
says 'role "porting": both to be added and to be removed'
expect 65 "one's own owner" bwdir-mod --owner carl carl
expect 65 "a user name that cannot exist" bwdir-mod --first X 'Carl)'
expect 67 "no such user" bwdir-mod --first X nosuch
expect 64 "an option of bwdir-add" bwdir-mod --role porting carl
expect 64 "an option twice" bwdir-mod --first X --first Y carl
expect 0 "-n" bwdir-mod -n --first Fine --why 'a test' carl
check "-n tells why" grep -q '^# event=plan .* why="a test"$' "$work/out"
check "nothing of this has changed anything" \
    cmp -s "$work/before" <(snapshot)

expect 67 "two users of whom one is not there" bwdir-mod --json --last Same \
    nosuch carl
check "the object tells of each" /usr/bin/python3 - "$work/out" <<'END'
import json, sys
told = json.load(open(sys.argv[1]))
assert [u["result"] for u in told["users"]] == ["failed", "changed"]
assert not told["ok"] and told["exit"] == 67
END
# ---- a later request that is refused ----------------------------------------

database=$(ldapsearch -Q -LLL -Y EXTERNAL -H "$BWDIR_LDAPI" -b cn=config \
    "(olcSuffix=$BWDIR_BASE)" 1.1 | sed -n 's/^dn: //p')
# No admin changes the list of the account, until forbidden is called with -.
forbidden ()
{
    local change=add rule="to dn.exact=\"$account\" attrs=bwAccountAdmin"
    rule+=" by dn.exact=uid=alice,$people read by * break"
    [ "${1-}" != - ] || change=delete rule=
    printf 'dn: %s\nchangetype: modify\n%s: olcAccess\nolcAccess: {0}%s\n' \
        "$database" $change "$rule" | ldapmodify -Q -Y EXTERNAL -H "$BWDIR_LDAPI" >/dev/null ||
        exit 99
}
# But for who wrote it last, and that a mail is owed, which nobody takes back.
dana_and_account ()
{
    { entries "$dana" && entries "$account"; } | grep -v -e '^modif' \
        -e '^entryCSN: ' -e '^bwMailOwed: access-changed ' | sort
}
restore
forbidden
dana_and_account >"$work/before"
expect 77 "a promotion whose second request is refused" as alice bwdir-mod \
    --first Diana --last Prince --owner olga --access api \
    --add-role e911-management --level admin dana
check "the server was asked twice" grep -q \
    'steps=1/[23] undone=1 status=not-permitted' "$sandbox/log.tools"
check "it leaves the user as before" \
    cmp "$work/before" <(dana_and_account)
check "and says no more" [ "$(grep -vc ': warning: ' "$work/err")" -eq 1 ]
expect 77 "a promotion and another address" as alice bwdir-mod \
    --level admin --mail diana@example.com dana
says "; done and not taken back: modify $dana "
check "which says what was done" grep -q \
    'delete bwVerificationState=verified' "$work/err"
check "the mail is as before" holds "$dana" '^mail: dana@example.com$'
check "the level too" holds "$dana" '^bwAdministrationLevel: basic$'
# Two of three roles go, the first of which another takes away meanwhile.
expect 0 "two more roles" as alice bwdir-mod --no-mail \
    --add-role reporting,messaging-insights dana
dana_and_account >"$work/before"
relay before 1 "'$edit' uid=dana,ou=people \
    'delete bwRole cn=reporting,$roles'"
expect 77 "a step of which another has done a part" as alice bwdir-mod \
    -H "$relay_uri" --remove-role reporting,messaging-insights --level admin \
    dana
check "ours is taken back, and his stays" cmp <(dana_and_account) \
    <(grep -v "cn=reporting,$roles" "$work/before")
expect 0 "as before" as alice bwdir-mod --no-mail \
    --remove-role messaging-insights dana
forbidden -
expect 0 "the same once more, when it may be done" as alice bwdir-mod \
    --level admin --mail diana@example.com dana
entry 'mail: diana@example.com' 'bwAdministrationLevel: admin'
expect 0 "the code confirms it" verify dana \
    "$(code_for diana@example.com)" 9195550103
forbidden
expect 0 "the role" as alice bwdir-mod --add-role user-administrator dana
dana_and_account >"$work/before"
expect 77 "a demotion whose second request is refused" as alice bwdir-mod \
    --level basic dana
check "it leaves the user as before" \
    cmp "$work/before" <(dana_and_account)
forbidden -
restore

# ---- a directory that is lost in between -------------------------------------

relay drop 2
expect 69 "a promotion whose second request is lost" bwdir-mod \
    -H "$relay_uri" --level admin dana
says "; done and not taken back: modify $dana replace bwAdministrationLevel=admin"
entry 'bwAdministrationLevel: admin'
check "which the account does not list" lacks "$account" \
    "bwAccountAdmin: $dana"
expect 0 "the same once more" as alice bwdir-mod --level admin dana
check "completes it" holds "$account" "^bwAccountAdmin: $dana\$"
restore

mv "$BWDIR_MAILDIR" "$work/away"
touch "$BWDIR_MAILDIR"
expect 75 "a mail that cannot be delivered" bwdir-mod \
    --mail later@example.com olga
says 'user "olga" is saved, the mail to "later@example.com" is deferred: '
check "it is owed" holds "uid=olga,$people" '^bwMailOwed: confirm '
rm "$BWDIR_MAILDIR"
mv "$work/away" "$BWDIR_MAILDIR"
"$edit" uid=olga,ou=people "replace bwVerificationState verified"

# ---- an address that takes no mail -------------------------------------------

root_modify <<END
dn: uid=dana,$people
changetype: modify
replace: bwMailRefused
bwMailRefused: 20260101000000Z.0123456789abcdef $(mark_of dana mail) 550 no
END
new_day
snapshot >"$work/before"
expect 65 "a code that would be held" as dana bwdir-mod --phone 9195550188
says 'a mail server has refused it, so no code would reach you'
check "nothing has changed" cmp -s "$work/before" <(snapshot)
expect 0 "names need none" as dana bwdir-mod --first Dana
expect 0 "nor does another address" as dana bwdir-mod --phone 9195550188 \
    --mail dana.other@example.com

run_examples "$top_srcdir/tools/bwdir-mod.8"
finish
