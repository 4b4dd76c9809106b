#!/bin/bash
# bwdir-del(8) against a directory: what goes, what is kept, what comes back,
# and that nothing goes that is not kept.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/faults.bash" || exit 99

hidden='no such user, or you may not see it'
kept=$sandbox/deleted

# The entry as a person would compare it: without what the server keeps.
entry_of ()
{
    entries "uid=$1,$people" | sed '/^dn: cn=verification/,$d' | sort |
        grep -v '^\(entry\|structural\|creat\|modif\|subschema\|hasSub\|pwdChanged\|pwdHistory\|memberOf\|bwMail\|userPassword\)'
}
newest ()
{
    find "$kept" -name "$1-*.ldif" | sort | tail -n 1
}
lacks_line () # PATTERN FILE
{
    ! grep -q "$1" "$2"
}
is_gone ()
{
    ! entries "uid=$1,$people" >"$work/out" 2>"$work/err"
}

# ---- who may ---------------------------------------------------------------

proof ()
{
    check "dana is gone" is_gone dana
}
entries "uid=dana,$people" >"$work/dana.ldif"
restore () # as she was, so that the next one finds her
{
    ldapadd -Q -Y EXTERNAL -H "$BWDIR_LDAPI" -e '!relax' >/dev/null \
        < <(grep -v '^\(entryDN\|structuralO\|subschemaS\|hasSub\|memberOf\|entryUUID\|entryCSN\|creat\|modif\)' "$work/dana.ldif")
}
grid "deleting dana" bwdir-del --yes dana <<END
root 0 dana: kept in $kept/dana-
alice 0 dana: kept in $kept/dana-
bob 67 $hidden
dana 77 not permitted; somebody else who administers all accounts
nobody 77 $stranger
END
unset -f proof restore
check "what was refused is not kept" \
    [ "$(find "$kept" -type f | wc -l)" -eq 2 ]
find "$kept" -type f -delete
snapshot >"$work/before"
expect 77 "deleting oneself" as alice bwdir-del --yes --force alice
for option in --yes -n; do
    expect 65 "the only admin of an account, $option" bwdir-del $option bob
    says 'account "5500002": "bob" is its only admin; name another first, or give --force'
done
expect 77 "who has an account of somebody else" as alice bwdir-del --yes gina
expect 64 "nobody to be asked" as alice bwdir-del dana </dev/null
says 'give --yes'
expect 64 "nobody named" as alice bwdir-del --yes
expect 0 "-n" as alice bwdir-del -n dana
check "-n prints the change" grep -qx 'changetype: delete' "$work/out"
check "nothing is deleted" cmp -s "$work/before" <(snapshot)
check "and nothing is kept" [ -z "$(find "$kept" -type f)" ]
for answer in no ''; do
    "$top_srcdir/tests/at-terminal.py" bwdir-del dana >"$work/shown" <<END
> to be deleted: dana: Dana Dyer <dana@example.com>, basic, active verified
> account 5500001
> Type yes to delete:
< $answer
END
    check "the answer \"$answer\": 64" [ $? -eq 64 ]
done
"$top_srcdir/tests/at-terminal.py" bwdir-del dana nosuch carl \
    >"$work/shown" </dev/null
check "one who is not there: 67" [ $? -eq 67 ]
check "it says so" grep -q 'user name "nosuch": no such user' "$work/shown"
check "and does not ask" lacks_line 'Type yes' "$work/shown"
check "nothing is deleted" cmp -s "$work/before" <(snapshot)
"$top_srcdir/tests/at-terminal.py" bwdir-del carl >"$work/shown" <<'END'
> Type yes to delete:
< yes
END
check "the answer \"yes\": 0" [ $? -eq 0 ]
check "carl is gone" is_gone carl

# ---- what goes and what is kept --------------------------------------------

check "an administrator to delete" bwdir-add --no-prompt --no-mail \
    --first Ada --last Minn --mail ada@example.com --phone 9195550777 \
    --level admin --access dashboard --account 5500001 \
    --role user-administrator,ordering ada
