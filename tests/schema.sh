#!/bin/bash
# What the directory itself enforces, asked with the ordinary LDAP tools: who
# sees what, who may write what, and what a sign-up credential is good for.
#
# SPDX-License-Identifier: BSD-2-Clause
set -u
export LC_ALL=C LDAPNOINIT=1 PATH="$PATH:/usr/sbin:/sbin"
source=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd) || exit 1
export BWDIR_BUILDDIR=${BWDIR_BUILDDIR:-${top_builddir:-$PWD}}
sandbox=$(mktemp -d /tmp/bw.XXXXXX) || exit 1
trap '"$source/contrib/sandbox" stop "$sandbox" --remove' EXIT
"$source/contrib/sandbox" start "$sandbox" || exit 1
# shellcheck disable=SC1091 # made by the sandbox
. "$sandbox/env"
work=$sandbox/test
mkdir "$work"
trap 'rm -rf "$work"; "$source/contrib/sandbox" stop "$sandbox" --remove' EXIT
people=ou=people,$BWDIR_BASE
verification=cn=verification,ou=access,$BWDIR_BASE
failures=0

# ---- asking -----------------------------------------------------------------

note() { # RC DESCRIPTION
    if [ "$1" -eq 0 ]; then
        echo "ok - $2"
    else
        echo "not ok - $2"
        failures=$((failures + 1))
    fi
}

# The options that bind as WHO: anonymous, root, a user, a service, or the
# sign-up credential of a user ("user/code").
bind_as() {
    case $1 in
    anonymous) options=(-x) ;;
    root) options=(-Q -Y EXTERNAL) ;;
    */code) options=(-x -D "$(credential "${1%/code}")"
        -y "$work/${1%/code}") ;;
    bwdird | outbox) options=(-x -D "cn=$1,ou=services,$BWDIR_BASE"
        -y "$sandbox/secrets/$1") ;;
    *) options=(-x -D "uid=$1,$people" -y "$sandbox/secrets/$1") ;;
    esac
    options+=(-H "$BWDIR_LDAPI")
}

# The DN of the sign-up credential for the code in $work/NAME.
credential() { # NAME
    local group
    group=$(head -c 5 "$work/$1")
    printf %s "cn=verification-${group,,},uid=$1,$people"
}

search() { # WHO [ldapsearch options]
    local options
    bind_as "$1"
    shift
    ldapsearch -LLL -o ldif-wrap=no "${options[@]}" -b "$BWDIR_BASE" "$@" \
        2>"$work/stderr"
}

# Sends standard input as LDIF and expects a result code.
modify() { # CODE WHO DESCRIPTION [ldapmodify options]
    local code=$1 who=$2 what=$3 options rc
    shift 3
    bind_as "$who"
    ldapmodify "${options[@]}" "$@" >/dev/null 2>"$work/stderr"
    rc=$?
    [ "$rc" -eq "$code" ]
    note $? "$what: $code"
    [ "$rc" -eq "$code" ] || sed "s/^/    $rc: /" "$work/stderr"
}

