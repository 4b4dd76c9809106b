#!/bin/bash
# What the directory itself does, asked with the ordinary LDAP tools: which
# attributes programs read, passwords and their history, and the life of a
# sign-up credential.  Who may do what is tests/battery.sh's.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/sandbox.bash" || exit 99

verification=cn=verification,ou=access,$BWDIR_BASE
accounts=ou=accounts,$BWDIR_BASE

# ---- asking ------------------------------------------------------------------

# The options that bind as WHO: root, a user, a program, or the sign-up
# credential for the code in $work/NAME ("NAME/code").
bind_as ()
{
    case $1 in
    root) options=(-Q -Y EXTERNAL) ;;
    */code) options=(-x -D "$(credential_for "${1%/code}")"
        -y "$work/${1%/code}") ;;
    bwdird | outbox) options=(-x -D "cn=$1,ou=services,$BWDIR_BASE"
        -y "$sandbox/secrets/$1") ;;
    *) options=(-x -D "uid=$1,$people" -y "$sandbox/secrets/$1") ;;
    esac
    options+=(-H "$BWDIR_LDAPI")
}

credential_for () # NAME
{
    local group
    group=$(head -c 5 "$work/$1")
    printf %s "cn=verification-${group,,},uid=$1,$people"
}

search () # WHO [ldapsearch options]
{
    local options
    bind_as "$1"
    shift
    ldapsearch -LLL -o ldif-wrap=no "${options[@]}" -b "$BWDIR_BASE" "$@" \
        2>"$work/err"
}

# modify CODE WHO WHAT [ldapmodify options]: LDIF on standard input.
modify ()
{
    local code=$1 who=$2 what=$3 options
    shift 3
    bind_as "$who"
    expect "$code" "$what" ldapmodify "${options[@]}" "$@"
}

# change CODE WHO USER WHAT OP ATTRIBUTE [VALUE]: of a user's entry.
change ()
{
    modify "$1" "$2" "$4" <<END
dn: uid=$3,$people
changetype: modify
$5: $6${7+
$6: $7}
END
}

value () # NAME ATTRIBUTE: as the root DN sees it
{
    search root -b "uid=$1,$people" -s base "$2" | sed -n "s/^$2: //p"
}

# An account and role less than bwdir-add would give: what is needed here.
user_ldif () # NAME
{
    cat <<END
dn: uid=$1,$people
changetype: add
objectClass: inetOrgPerson
objectClass: bwUser
uid: $1
givenName: New
sn: User
cn: New User
mail: $1@example.com
bwWorkPhone: 9195550200
bwAdministrationLevel: basic
bwVerificationState: unverified
pwdPolicySubentry: cn=dashboard,ou=access,$BWDIR_BASE
bwAccount: cn=5500001,$accounts

END
}