root_modify <<END
dn: uid=olga,$people
changetype: modify
add: owner
owner: uid=ada,$people
END
bwdir-resend ada >/dev/null
entry_of ada >"$work/ada"
accounts=$(entries "cn=5500001,ou=accounts,$BWDIR_BASE" | grep ^bwAccountAdmin)
expect 0 "deleting her" as alice bwdir-del --yes --why 'left us' ada
file=$(newest ada)
check "she is gone, her code too" is_gone ada
check "no account names her" lacks "ou=accounts,$BWDIR_BASE" uid=ada
check "no user is hers" lacks "uid=olga,$people" '^owner'
check "the log tells who, whom, why" grep -q "what=\"delete user\" \
entry=uid=ada,$people who=dn:uid=alice,$people why=\"left us\" .*status=ok" \
    "$sandbox/log.tools"
check "the file is closed to others" [ "$(stat -c %a "$file")" = 600 ]
check "so is its directory" [ "$(stat -c %a "$kept")" = 700 ]
check "it says who and why" grep -qx \
    "# event=plan what=\"delete user\" entry=uid=ada,$people \
who=dn:uid=alice,$people why=\"left us\"" "$file"
check "it has no hash, for alice reads none" \
    bash -c '! grep -qi "^userPassword" "$1"' - "$file"

expect 0 "-n --restore" as alice bwdir-del -n --restore "$file"
check "prints the plan" grep -qx 'changetype: add' "$work/out"
check "and she is still gone" is_gone ada
for who in bob dana; do
    expect 77 "put back by $who" as $who bwdir-del --restore "$file"
    check "she is still gone" is_gone ada
done
# A server that fails one look-up and answers the others: what it cannot say
# is not known to be gone.
sed "/^uid: /a owner: uid=wanda,$people" "$file" >"$work/owned"
chmod 600 "$work/owned"
for name in user-administrator 5500001 wanda; do
    relay busy "$name"
    expect 69 "$name cannot be looked up" as alice bwdir-del \
        -H "$relay_uri" --restore "$work/owned"
    says ': Server is busy'
    check "nothing is left out for it" lacks_line 'left out' "$work/err"
    check "she is still gone" is_gone ada
done
expect 0 "put back by alice" as alice bwdir-del --restore "$file"
check "it says how" grep -qx \
    'ada: restored, unverified and without a password' "$work/out"
check "the entry is as it was" diff "$work/ada" <(entry_of ada)
check "she administers what she did" [ "$accounts" = \
    "$(entries "cn=5500001,ou=accounts,$BWDIR_BASE" | grep ^bwAccountAdmin)" ]
check "olga is hers again" holds "uid=olga,$people" "^owner: uid=ada,"
check "she got a code" [ -n "$(code_for ada@example.com)" ]
expect 0 "it is good" verify ada "$(code_for ada@example.com)" 9195550777 \
    Marker_ada_password
snapshot >"$work/before"
expect 0 "put back twice" as alice bwdir-del --restore "$file"
check "it says that there is nothing to do" grep -qx \
    'ada: is there, and nothing is missing' "$work/out"
check "and does nothing" cmp -s "$work/before" <(snapshot)
sed 's/^mail: .*/mail: another@example.com/' "$file" >"$work/other"
chmod 600 "$work/other"
for option in --no-mail -n; do
    expect 73 "the file of another ada, $option" as alice bwdir-del $option \
        --restore "$work/other"
    says 'user name "ada": already taken, by another user than the one in the file, whose mail differs'
done

# What is left by a deletion that was stopped before its last request.
halve ()
{
    root_modify <<END
dn: uid=ada,$people
changetype: modify
delete: bwRole
bwRole: cn=user-administrator,ou=roles,$BWDIR_BASE

dn: cn=5500001,ou=accounts,$BWDIR_BASE
changetype: modify
delete: bwAccountAdmin
bwAccountAdmin: uid=ada,$people

dn: uid=olga,$people
changetype: modify
delete: owner
END
}
entry_of ada >"$work/ada"
halve
expect 0 "-n of the rest" as alice bwdir-del -n --restore "$file"
check "adds no entry" lacks_line '^changetype: add' "$work/out"
check "but the role" grep -q '^bwRole: cn=user-administrator,' "$work/out"
check "of a change of rights she is owed no mail" lacks "uid=ada,$people" \
    '^bwMailOwed: access-changed'