# One change of a user's entry: "op: attribute", then value lines.
change() { # CODE WHO USER DESCRIPTION OP ATTRIBUTE [VALUE]
    {
        printf 'dn: uid=%s,%s\nchangetype: modify\n%s: %s\n' "$3" "$people" \
            "$5" "$6"
        [ $# -lt 7 ] || printf '%s: %s\n' "$6" "$7"
    } | modify "$1" "$2" "$4"
}

check_count() { # WANTED DESCRIPTION: lines on standard input
    local lines
    lines=$(wc -l)
    [ "$lines" -eq "$1" ]
    note $? "$2: $1 lines, found $lines"
}

user_ldif() { # NAME ACCOUNT...
    local name=$1 account
    shift
    cat <<END
dn: uid=$name,$people
changetype: add
objectClass: inetOrgPerson
objectClass: bwUser
uid: $name
givenName: New
sn: User
cn: New User
mail: $name@example.com
bwWorkPhone: 9195550200
bwAdministrationLevel: basic
bwVerificationState: unverified
pwdPolicySubentry: cn=dashboard,ou=access,$BWDIR_BASE
bwRole: cn=ordering,ou=roles,$BWDIR_BASE
END
    for account; do
        echo "bwAccount: cn=$account,ou=accounts,$BWDIR_BASE"
    done
}

# The sign-up credential of NAME, for PHONE, with a known code (what matters
# here is the rules) that is kept for bind_as.
credential_ldif() { # NAME PHONE TRUE|FALSE CODE
    printf %s "$4.$2" >"$work/$1"
    cat <<END
dn: $(credential "$1")
changetype: add
objectClass: bwVerification
cn: verification-$(head -c 5 "$work/$1")
mail: $1@example.com
bwWorkPhone: $2
bwSetsPassword: $3
pwdPolicySubentry: $verification
userPassword: $4.$2
END
}

delete_ldif() {
    printf 'dn: %s\nchangetype: delete\n' "$1"
}

# What redeems a code, with a password or without.
redeem_ldif() { # NAME [PASSWORD]
    cat <<END
dn: uid=$1,$people
changetype: modify
delete: bwVerificationState
bwVerificationState: unverified
-
add: bwVerificationState
bwVerificationState: verified
END
    [ $# -eq 1 ] || printf -- '-\nreplace: userPassword\nuserPassword: %s\n' \
        "$2"
}

fresh_user() { # NAME SETS-PASSWORD CODE
    {
        user_ldif "$1" 5500001
        echo
        credential_ldif "$1" 9195550200 "$2" "$3"
    } | modify 0 alice "alice adds $1 with a credential"
}

value() { # WHO NAME ATTRIBUTE
    search "$1" -b "uid=$2,$people" -s base "$3" | sed -n "s/^$3: //p"
}

# ---- who sees what ----------------------------------------------------------

search anonymous >"$work/seen"
[ $? -eq 53 ] && [ ! -s "$work/seen" ]
note $? "anonymous searches nothing"

for who in alice dana newt/code bwdird outbox; do
    sed 's/-//g; s/$/.9195550110/' "$sandbox/secrets/newt" |
        tr -d '\n' >"$work/newt"
    search "$who" '(objectClass=*)' '*' + | grep -Eic '^(userPassword|pwdHistory):' |
        grep -qx 0
    note $? "$who reads no hash"
    search "$who" '(userPassword=*)' dn | check_count 0 \
        "$who finds nothing by password"
done
modify 0 root "the root DN puts alice among the operators" <<END
dn: cn=operators,ou=services,$BWDIR_BASE
changetype: modify
add: member
member: uid=alice,$people
END
search alice '*' + | grep -Eiq '^(userPassword|pwdHistory):'
[ $? -eq 1 ]
note $? "an operator reads no hash"
change 0 alice carl "an operator changes carl" replace givenName Carla
change 0 alice carl "and sets his password" replace userPassword \
    Marker-carl-54321
modify 0 root "and takes her out" <<END
dn: cn=operators,ou=services,$BWDIR_BASE
changetype: modify
delete: member
member: uid=alice,$people
END

search bwdird -b "$people" '*' + | grep -Eo '^[a-zA-Z]+:' | sort -u |
    tr -d '\n' >"$work/seen"
[ "$(cat "$work/seen")" = "bwAccount:bwAdministrationLevel:bwRole:\
bwVerificationState:dn:objectClass:pwdChangedTime:pwdEndTime:\
pwdPolicySubentry:pwdReset:uid:" ]
note $? "bwdird reads of users: $(cat "$work/seen")"
search bwdird -b "ou=access,$BWDIR_BASE" dn | grep -c ^dn: | grep -qx 6
note $? "bwdird reads the access methods and policies"
search bwdird -b "ou=accounts,$BWDIR_BASE" bwProduct | grep -c '^bw' |
    grep -qx 3
note $? "bwdird reads the accounts"
search bwdird "(mail=dana@example.com)" dn | check_count 0 \
    "bwdird finds nobody by mail"
search bwdird -b "ou=roles,$BWDIR_BASE" dn | check_count 0 \
    "bwdird sees no roles"

search outbox -b "$people" '(objectClass=bwUser)' '*' + |
    grep -Eo '^[a-zA-Z]+:' | sort -u | tr -d '\n' >"$work/seen"
[ "$(cat "$work/seen")" = "bwAccount:bwAdministrationLevel:bwRole:\
bwVerificationState:bwWorkPhone:cn:dn:givenName:mail:objectClass:\
pwdChangedTime:pwdEndTime:pwdPolicySubentry:pwdReset:sn:uid:" ]
note $? "the outbox reads of users: $(cat "$work/seen")"
search outbox -b "ou=accounts,$BWDIR_BASE" bwAccountAdmin |
    grep -c ^bwAccountAdmin | grep -qx 2
note $? "the outbox reads who administers the accounts"
search outbox -b "$people" '(objectClass=bwVerification)' bwDelivered |
    grep -c ^bwDelivered | grep -qx 1
note $? "the outbox sees that newt's mail is delivered"

search dana '(objectClass=bwUser)' dn | grep ^dn: | check_count 1 \
    "dana sees herself and no other user"
search dana '(objectClass=bwAccountRecord)' '*' |
    grep -Ec '^(dn|bwAccountAdmin):' | grep -qx 1
note $? "dana sees her account and not who administers it"
search alice -b "uid=dana,$people" -s base '*' memberOf >"$work/seen"
for wanted in "cn: Dana Dyer" "mail: dana@example.com" \
    "bwWorkPhone: 9195550103" "bwAdministrationLevel: basic" \
    "bwRole: cn=ordering,ou=roles,$BWDIR_BASE" \
    "bwAccount: cn=5500001,ou=accounts,$BWDIR_BASE" \
    "memberOf: cn=ordering,ou=roles,$BWDIR_BASE"; do
    grep -qx "$wanted" "$work/seen"
    note $? "alice sees of dana: $wanted"
done
search alice "(memberOf=cn=ordering,ou=roles,$BWDIR_BASE)" dn |
    grep -q "^dn: uid=dana"
note $? "alice finds dana by role"
search alice "(uid=carl)" dn | check_count 0 "alice does not see carl"
search alice "(uid=gina)" mail | grep -q gina@
note $? "alice sees gina, who is also somebody else's"

# ---- programs write nothing -------------------------------------------------

for who in bwdird outbox; do
    change 50 $who dana "$who changes no user" replace description x
    change 50 $who newt "$who verifies nobody" replace bwVerificationState \
        verified
    change 50 $who newt "$who sets no password" replace userPassword \
        Marker-given-12345
    modify 50 $who "$who does not change its own password" <<END
dn: cn=$who,ou=services,$BWDIR_BASE
changetype: modify
replace: userPassword
userPassword: Marker-other-12345
END
    user_ldif intruder 5500001 | modify 50 $who "$who adds no user"
done
modify 50 bwdird "bwdird changes no access method" <<END
dn: cn=dashboard,ou=access,$BWDIR_BASE
changetype: modify
replace: pwdMaxAge
pwdMaxAge: 1
END

# ---- account admins ---------------------------------------------------------

user_ldif amy 5500001 | modify 0 alice "alice adds a user of 5500001"
user_ldif ben 5500002 | modify 50 alice "alice adds none of 5500002"
user_ldif ben 5500001 5500002 | modify 50 alice "nor of both"
user_ldif ben 5599999 | modify 50 alice "nor of one that does not exist"
user_ldif ben | modify 50 alice "nor without an account"
user_ldif ben 5500001 | modify 50 dana "dana adds nobody"
user_ldif ben 5500001 | sed 's/unverified/verified/' |
    modify 50 alice "alice adds nobody as verified"
{ user_ldif ben 5500001; echo 'userPassword: {SSHA}c2FsdA=='; } |
    modify 50 alice "alice stores no weak hash"
user_ldif ben 5500001 | sed 's/cn=ordering,/cn=user-administrator,/' |
    modify 50 alice "alice makes no basic user a User Administrator"
user_ldif ben 5500001 | sed 's/cn=ordering,/cn=no-such-role,/' |
    modify 50 alice "alice grants no role that does not exist"
user_ldif ben 5500001 | sed 's/9195550200/919-555-0200/' |
    modify 19 alice "a phone with hyphens"
user_ldif Ben 5500001 | modify 19 alice "a user name with a capital"
user_ldif ben 5500001 | sed 's/: basic/: Basic/' |
    modify 19 alice "a level with a capital"
user_ldif ben 5500001 | sed 's/cn=dashboard,/cn=service,/' |
    modify 50 alice "an access method that is none"
{ user_ldif ben 5500001; echo 'userPassword: Marker-amy-12345'; } |
    modify 0 alice "alice adds a user with a password"
search root -b "uid=ben,$people" -s base userPassword |
    sed -n 's/^userPassword:: //p' | base64 -d | grep -q '^{ARGON2}'
note $? "which is stored as a hash"
for role in e911-management external-tns http-application-management; do
    change 0 alice amy "alice grants $role in 5500001" add bwRole \
        "cn=$role,ou=roles,$BWDIR_BASE"
    change 50 bob carl "bob does not grant $role in 5500002" add bwRole \
        "cn=$role,ou=roles,$BWDIR_BASE"
done
change 0 bob carl "bob grants porting in 5500002" add bwRole \
    "cn=porting,ou=roles,$BWDIR_BASE"
change 0 alice amy "alice changes a name" replace givenName Amelia
change 0 alice amy "alice changes the access method" replace \
    pwdPolicySubentry "cn=api,ou=access,$BWDIR_BASE"
change 0 alice amy "alice resets a password" replace userPassword \
    Marker-amy-54321
change 0 alice amy "alice disables" replace pwdEndTime 20200101000000Z
change 50 alice amy "alice verifies nobody" replace bwVerificationState \
    verified
change 50 alice amy "alice gives away no foreign account" add bwAccount \
    "cn=5500002,ou=accounts,$BWDIR_BASE"
change 50 alice carl "alice does not change carl" replace givenName x
change 50 alice carl "alice does not take carl" add bwAccount \
    "cn=5500001,ou=accounts,$BWDIR_BASE"
change 50 alice gina "alice does not change gina" replace givenName x
change 50 alice gina "alice does not set gina's password" replace \
    userPassword Marker-gina-54321
change 0 alice gina "alice takes her account from gina" delete bwAccount \
    "cn=5500001,ou=accounts,$BWDIR_BASE"
change 50 alice alice "alice does not raise herself: account" add bwAccount \
    "cn=5500002,ou=accounts,$BWDIR_BASE"
change 50 alice alice "alice does not raise herself: role" add bwRole \
    "cn=porting,ou=roles,$BWDIR_BASE"
change 50 alice dana "a verified user's mail stays" replace mail x@example.com
change 0 alice dana "it may change once unverified" replace \
    bwVerificationState unverified
change 0 alice dana "then the mail" replace mail dana2@example.com
delete_ldif "uid=alice,$people" | modify 50 alice "alice does not delete herself"
delete_ldif "uid=carl,$people" | modify 50 alice "alice does not delete carl"
delete_ldif "uid=amy,$people" | modify 0 alice "alice deletes a user"
printf 'dn: uid=ben,%s\nchangetype: modrdn\nnewrdn: uid=bert\ndeleteoldrdn: 0\n' \
    "$people" | tee "$work/rename" | modify 53 alice "alice renames nobody"
modify 53 root "nor does the root DN" <"$work/rename"
user_ldif ben 5500001 | modify 68 root "a name that is taken"
modify 19 root "a second entry with the name" <<END
dn: cn=other+uid=BEN,$people
changetype: add
objectClass: inetOrgPerson
cn: other
sn: other
uid: BEN
END
modify 50 alice "the Relax control opens nothing" -e '!relax' <<END
dn: uid=ben,$people
changetype: modify
replace: bwWorkPhone
bwWorkPhone: 12
END

# ---- a user's own -----------------------------------------------------------

change 0 wanda wanda "wanda changes her name" replace givenName Wandy
bind_as wanda
ldapcompare "${options[@]}" "uid=wanda,$people" "userPassword:{ARGON2}" \
    >/dev/null 2>&1
[ $? -eq 50 ]
note $? "wanda does not compare her hash"
for attribute in bwAdministrationLevel:admin \
    "bwRole:cn=porting,ou=roles,$BWDIR_BASE" \
    "bwAccount:cn=5500002,ou=accounts,$BWDIR_BASE" \
    "pwdPolicySubentry:cn=api,ou=access,$BWDIR_BASE" uid:wendy \
    objectClass:dcObject pwdEndTime:20990101000000Z; do
    change 50 wanda wanda "wanda does not raise herself: ${attribute%%:*}" \
        add "${attribute%%:*}" "${attribute#*:}"
done 2>/dev/null
change 0 wanda wanda "wanda un-verifies herself" replace bwVerificationState \
    unverified
change 0 wanda wanda "and changes her phone" replace bwWorkPhone 9195550299
change 50 wanda wanda "and does not verify herself" replace \
    bwVerificationState verified
# A second password would leave the first one valid, and new in age.
change 19 olga olga "olga adds no second password" add userPassword \
    Marker-olga-second
change 19 alice olga "nor does an account admin" add userPassword \
    Marker-olga-second
# What is known and cannot be helped: slapo-ppolicy compares the old password
# before the access rules are asked, so the answer tells a guess from the
# password, and nothing is counted.
guess() { # CODE DESCRIPTION GUESS
    modify "$1" rolf "$2" <<END
dn: uid=alice,$people
changetype: modify
delete: userPassword
userPassword: $3
-
add: userPassword
userPassword: Marker-alice-other
END
}
guess 53 "known limit: a wrong guess shows" Marker-alice-guess
guess 50 "known limit: and the right one too, without any right" \
    "$(cat "$sandbox/secrets/alice")"
[ -z "$(value root alice pwdFailureTime)" ]
note $? "known limit: neither is counted"
old=$(cat "$sandbox/secrets/rolf")
password() { # RESULT DESCRIPTION OLD NEW
    printf %s "$3" >"$work/old"
    printf %s "$4" >"$work/new"
    ldappasswd -v -x -H "$BWDIR_LDAPI" -D "uid=rolf,$people" -y "$work/old" \
        -t "$work/old" -T "$work/new" 2>&1 | tee "$work/stderr" |
        grep -q "^Result: $1"
    note $? "$2: $1"
}
password "Constraint violation (19)" "rolf sets no short password" "$old" short
password "Success (0)" "rolf changes his password" "$old" Marker-rolf-12345
# The past, so that the least age of his policy is over.
modify 0 root "a day passes" -e relax <<END
dn: uid=rolf,$people
changetype: modify
replace: pwdChangedTime
pwdChangedTime: $(date -u -d -1day +%Y%m%d%H%M%SZ)
END
password "Constraint violation (19)" "and not back to the old one" \
    Marker-rolf-12345 "$old"
grep -q history "$work/stderr"
note $? "because it is in the history"
search root -b "uid=rolf,$people" -s base pwdHistory | grep -q '{ARGON2}'
note $? "for the server keeps hashes of old passwords"

# ---- the sign-up credential -------------------------------------------------

new=Marker-redeemed-12345
code=AAAAABBBBBCCCCCDDDDD
fresh_user cora TRUE $code
[ "$(value root cora pwdChangedTime)" = "" ]
note $? "cora has no password yet"
search cora/code -b "$(credential cora)" -s base >"$work/seen"
[ "$(sed '/^$/d' "$work/seen" | sort | tr '\n' ' ')" = "bwSetsPassword: TRUE \
dn: $(credential cora) objectClass: bwVerification " ]
note $? "the credential sees of itself its class and flag"
search cora/code dn | check_count 0 "of the tree nothing"
search cora/code -b "uid=cora,$people" -s base | check_count 0 \
    "and of its user nothing"
printf %s "$code.919-555-0200" >"$work/cora"
redeem_ldif cora $new | modify 49 cora/code "another spelling of the phone"
printf %s "$code.9195550200" >"$work/cora"
change 50 cora/code cora "the credential changes no role" add bwRole \
    "cn=porting,ou=roles,$BWDIR_BASE"
change 50 cora/code cora "no mail" replace mail x@example.com
change 50 cora/code cora "stores no {CLEARTEXT}" replace userPassword \
    '{CLEARTEXT}Marker-x-12345'
change 50 cora/code wanda "touches no other user" replace userPassword $new
change 50 cora/code newt "verifies no other user" delete \
    bwVerificationState unverified
redeem_ldif cora short | modify 19 cora/code "a short password"
[ "$(value root cora bwVerificationState)" = unverified ]
note $? "leaves cora unverified"

# A connection that is bound and waits: its LDIF comes through a pipe.
hold() { # NAME
    local options before
    bind_as "$1/code"
    before=$(binds "$1")
    mkfifo "$work/held"
    ldapmodify "${options[@]}" <"$work/held" >/dev/null 2>&1 &
    held=$!
    exec 9>"$work/held"
    rm "$work/held"
    while [ "$(binds "$1")" -eq "$before" ]; do
        sleep 0.01
    done
}
binds() {
    grep -c "BIND dn=\"cn=verification-[^,]*,uid=$1,.*mech=SIMPLE" \
        "$sandbox/slapd.log"
}
release() { # CODE DESCRIPTION LDIF
    printf '%s\n' "$3" >&9
    exec 9>&-
    wait "$held"
    local rc=$?
    [ $rc -eq "$1" ]
    note $? "$2: $1, got $rc"
}

hold cora
redeem_ldif cora $new | modify 0 cora/code "redeeming"
printf %s $new >"$sandbox/secrets/cora"
[ "$(value cora cora bwVerificationState)" = verified ]
note $? "verifies cora and sets her password"
[ -z "$(value cora cora pwdReset)" ] && [ -n "$(value cora cora pwdChangedTime)" ]
note $? "which starts its age and is not to be changed"
release 50 "redeeming over a second connection that was bound before" \
    "$(redeem_ldif cora Marker-again-12345)"
change 50 cora/code cora "the password alone" replace userPassword \
    Marker-again-12345
delete_ldif "$(credential cora)" |
    modify 0 cora/code "the credential deletes itself"
redeem_ldif cora $new | modify 49 cora/code "and is gone"

fresh_user dora FALSE $code
redeem_ldif dora $new | modify 50 dora/code "with the flag off: a password"
redeem_ldif dora | modify 0 dora/code "with the flag off: none"

fresh_user eve TRUE $code
change 0 alice eve "alice corrects eve's mail" replace mail eve2@example.com
redeem_ldif eve $new | modify 50 eve/code "a code for the mail before"
fresh_user fay TRUE $code
change 0 alice fay "alice corrects fay's phone" replace bwWorkPhone 9195550201
redeem_ldif fay $new | modify 50 fay/code "a code for the phone before"

fresh_user gwen TRUE $code
cp "$work/gwen" "$work/gwen.old"
hold gwen
delete_ldif "$(credential gwen)" |
    modify 0 alice "alice takes gwen's credential back"
release 50 "its bound connection is good for nothing" \
    "$(redeem_ldif gwen $new)"
credential_ldif gwen 9195550200 TRUE $code |
    modify 0 alice "alice puts it back"
hold gwen
{
    delete_ldif "$(credential gwen)"
    echo
    credential_ldif gwen 9195550200 TRUE EEEEEFFFFFGGGGGHHHHH
} | modify 0 alice "alice issues another"
release 50 "who was bound with the old code cannot redeem the new one" \
    "$(redeem_ldif gwen $new)"
[ "$(value root gwen bwVerificationState)" = unverified ]
note $? "gwen is unverified still"
cp "$work/gwen" "$work/gwen.new"
cp "$work/gwen.old" "$work/gwen"
redeem_ldif gwen $new | modify 49 gwen/code "the old code"
cp "$work/gwen.new" "$work/gwen"
redeem_ldif gwen $new | modify 0 gwen/code "the new code"

# ---- its life ---------------------------------------------------------------

fresh_user hal TRUE $code
cp "$work/hal" "$work/hal.right"
printf %s "${code:0:5}wrong" >"$work/hal"
for _ in 1 2 3 4 5 6 7 8 9 10; do
    search hal/code -s base dn >/dev/null
done
cp "$work/hal.right" "$work/hal"
redeem_ldif hal $new | modify 49 hal/code "locked after ten wrong tries"
modify 0 root "a credential grows 73 hours old" -e relax <<END
dn: $(credential newt)
changetype: modify
replace: pwdChangedTime
pwdChangedTime: $(date -u -d '-73 hours' +%Y%m%d%H%M%SZ)
END
redeem_ldif newt $new | modify 49 newt/code "past its time"

{
    delete_ldif "$(credential newt)"
    echo
    credential_ldif newt 9195550110 TRUE $code
} | modify 0 outbox "the outbox replaces a credential"
modify 0 outbox "and marks it delivered" <<END
dn: $(credential newt)
changetype: modify
replace: bwDelivered
bwDelivered: 20300101000000Z
END
modify 0 alice "as alice may" <<END
dn: $(credential newt)
changetype: modify
replace: bwDelivered
bwDelivered: 20310101000000Z
END
credential_ldif olga 9195550106 TRUE $code |
    modify 50 outbox "the outbox makes none below a verified user"
credential_ldif carl 9195550111 TRUE $code |
    modify 50 alice "alice makes none below carl"
credential_ldif newt 9195550110 TRUE $code |
    sed 's/cn=verification,ou=access/cn=service,ou=access/' >"$work/forever"
{
    delete_ldif "$(credential newt)"
    echo
    cat "$work/forever"
} | modify 50 alice "alice makes none that lives for ever"
credential_ldif newt 9195550110 TRUE $code | modify 0 alice "but a proper one"
redeem_ldif newt $new | modify 0 newt/code "which newt redeems"

# ---- the files --------------------------------------------------------------

slaptest -u -F "$sandbox/conf" >"$work/slaptest" 2>&1 &&
    [ "$(cat "$work/slaptest")" = "config file testing succeeded" ]
note $? "slaptest: $(cat "$work/slaptest")"

# Both forms of the schema, as slapd understands them.
definitions() {
    sed -e ':a' -e '$!N;s/\n //;ta' -e 'P;D' "$1" |
        sed -n 's/^\(olc[AO][a-zA-Z]*\): {[0-9]*}/\1 /p' | tr -s ' '
}
{
    for name in core cosine inetorgperson dyngroup; do
        echo "include /etc/ldap/schema/$name.schema"
    done
    echo "include $source/schema/bwdir.schema"
} >"$work/slapd.conf"
mkdir "$work/converted"
slaptest -f "$work/slapd.conf" -F "$work/converted" >"$work/slaptest" 2>&1
for file in "$work/converted" "$sandbox/conf"; do
    definitions "$file/cn=config/cn=schema/cn={4}bwdir.ldif" \
        >"$work/definitions.$(basename "$file")"
done
defined=$(grep -cE '^(attributetype|objectclass) ' \
    "$source/schema/bwdir.schema")
[ "$(wc -l <"$work/definitions.conf")" -eq "$defined" ] &&
    cmp "$work/definitions.conf" "$work/definitions.converted"
note $? "bwdir.schema and bwdir.ldif define the same $defined things"
[ "$(grep -c "DESC '..*'" "$work/definitions.conf")" -eq "$defined" ]
note $? "each with a description"
[ "$(grep -c . "$source/schema/access.rules")" -gt 0 ] &&
    ! grep -ri --include='*.ldif' pwdMinDelay "$source/schema" | grep -qv '#'
note $? "pwdMinDelay is set nowhere"

echo "$failures failed"
[ "$failures" -eq 0 ]
