#!/bin/bash
# What the public header of the library shows to the root DN, to an account
# administrator and to a user; and plans, which leave nothing half done.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/sandbox.bash" || exit 99

EXISTS=8 NO_SUCH_USER=6 NOT_FOUND=7 NOT_PERMITTED=9 MALFORMED=10

as () # NAME|- WHAT [ARGUMENT...]
{
    local dn=- secret=-
    [ "$1" = - ] || dn=uid=$1,$people secret=$sandbox/secrets/$1
    [ "$1" != outbox ] || dn=cn=outbox,ou=services,$BWDIR_BASE
    shift
    "$top_builddir/tests/directory" "$BWDIR_CONF" "$dn" "$secret" "$@"
}

# prints WHAT TEXT: the last command printed exactly these lines.
prints ()
{
    check "$1" [ "$(cat "$work/out")" = "$2" ]
    [ "$(cat "$work/out")" = "$2" ] || sed 's/^/    /' "$work/out"
}

names () # of the last list of users, sorted, in one line
{
    cut -d '|' -f 1 "$work/out" | sort | paste -sd ' '
}

# ---- users -----------------------------------------------------------------

gina='gina|Gina|Glover|gina@example.com|9195550112|basic|verified|dashboard'
gina="$gina|ordering|5500001,5500002"
expect 0 "the root DN reads a user" as - user gina
prints "every getter" "$gina"
expect 0 "one of both methods" as - user bothy
check "they are one name" grep -q '|dashboard-api|' "$work/out"
expect 0 "one who is not verified" as - user newt
check "the state is told" grep -q '|unverified|' "$work/out"
expect 0 "an administrator" as - user alice
check "the level is told" grep -q '|admin|verified|' "$work/out"
expect $NO_SUCH_USER "nobody" as - user nobody
expect $NO_SUCH_USER "a name in capitals" as - user GINA

expect 0 "the root DN lists the users" as - users
check "all of them" [ "$(names)" = "alice bob bothy carl dana dieter gina \
newt olga robot rolf wanda" ]
check "as bwdir_user_get() shows them" grep -qxF "$gina" "$work/out"
expect 0 "a list that is stopped" as - users 3
check "after three" [ "$(wc -l <"$work/out")" -eq 3 ]

expect 0 "alice lists the users" as alice users
check "none of another account alone" \
    bash -c '! grep -qE "^(bob|carl)[|]" "$1"' - "$work/out"
check "those of her account" [ "$(grep -cE '^(alice|bothy|dana|dieter|newt|olga|robot|rolf|wanda)\|' \
    "$work/out")" -eq 9 ]
expect $NO_SUCH_USER "alice asks for carl" as alice user carl
expect 0 "the outbox lists the users" as outbox users
check "all of them" [ "$(wc -l <"$work/out")" -eq 12 ]
check "whole" bash -c '! grep -q "^?" "$1"' - "$work/out"
check "as the root DN sees them" grep -qxF "$gina" "$work/out"
expect 0 "the outbox reads a user" as outbox user dana
expect 0 "the outbox reads an account" as outbox account 5500001
expect 0 "dana lists the users" as dana users
check "and finds herself" [ "$(names)" = dana ]

# ---- mail ------------------------------------------------------------------

expect 0 "a mail that somebody has" as - taken gina@example.com
prints "is taken" yes
expect 0 "in capitals" as - taken GINA@example.com
prints "is taken too" yes
expect 0 "which does not count for him whose it is" as - taken \
    GINA@example.com gina
prints "is free for her" no
expect 0 "but for others" as - taken GINA@example.com dana
prints "is taken for dana" yes
expect 0 "a mail that nobody has" as - taken free@example.com
prints "is free" no
expect 0 "a filter for a mail" as - taken '*'
prints "is a value" no
expect 0 "a mail of one whom alice does not see" as alice taken \
    carl@example.com
prints "tells her nothing" no

# ---- roles -----------------------------------------------------------------

roles="configuration|Configuration|
disconnect|Disconnect|
e911-management|E911 Management|uc
external-tns|External TNs|hosted-messaging
http-application-management|HTTP Application Management|v2-messaging
http-voice|HTTP Voice|
line-features|Line Features|
messaging-insights|Messaging Insights|
ordering|Ordering|
porting|Porting|
reporting|Reporting|
user-administrator|User Administrator|"
for who in - alice dana; do
    expect 0 "$who lists the roles" as $who roles
    check "$who: keyword, label and product of all twelve" \
        [ "$(cut -d '|' -f 1,2,4 "$work/out" | sort)" = "$roles" ]
    check "$who: each is described" \
        [ "$(cut -d '|' -f 3 "$work/out" | grep -c .)" -eq 12 ]