expect 0 "one who was deleted by halves" as alice bwdir-del --restore "$file"
check "she is to be told of it" holds "uid=ada,$people" \
    '^bwMailOwed: access-changed'
check "it says so" grep -qx \
    'ada: was there; what was missing is restored' "$work/out"
check "the entry is as it was" diff "$work/ada" <(entry_of ada)
check "she administers what she did" [ "$accounts" = \
    "$(entries "cn=5500001,ou=accounts,$BWDIR_BASE" | grep ^bwAccountAdmin)" ]
check "olga is hers again" holds "uid=olga,$people" "^owner: uid=ada,"
check "she keeps her password" password_is ada Marker_ada_password
halve
expect 0 "to delete the rest of her" as alice bwdir-del --yes ada
check "names the file that has more of her" grep -qxF \
    "ada: kept before with more rights, in $file" "$work/out"
new_day
expect 0 "and that one" as alice bwdir-del --restore "$file"
check "brings all of it back" diff "$work/ada" \
    <(entry_of ada | sed 's/unverified/verified/')
expect 0 "with a code" verify ada "$(code_for ada@example.com)" 9195550777 \
    Marker_ada_password

bwdir-disable ada >/dev/null
entry_of ada >"$work/ada"
expect 0 "deleted by who may read the hash" bwdir-del --json --yes ada
file=$(newest ada)
whole=$file
check "JSON tells where it is kept" /usr/bin/python3 -c '
import json, sys
user = json.load(open(sys.argv[1]))["users"][0]
assert user["kept"] == sys.argv[2] and user["password_kept"], user' \
    "$work/out" "$file"
check "the file has the hash" grep -q '^userPassword:' "$file"
sed '/^pwdEndTime/d' "$file" >"$work/enabled"
chmod 600 "$work/enabled"
for who in alice bob dana; do
    for each in "$file" "$work/enabled"; do
        expect 77 "put back by $who, who may not store it" as $who bwdir-del \
            --restore "$each"
        says 'you are not permitted to put back this user'
        says 'without its line userPassword'
        check "nothing is half there" is_gone ada
    done
done
expect 0 "put back whole" bwdir-del --restore "$file"
check "the entry is as it was" diff "$work/ada" <(entry_of ada)
check "disabled as she was" holds "uid=ada,$people" '^pwdEndTime'
says 'warning: user name "ada": disabled, so that neither a password nor a code is of use before bwdir-enable ada'
sed 's/^mail: .*/mail: another@example.com/' "$file" >"$work/other"
for option in --no-mail -n; do
    expect 73 "with the hash, the file of another ada, $option" bwdir-del \
        $option --restore "$work/other"
    says 'another user than the one in the file, whose mail differs'
done
bwdir-enable ada >/dev/null
check "the password is the one it was" password_is ada Marker_ada_password
bwdir-passwd --reset --no-mail ada >/dev/null
bwdir-del --yes ada >/dev/null
expect 0 "one whose password was reset" bwdir-del --no-mail \
    --restore "$(newest ada)"
check "it is reset as it was" holds "uid=ada,$people" '^pwdReset: TRUE'
check "the code is owed" holds "uid=ada,$people" '^bwMailOwed: reset '
expect 0 "it is delivered" bwdir-mail
check "the code is one of a reset" holds "uid=ada,$people" \
    '^pwdPolicySubentry: cn=reset,ou=access,'
bwdir-passwd --reset --no-mail ada >/dev/null
as alice bwdir-del --yes ada >/dev/null
expect 0 "a reset one, without the hash" as alice bwdir-del --no-mail \
    --restore "$(newest ada)"
check "has no password to be reset" lacks "uid=ada,$people" '^pwdReset'
bwdir-disable ada >/dev/null
as alice bwdir-del --yes ada >/dev/null
expect 0 "a disabled one, without the hash" as alice bwdir-del --no-mail \
    --restore "$(newest ada)"