# The credential of NAME, for PHONE, with a known code that bind_as finds.
credential_ldif () # NAME PHONE TRUE|FALSE CODE
{
    printf %s "$4.$2" >"$work/$1"
    cat <<END
dn: $(credential_for "$1")
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

delete_ldif () # DN
{
    printf 'dn: %s\nchangetype: delete\n\n' "$1"
}

redeem_ldif () # NAME [PASSWORD]
{
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

redeem () # CODE NAME WHAT [PASSWORD]
{
    local code=$1 name=$2 what=$3
    shift 3
    modify "$code" "$name/code" "$what" < <(redeem_ldif "$name" "$@")
}

fresh_user () # NAME SETS-PASSWORD CODE
{
    modify 0 alice "alice adds $1 with a credential" < <(
        user_ldif "$1"
        credential_ldif "$1" 9195550200 "$2" "$3")
}

# ---- passwords ---------------------------------------------------------------

# Known and not to be helped: slapo-ppolicy compares the old password before
# the access rules are asked, so the answer tells a guess from the password,
# and nothing is counted.
guess () # CODE WHAT GUESS
{
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
check "known limit: neither is counted" [ -z "$(value alice pwdFailureTime)" ]

password () # STATUS WHAT OLD NEW
{
    printf %s "$3" >"$work/old"
    printf %s "$4" >"$work/new"
    expect "$1" "$2" ldappasswd -x -H "$BWDIR_LDAPI" -D "uid=rolf,$people" \
        -y "$work/old" -t "$work/old" -T "$work/new"
}
old=$(cat "$sandbox/secrets/rolf")
password 1 "rolf sets no short password" "$old" short
password 0 "rolf changes his password" "$old" Marker-rolf-12345
# The past, so that the least age of his policy is over.
modify 0 root "a day passes" -e relax <<END
dn: uid=rolf,$people
changetype: modify
replace: pwdChangedTime
pwdChangedTime: $(date -u -d -1day +%Y%m%d%H%M%SZ)
END
password 1 "and not back to the old one" Marker-rolf-12345 "$old"
check "because it is in the history" \
    grep -q history "$work/out" "$work/err"
check "where the server keeps hashes" holds "uid=rolf,$people" \
    '^pwdHistory: .*{ARGON2}'
change 0 alice dana "alice resets dana's password" replace userPassword \
    Marker-dana-54321
check "which is to be changed at once" [ "$(value dana pwdReset)" = TRUE ]

# ---- what programs and groups show -------------------------------------------

attributes_of () # WHO: names of all that it reads of users
{
    search "$1" -b "$people" '(objectClass=bwUser)' '*' + |
        grep -Eo '^[a-zA-Z]+:' | sort -u | tr -d '\n'
}

read_by_both=bwAccount:bwAdministrationLevel:bwRole:bwVerificationState:
check "bwdird reads what a sign-in is decided by" [ "$(attributes_of bwdird)" = \
    "${read_by_both}dn:objectClass:pwdChangedTime:pwdEndTime:\
pwdPolicySubentry:pwdReset:uid:" ]
check "the outbox reads whom to write to as well" [ "$(attributes_of outbox)" = \
    "${read_by_both}bwWorkPhone:cn:dn:givenName:mail:objectClass:\
pwdChangedTime:pwdEndTime:pwdPolicySubentry:pwdReset:sn:uid:" ]
for who in bwdird outbox; do
    check "$who reads the six access methods and policies" \
        [ "$(search $who -b "ou=access,$BWDIR_BASE" dn | grep -c ^dn:)" -eq 6 ]
    check "$who sees no roles" \
        [ -z "$(search $who -b "ou=roles,$BWDIR_BASE" dn)" ]
done
check "alice sees the roles of dana as groups" \
    [ "$(search alice -b "uid=dana,$people" memberOf | grep -c ^memberOf:)" \
    -eq 1 ]
check "and finds her by role" grep -q "^dn: uid=dana" <(
    search alice "(memberOf=cn=ordering,ou=roles,$BWDIR_BASE)" dn)
for role in e911-management external-tns http-application-management; do
    change 0 alice dana "$role in an account with its product" add bwRole \
        "cn=$role,ou=roles,$BWDIR_BASE"
    change 50 bob carl "$role in one without" add bwRole \
        "cn=$role,ou=roles,$BWDIR_BASE"
done
modify 50 bob "an admin listed with an option, whom nobody would see" <<END
dn: cn=5500002,$accounts
changetype: modify
add: bwAccountAdmin;lang-en
bwAccountAdmin;lang-en: uid=bob,$people
END
modify 19 root "a second entry of the same user name" <<END
dn: cn=other+uid=DANA,$people
changetype: add
objectClass: inetOrgPerson
cn: other
sn: other
uid: DANA
END

# ---- redeeming a code --------------------------------------------------------

new=Marker-redeemed-12345
code=AAAAABBBBBCCCCCDDDDD
fresh_user cora TRUE $code
check "cora has no password yet" [ -z "$(value cora pwdChangedTime)" ]
search cora/code -b "$(credential_for cora)" -s base >"$work/seen"
check "the credential sees of itself its class and flag" \
    [ "$(sed '/^$/d' "$work/seen" | sort | tr '\n' ' ')" = "bwSetsPassword: \
TRUE dn: $(credential_for cora) objectClass: bwVerification " ]
check "of the tree nothing" [ -z "$(search cora/code dn)" ]
printf %s "$code.919-555-0200" >"$work/cora"
redeem 49 cora "another spelling of the phone" $new
printf %s "$code.9195550200" >"$work/cora"
redeem 19 cora "a short password" short
check "leaves cora unverified" [ "$(state_of cora)" = unverified ]
redeem 0 cora "redeeming" $new
check "verifies cora" [ "$(state_of cora)" = verified ]
check "and sets her password" password_is cora $new
check "which starts its age" [ -n "$(value cora pwdChangedTime)" ]
check "and is not to be changed" [ -z "$(value cora pwdReset)" ]
modify 0 cora/code "the credential deletes itself" < <(
    delete_ldif "$(credential_for cora)")
redeem 49 cora "and is gone" $new

fresh_user dora FALSE $code
redeem 50 dora "with the flag off: a password" $new
redeem 0 dora "with the flag off: none"
fresh_user eve TRUE $code
change 0 alice eve "alice corrects eve's mail" replace mail eve2@example.com
redeem 50 eve "a code for the mail before" $new
fresh_user fay TRUE $code
change 0 alice fay "alice corrects fay's phone" replace bwWorkPhone 9195550201
redeem 50 fay "a code for the phone before" $new

# ---- a code that is replaced -------------------------------------------------

# hold NAME: a connection that is bound with the code and waits; its LDIF
# comes through a pipe.
hold ()
{
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
binds ()
{
    grep -c "BIND dn=\"cn=verification-[^,]*,uid=$1,.*mech=SIMPLE" \
        "$sandbox/slapd.log"
}
release () # CODE WHAT LDIF
{
    printf '%s\n' "$3" >&9
    exec 9>&-
    expect "$1" "$2" wait "$held"
}

fresh_user gwen TRUE $code
cp "$work/gwen" "$work/gwen.old"
hold gwen
modify 0 alice "alice issues gwen another code" < <(
    delete_ldif "$(credential_for gwen)"
    credential_ldif gwen 9195550200 TRUE EEEEEFFFFFGGGGGHHHHH)
release 50 "who was bound with the old one cannot redeem the new one" \
    "$(redeem_ldif gwen $new)"
check "gwen is unverified still" [ "$(state_of gwen)" = unverified ]
cp "$work/gwen" "$work/gwen.new"
cp "$work/gwen.old" "$work/gwen"
redeem 49 gwen "the old code" $new
cp "$work/gwen.new" "$work/gwen"
redeem 0 gwen "the new code" $new

# ---- its life ----------------------------------------------------------------

fresh_user hal TRUE $code
cp "$work/hal" "$work/hal.right"
printf %s "${code:0:5}wrong" >"$work/hal"
for _ in 1 2 3 4 5 6 7 8 9 10; do
    search hal/code -s base dn >/dev/null
done
cp "$work/hal.right" "$work/hal"
redeem 49 hal "locked after ten wrong tries" $new
sed 's/-//g; s/$/.9195550110/' "$sandbox/secrets/newt" | tr -d '\n' \
    >"$work/newt"
modify 0 root "a credential grows 73 hours old" -e relax <<END
dn: $(credential_for newt)
changetype: modify
replace: pwdChangedTime
pwdChangedTime: $(date -u -d '-73 hours' +%Y%m%d%H%M%SZ)
END
redeem 49 newt "past its time" $new
modify 0 outbox "the outbox replaces a credential" < <(
    delete_ldif "$(credential_for newt)"
    credential_ldif newt 9195550110 TRUE $code)
redeem 0 newt "which newt redeems" $new

# ---- the files ---------------------------------------------------------------

expect 0 "slaptest" slaptest -u -F "$sandbox/conf"
says 'config file testing succeeded'

# Both forms of the schema, as slapd understands them.
definitions ()
{
    sed -e ':a' -e '$!N;s/\n //;ta' -e 'P;D' "$1" |
        sed -n 's/^\(olc[AO][a-zA-Z]*\): {[0-9]*}/\1 /p' | tr -s ' '
}
{
    for name in core cosine nis inetorgperson dyngroup; do
        echo "include /etc/ldap/schema/$name.schema"
    done
    echo "include $top_srcdir/schema/bwdir.schema"
} >"$work/slapd.conf"
mkdir "$work/converted"
slaptest -f "$work/slapd.conf" -F "$work/converted" >"$work/slaptest" 2>&1
for file in "$work/converted" "$sandbox/conf"; do
    definitions "$file/cn=config/cn=schema/cn={5}bwdir.ldif" \
        >"$work/definitions.$(basename "$file")"
done
defined=$(grep -cE '^(attributetype|objectclass) ' \
    "$top_srcdir/schema/bwdir.schema")
check "bwdir.ldif defines the $defined things of bwdir.schema" \
    [ "$(wc -l <"$work/definitions.conf")" -eq "$defined" ]
check "in the same words" cmp "$work/definitions.conf" \
    "$work/definitions.converted"
check "each with a description" \
    [ "$(grep -c "DESC '..*'" "$work/definitions.conf")" -eq "$defined" ]
check "pwdMinDelay is set nowhere" [ -z "$(grep -rihs --include='*.ldif' \
    '^pwdMinDelay' "$top_srcdir/schema")" ]
finish