done
expect 0 "one role" as - role e911-management
check "as in the list" [ "$(cut -d '|' -f 1,2,4 "$work/out")" = \
    "e911-management|E911 Management|uc" ]
expect $NOT_FOUND "a role that does not exist" as - role nosuch

# ---- accounts --------------------------------------------------------------

first='5500001|uc,hosted-messaging,v2-messaging'
expect 0 "the root DN lists the accounts" as - accounts
check "both" [ "$(sort "$work/out")" = "$first
5500002|" ]
expect 0 "alice lists the accounts" as alice accounts
prints "hers" "$first"
expect 0 "carl lists the accounts" as carl accounts
prints "his" '5500002|'
expect 0 "one account" as alice account 5500001
prints "as in the list" "$first"
expect $NOT_FOUND "another one's account" as alice account 5500002
expect $NOT_FOUND "an account that does not exist" as - account 5599999

# ---- plans -----------------------------------------------------------------

snapshot >"$work/before"
expect 0 "a plan" as alice plan adam admin 5500001 user-administrator
check "begins with what, who and why" \
    [ "$(head -n 1 "$work/out")" = "# event=plan what=\"add user\" \
entry=uid=adam,$people who=dn:uid=alice,$people why=-" ]
check "adds the user, then names him on the account, then gives the role" \
    [ "$(grep -E '^(dn|changetype):' "$work/out" | paste -sd ' ')" = \
      "dn: uid=adam,$people changetype: add \
dn: cn=5500001,ou=accounts,$BWDIR_BASE changetype: modify \
dn: uid=adam,$people changetype: modify" ]
check "and writes nothing" diff "$work/before" <(snapshot)
expect 0 "applied" as alice apply adam admin 5500001 user-administrator
expect 0 "the user" as alice user adam
prints "is there" "adam|Test|User|test@example.com|9195550199|admin|\
unverified|dashboard|user-administrator|5500001"
expect $EXISTS "once more" as alice apply adam admin 5500001 ordering
expect $NOT_PERMITTED "for an account that is not hers" as alice apply abel \
    basic 5500002 ordering
expect $NOT_PERMITTED "by who administers none" as dana apply abel basic \
    5500001 ordering
check "no entry comes of it" lacks "$people" '^dn: uid=abel,'

# undone NAME: the entry was added and taken away again.
undone ()
{
    check "$1 was added" grep -q "ADD dn=\"uid=$1,$people\"" \
        "$sandbox/slapd.log"
    check "$1 was taken back" grep -q "DEL dn=\"uid=$1,$people\"" \
        "$sandbox/slapd.log"
    check "$1 is not there" lacks "$people" "^dn: uid=$1,"
}

edit="$top_srcdir/tests/edit-entry"
expect 0 "a later step that another has done" as alice apply \
    abel admin 5500001 ordering \
    "'$edit' cn=5500001,ou=accounts 'add bwAccountAdmin uid=abel,$people'"
check "abel is there" holds "$people" "^dn: uid=abel,"
ldapdelete -Q -Y EXTERNAL -H "$BWDIR_LDAPI" "uid=abel,$people"
expect 0 "the account" as - account 5500001
prints "is as it was" "$first"

ldapadd -Q -Y EXTERNAL -H "$BWDIR_LDAPI" >/dev/null <<END
dn: cn=5500003,ou=accounts,$BWDIR_BASE
objectClass: bwAccountRecord
cn: 5500003
END
expect $NOT_FOUND "an account that vanishes, for the root DN" as - apply \
    amos admin 5500003 ordering "ldapdelete -Q -Y EXTERNAL \
    -H '$BWDIR_LDAPI' cn=5500003,ou=accounts,$BWDIR_BASE"
undone amos

# ---- an entry that cannot be mapped ----------------------------------------

"$edit" uid=wanda,ou=people 'replace bwWorkPhone 919 555 0107'
expect 0 "a list with a malformed entry" as - users
check "names entry, attribute, value and what is wanted" grep -qxF \
    "? uid=wanda,$people: bwWorkPhone \"919 555 0107\": ten digits wanted" \
    "$work/out"
check "and goes on with the others" \
    [ "$(grep -c '^[^?]' "$work/out")" -eq 12 ]
expect $MALFORMED "the entry by itself" as - user wanda
says "uid=wanda,$people: bwWorkPhone"
finish