check "is disabled" holds "uid=ada,$people" '^pwdEndTime'

# ---- a code on its way --------------------------------------------------------

as ada bwdir-show ada >/dev/null 2>&1
bwdir-enable ada >/dev/null
expect 0 "with the code" bwdir-resend ada
verify ada "$(code_for ada@example.com)" 9195550777 Marker_ada_password \
    >/dev/null 2>&1
new_day
expect 0 "another phone" bwdir-mod --phone 9195550778 ada
check "its code has gone out" lacks "uid=ada,$people" '^bwMailOwed: confirm'
as root bwdir-del --yes ada >/dev/null
check "the log tells whom it was about" grep -q \
    "what=\"delete user\" entry=uid=ada,$people " "$sandbox/log.tools"
check "the file has that it is owed" grep -q '^bwMailOwed: confirm ' \
    "$(newest ada)"
expect 0 "put back with the hash" bwdir-del --restore "$(newest ada)"
check "a new one has gone out" grep -qx \
    'ada: confirmation code mailed to ada@example.com' "$work/out"
expect 0 "which is good, with the password that she had" verify ada \
    "$(code_for ada@example.com)" 9195550778 Marker_ada_password
new_day

# ---- locked for good ---------------------------------------------------------

for who in root alice; do
    lock_for_good ada
    owe_notice ada access-changed
    as "$who" bwdir-del --yes ada >/dev/null
    expect 0 "locked for good, put back by $who" as "$who" bwdir-del \
        --no-mail --restore "$(newest ada)"
    check "is locked" holds "uid=ada,$people" \
        '^pwdAccountLockedTime: 000001010000Z'
    says 'warning: user name "ada": disabled, so that'
    check "nothing is left out" lacks_line 'left out' "$work/err"
done
file=$(newest ada)
bwdir-enable ada >/dev/null
expect 0 "put back where she stands" as alice bwdir-del --restore "$file"
check "is locked again" holds "uid=ada,$people" \
    '^pwdAccountLockedTime: 000001010000Z'
bwdir-enable ada >/dev/null

# ---- what a new user could not be given --------------------------------------

bwdir-account products 5500001 --add uc >/dev/null
bwdir-mod --add-role e911-management ada >/dev/null
as alice bwdir-del --yes ada >/dev/null
bwdir-account products 5500001 --remove uc >/dev/null
expect 0 "a role whose product is gone" as alice bwdir-del --no-mail \
    --restore "$(newest ada)"
says 'warning: role "e911-management": left out, for it does not go with'
check "does not come back" lacks "uid=ada,$people" '^bwRole: cn=e911'
check "the others do" holds "uid=ada,$people" '^bwRole: cn=user-administrator'
bwdir-account products 5500001 --add uc >/dev/null
root_modify <<END
dn: uid=ada,$people
changetype: modify
replace: givenName
givenName:: $(printf 'A\001a' | base64)
END
expect 0 "a name that she gave herself" as alice bwdir-del --yes ada
file=$(newest ada)
says 'warning: first name "A'
says "to be put right in $file before --restore"
expect 65 "is refused" as alice bwdir-del --no-mail --restore "$file"
says 'first name "A'
sed -i 's/^givenName:.*/givenName: Ada/' "$file"
expect 0 "put right it is not" as alice bwdir-del --no-mail --restore "$file"

# ---- the admin of some of his accounts ---------------------------------------

bwdir-add --no-prompt --no-mail --first Sue --last Minn \
    --mail sue@example.com --phone 9195550779 --level admin \
    --access dashboard --account 5500001,5500002 \
    --role user-administrator sue >/dev/null
bwdir-account admins 5500001 --remove sue >/dev/null
bwdir-del --yes sue >/dev/null
expect 0 "put back" bwdir-del --no-mail --restore "$(newest sue)"
check "is the admin that she was" holds "cn=5500002,ou=accounts,$BWDIR_BASE" \
    '^bwAccountAdmin: uid=sue,'
check "and of no other account" lacks "cn=5500001,ou=accounts,$BWDIR_BASE" \
    '^bwAccountAdmin: uid=sue,'
bwdir-del --yes sue >/dev/null
sed -i '/^dn: cn=5500002,ou=accounts/,/^-/d' "$(newest sue)"
expect 0 "on no list" bwdir-del --no-mail --restore "$(newest sue)"
says 'warning: role "user-administrator": left out'
check "comes without the role" lacks "uid=sue,$people" \
    '^bwRole: cn=user-administrator,'
bwdir-del --yes sue >/dev/null

# ---- another's user whose owner she is ---------------------------------------

bwdir-add --no-prompt --no-mail --first Bx --last Minn --mail bx@example.com \
    --phone 9195550780 --level basic --access dashboard \
    --account 5500001,5500002 bx >/dev/null
root_modify <<END
dn: uid=bx,$people
changetype: modify
add: owner
owner: uid=wanda,$people
END
expect 0 "who owns a user of somebody else" as alice bwdir-del --yes wanda
says "warning: uid=bx,$people: names the deleted user as owner and is not yours to change"
check "is gone" is_gone wanda
is_nobodys ()
{
    for _ in $(seq 100); do
        ! lacks "uid=bx,$people" '^owner' || return 0
        sleep 0.02
    done
    return 1
}
check "the server has taken her away there" is_nobodys
check "and the file tells of it" \
    grep -qx "dn: uid=bx,$people" "$(newest wanda)"
expect 0 "put back by root" bwdir-del --no-mail --restore "$(newest wanda)"
check "she owns it again" holds "uid=bx,$people" '^owner: uid=wanda,'
bwdir-del --yes bx >/dev/null

# ---- a directory that is lost on the way -------------------------------------

traced+=(-e trace=sendto)
# eva NAME: an administrator who was kept whole and then deleted by halves.
eva ()
{
    bwdir-add --no-prompt --no-mail --first Eva --last Minn \
        --mail "$1@example.com" --phone 9195550778 --level admin \
        --access dashboard --account 5500001 --role user-administrator \
        "$1" >/dev/null
    bwdir-del --yes "$1" >/dev/null
    eval "$1=\$(newest $1)"
    bwdir-del --no-mail --restore "$(newest "$1")" >/dev/null
    root_modify <<END
dn: uid=$1,$people
changetype: modify
delete: bwRole

dn: cn=5500001,ou=accounts,$BWDIR_BASE
changetype: modify
delete: bwAccountAdmin
bwAccountAdmin: uid=$1,$people
END
}
eva eva1
eva eva2
expect 0 "a deletion that goes well" "${traced[@]}" -o "$work/trace" \
    "$(command -v bwdir-del)" --yes eva1
# The last one says that the tool leaves, the one before deletes the entry.
last=$(($(grep -c '^sendto(' "$work/trace") - 1))
expect 69 "the directory is lost before its last request" "${traced[@]}" \
    -o "$work/trace" -e inject="sendto:error=ECONNRESET:when=$last+" \
    "$(command -v bwdir-del)" --yes eva2
# shellcheck disable=SC2154 # eva() sets it
says "user \"eva2\": perhaps deleted in part; try again, or bwdir-del --restore $eva2"
check "she is there" holds "uid=eva2,$people" '^uid: eva2'
expect 0 "which is done" bwdir-del --restore "$eva2"
check "she has her role" holds "uid=eva2,$people" \
    '^bwRole: cn=user-administrator,'
check "and her account" holds "cn=5500001,ou=accounts,$BWDIR_BASE" \
    '^bwAccountAdmin: uid=eva2,'
bwdir-del --yes eva2 >/dev/null

# ---- files that are not fit -------------------------------------------------

file=$(newest ada)
bwdir-del --yes ada >/dev/null
snapshot >"$work/before"
refused () # STATUS WHAT TEXT SED
{
    sed -e "$4" "$file" >"$work/file"
    expect "$1" "$2" bwdir-del --restore "$work/file"
    says "$3"
    check "$2: nothing is written" cmp -s "$work/before" <(snapshot)
}
refused 65 "another entry" 'record 2: not what bwdir-del keeps' \
    "s/^dn: uid=ada,ou=people/dn: cn=ada,ou=services/"
refused 65 "a name that is another's" 'not what bwdir-del keeps' \
    's/^uid: ada/uid: dana/'
refused 65 "a further record" 'not what bwdir-del keeps of a user' "\$a\\
\\
dn: uid=dana,$people\\
changetype: modify\\
add: bwRole\\
bwRole: cn=user-administrator,ou=roles,$BWDIR_BASE\\
-"
refused 65 "an account for somebody else" 'not what bwdir-del keeps' \
    "s/^bwAccountAdmin: uid=ada/bwAccountAdmin: uid=dana/"
refused 65 "a value from a URL" 'no LDIF' \
    's,^sn: .*,sn:< file:///etc/passwd,'
refused 65 "half a file" 'no LDIF' 's/^givenName.*/givenName/'
refused 65 "a phone with hyphens" 'phone "919-555-0777": ten digits wanted' \
    's/^bwWorkPhone: .*/bwWorkPhone: 919-555-0777/'
: >"$work/file"
expect 65 "an empty file" bwdir-del --restore "$work/file"
says 'no user in it'
expect 65 "no file" bwdir-del --restore "$work/nosuch"
says "$work/nosuch: cannot open: No such file or directory"
cp "$file" "$work/file"
chmod 644 "$work/file"
expect 65 "a file that others may read" bwdir-del --restore "$work/file"
ln -s "$file" "$work/link"
expect 65 "a symbolic link" bwdir-del --restore "$work/link"
expect 64 "a file and a name" bwdir-del --restore "$file" dana
chmod 600 "$work/file"
sed -i 's/^bwAccount: .*/&\nbwAccount: cn=5599999,ou=accounts,dc=example,dc=com/' \
    "$work/file"
expect 0 "an account that is no more" as alice bwdir-del --no-mail \
    --restore "$work/file"
says 'warning: account "5599999": left out'

bwdir-del --yes ada >/dev/null
sed -e '/^bwAccount: /{p;s/cn=[0-9]*/cn=5599999/;s/^bwAccount/bwaccount/}' \
    -e '/^bwRole: cn=ordering/{p;s/cn=ordering/cn=nosuch/}' \
    -e "/^bwWorkPhone: /{p;s/.*/owner: uid=nosuch,$people/}" \
    "$whole" >"$work/file"
expect 0 "with the hash, what is no more" bwdir-del --no-mail \
    --restore "$work/file"
for what in 'account "5599999"' 'role "nosuch"' 'owner "nosuch"'; do
    says "warning: $what: left out"
done
check "is in no attribute either" lacks "uid=ada,$people" \
    'cn=5599999,\|=nosuch,'
check "what is there comes back" holds "uid=ada,$people" \
    '^bwAccount: cn=5500001,'

# ---- nothing goes that is not kept -----------------------------------------

snapshot >"$work/before"
not_deleted () # WHAT TEXT OPTION...
{
    local what=$1 text=$2
    shift 2
    expect 74 "$what" bwdir-del --yes "$@" dana
    says "$text"
    says 'user "dana": not deleted; --keep DIR names another place'
    check "$what: the directory is unchanged" \
        cmp -s "$work/before" <(snapshot)
}
mkdir -m 777 "$work/open"
chmod 777 "$work/open"
not_deleted "a directory where others write" 'nobody else may write there' \
    --keep "$work/open"
: >"$work/plain"
not_deleted "a directory that is none" 'no directory to keep a file in' \
    --keep "$work/plain"
not_deleted "a directory below nothing" 'no directory to keep a file in' \
    --keep "$work/no/such"
for option in '--keep' '--restore'; do
    expect 65 "$option ''" bwdir-del --yes "$option" '' dana
    says "$option \"\": empty; give "
    check "$option '': the directory is unchanged" \
        cmp -s "$work/before" <(snapshot)
done
ln -s "$kept" "$work/linked"
not_deleted "a symbolic link" 'no directory to keep a file in' \
    --keep "$work/linked"

cd "$work" || exit 99
run_examples "$top_srcdir/tools/bwdir-del.8"
finish
