#!/bin/bash
# The table of rights in bwdir-schema(5), cell by cell on a real server: who
# reads and who writes which attribute of a user.
# SPDX-License-Identifier: BSD-2-Clause
. "$(dirname "$0")/sandbox.bash"
user=uid=gina,$people
services=ou=services,$BWDIR_BASE
accounts=ou=accounts,$BWDIR_BASE

# The rows of the table: attribute, then what stands under each column.
awk '/^\.Ss A user.s entry/ { inside = 1 } inside && /^\.El/ { exit }
    inside && /^\.It / { gsub(/^\.It | Ta |\*/, " "); print }' \
    "$top_srcdir/schema/bwdir-schema.5" |
    sed 's/Sy //g;s/all others/others/' >"$work/table"
read -ra columns < <(head -n 1 "$work/table")

# Gina has two accounts: alice administers both, bob one of them and another.
root_modify <<END
dn: cn=5500002,$accounts
changetype: modify
add: bwAccountAdmin
bwAccountAdmin: uid=alice,$people

dn: cn=5500003,$accounts
changetype: add
objectClass: bwAccountRecord
cn: 5500003
bwAccountAdmin: uid=alice,$people
bwAccountAdmin: uid=bob,$people

dn: cn=olaf,$services
changetype: add
objectClass: applicationProcess
cn: olaf

dn: cn=operators,$services
changetype: modify
add: member
member: cn=olaf,$services
END
# shellcheck disable=SC2054 # names have commas
declare -A dn=(
    [self]=$user [admin]=uid=alice,$people [part]=uid=bob,$people
    [bwdird]=cn=bwdird,$services [outbox]=cn=outbox,$services
    [operator]=cn=olaf,$services [decoy]=cn=decoy,$services
    [colleague]=uid=dana,$people)

# The entry with values of everything.
id=20261123120000z.0123456789abcde
entries "$user" >"$work/entry"
{
    grep -vE '^(memberOf|hasSub|entry|struct|subschema|creat|modif|.*State)' \
        "$work/entry" | sed '/^$/d;1a changetype: add'
    cat <<END
bwVerificationState: unverified
displayName: Gina
description: none
owner: uid=dana,$people
pwdHistory: 20260101000000Z#1.3.6.1.4.1.1466.115.121.1.40#3#abc
pwdFailureTime: 20260101000000Z
pwdGraceUseTime: 20260101000000Z
pwdReset: FALSE
pwdEndTime: 20990101000000Z
pwdAccountLockedTime: 20260101000000Z
bwMailOwed: access-changed ${id}1
bwMailSent: 20261123.1 gina@example.com
bwMailRefused: ${id}1 gina@example.com 550 no
bwMailNotBefore: 20260101000000Z
bwMailAttempts: 1
bwMailReminder: 14 20270101000000Z
END
} >"$work/full"

put_back ()
{
    { printf 'dn: %s\nchangetype: delete\n\n' "$user"
      cat "$work/full"; } | root_modify
}

# As somebody: whoever it is, the root DN speaks for him.
as () # WHO COMMAND...
{
    local who=$1 command=$2
    shift 2
    "$command" -Q -Y EXTERNAL -H "$BWDIR_LDAPI" -e "!authzid=dn:${dn[$who]}" \
        "$@"
}

# What a legitimate client would send to write an attribute.
change_of () # WHO ATTRIBUTE
{
    local value
    case $2 in
    objectClass) value=person ;;
    uid | cn | sn | givenName | displayName | others) value=other ;;
    mail) value=other@example.com ;;
    bwWorkPhone) value=9195550188 ;;
    bwVerificationState) value=unverified ;;
    bwAdministrationLevel) value='admin' ;;
    bwRole) value=cn=porting,ou=roles,$BWDIR_BASE ;;
    bwAccount) value=cn=5500003,$accounts ;;
    pwdPolicySubentry) value=cn=api,ou=access,$BWDIR_BASE ;;
    owner) value=uid=carl,$people ;;
    userPassword) value=Another-password-1 ;;
    pwdHistory) value='20260101000000Z#1.3.6.1.4.1.1466.115.121.1.40#3#def' ;;
    pwdReset) value=TRUE ;;
    bwMailOwed) value="access-changed ${id}2"
                [ "$1" != self ] || value="confirm ${id}2" ;;
    bwMailSent) value='20261123.2 gina@example.com' ;;
    bwMailRefused) value="${id}2 gina@example.com 550 no" ;;
    bwMailAttempts) value=2 ;;
    bwMailReminder) value='7 20270101000000Z' ;;
    *) value=20990202000000Z ;;
    esac
    case $2 in
    others) printf 'replace: description\ndescription: %s\n' "$value" ;;
    objectClass | uid | bwRole | bwAccount | bwMailOwed | bwMailSent | \
        bwMailRefused) printf 'add: %s\n%s: %s\n' "$2" "$2" "$value" ;;
    *) printf 'replace: %s\n%s: %s\n' "$2" "$2" "$value" ;;
    esac
}

# The removal of a value that is there.
removal_of () # ATTRIBUTE
{
    printf 'delete: %s\n%s: ' "$1" "$1"
    case $1 in
    bwAccount) echo "cn=5500002,$accounts" ;;
    *) sed -n "s/^$1: //p" "$work/full" ;;
    esac
}

takes () # WHO, LDIF on standard input
{
    { printf 'dn: %s\nchangetype: modify\n' "$user"
      cat; } | as "$1" ldapmodify >/dev/null 2>"$work/err" && put_back
}

refuses ()
{
    ! takes "$1"
}

# One cell: WHO may do LETTERS with ATTRIBUTE.
cell () # WHO ATTRIBUTE LETTERS
{
    local can
    # A user name is given when the user is added.
    case $3 in *[wa]*) can=takes ;; *) can=refuses ;; esac
    [ "$2" != uid ] || can=refuses
    check "$2, $1: $3, written or not" $can "$1" < <(change_of "$1" "$2")
    case $2 in bwAccount | bwMailOwed | bwMailSent | bwMailRefused) ;;
    *) return ;;
    esac
    case $3 in *[wd]*) can=takes ;; *) can=refuses ;; esac
    check "$2, $1: $3, taken away or not" $can "$1" < <(removal_of "$2")
}

# What somebody reads of the entry, against a column of the table.
reads () # WHO COLUMN
{
    as "$1" ldapsearch -LLL -o ldif-wrap=no -b "$user" -s base '*' + \
        2>"$work/err" | sed -n 's/^\([A-Za-z]*\):.*/\1/p' | sort -u |
        grep -vx dn >"$work/seen"
    awk -v column="$2" 'NR > 1 && $(column + 1) ~ /r/ { print $1 }' \
        "$work/table" | sort >"$work/wanted"
    # All others: any attribute that has no row.
    awk 'NR > 1 { print $1 }' "$work/table" >"$work/rows"
    if grep -qx others "$work/wanted"; then
        grep -qx description "$work/seen" &&
            grep -qx modifyTimestamp "$work/seen" || return 1
    elif grep -vxFf "$work/rows" "$work/seen"; then
        return 1
    fi
    diff <(grep -vx others "$work/wanted") \
        <(grep -xFf "$work/rows" "$work/seen")
}

put_back
check "the table has its columns" [ "${columns[*]}" = \
    "Attribute self admin part bwdird outbox" ]
for ((i = 1; i < ${#columns[@]}; i++)); do
    check "${columns[i]} reads what the table says" reads "${columns[i]}" "$i"
done
while read -ra row; do
    for ((i = 1; i < ${#columns[@]}; i++)); do
        cell "${columns[i]}" "${row[0]}" "${row[i]}"
    done
done < <(tail -n +2 "$work/table")

for who in decoy colleague; do
    as $who ldapsearch -LLL -b "$user" dn >"$work/out" 2>&1
    check "$who sees nothing of a user" [ $? -eq 32 ]
    check "$who writes nothing" refuses $who < <(change_of $who cn)
done
for attribute in cn bwAccount userPassword description bwMailOwed; do
    check "operators write $attribute" takes operator \
        < <(change_of operator "${attribute/description/others}")
done
as operator ldapsearch -LLL -b "$user" '*' + >"$work/out"
check "operators read everything" grep -q ^bwMailOwed: "$work/out"
check "but passwords" bash -c '! grep -E "^(userPassword|pwdHistory)" "$1"' \
    - "$work/out"

# Passwords: who is held to what; nobody stores but argon2.
hash='{ARGON2}$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHRzYWx0$'
hash+=$(printf 'A%.0s' {1..43})
set_to () # VALUE
{
    printf 'replace: userPassword\nuserPassword: %s\n' "$1"
}
check "a user stores no hash" refuses self < <(set_to "$hash")
check "and no short password" refuses self < <(set_to short)
check "an admin stores a hash" takes admin < <(set_to "$hash")
check "and a short password" takes admin < <(set_to short)
for who in self admin operator; do
    check "$who stores no {SSHA}" refuses $who < <(set_to '{SSHA}c2FsdHNhbHQ=')
    check "nor {CLEARTEXT}" refuses $who < <(set_to '{CLEARTEXT}secret-words')
done
"$top_srcdir/tests/edit-entry" uid=gina,ou=people 'delete pwdReset'
set_to Another-password-1 | sed "1i dn: $user\nchangetype: modify" |
    as admin ldapmodify >/dev/null 2>"$work/err"
check "what an admin sets is to be changed" holds "$user" '^pwdReset: TRUE'

sed -i 's/^pwdReset: .*/pwdReset: TRUE/' "$work/full"
put_back
for attribute in userPassword mail bwWorkPhone; do
    check "$attribute of who has been reset is not his to write" \
        refuses self < <(change_of self $attribute)
    check "but an admin's" takes admin < <(change_of admin $attribute)
done
sed -i 's/^pwdReset: .*/pwdReset: FALSE/' "$work/full"
put_back

for who in self part colleague operator; do
    code=50
    [ $who != operator ] || code=0
    expect $code "$who deletes a user" as $who ldapdelete "$user"
done
root_modify <"$work/full"

sed -i 's/^bwVerificationState: .*/bwVerificationState: verified/' "$work/full"
put_back
for who in self admin; do
    for attribute in mail bwWorkPhone; do
        check "$attribute of a verified user stays: $who" refuses $who \
            < <(change_of $who $attribute)
    done
    check "back to unverified: $who" takes $who \
        < <(change_of $who bwVerificationState)
done

# ---- the entries that the page describes in words ---------------------------

# sees WHO DN [ATTRIBUTE...]: these and no others but what the server keeps of
# each entry.
sees ()
{
    local who=$1 entry=$2
    shift 2
    as "$who" ldapsearch -LLL -o ldif-wrap=no -b "$entry" -s base '*' + \
        2>"$work/err" | sed -n 's/^\([A-Za-z]*\):.*/\1/p' | sort -u |
        grep -vE '^(dn|entry|struct|subschema|creat|modif|has)' >"$work/seen"
    diff <(printf '%s\n' "$@" | sed '/^$/d' | sort) "$work/seen"
}

newt=uid=newt,$people
credential=$(ldapsearch -Q -LLL -Y EXTERNAL -o ldif-wrap=no -H "$BWDIR_LDAPI" \
    -b "$newt" -s one dn | sed -n 's/^dn: //p')
# shellcheck disable=SC2054 # names have commas
dn+=([newt]=$newt [credential]=$credential [stranger]=uid=carl,$people)
root_modify <<END
dn: cn=5500002,$accounts
changetype: modify
add: displayName
displayName: Second
-
add: bwProduct
bwProduct: uc

dn: $newt
changetype: modify
add: bwAccount
bwAccount: cn=5500002,$accounts
END
for who in admin outbox; do
    check "$who reads a credential, but its password" sees $who "$credential" \
        objectClass cn mail bwWorkPhone bwSetsPassword bwDelivered \
        pwdPolicySubentry pwdChangedTime
done
check "a credential reads its class and bwSetsPassword" sees credential \
    "$credential" objectClass bwSetsPassword
for who in admin outbox; do
    printf 'dn: %s\nchangetype: modify\nreplace: %s\n%s\n' "$credential" \
        bwSetsPassword "bwSetsPassword: FALSE" >"$work/change"
    expect 50 "$who changes nothing of it" as $who ldapmodify \
        -f "$work/change"
    printf 'dn: %s\nchangetype: modify\nreplace: %s\n%s\n' "$credential" \
        bwDelivered "bwDelivered: 20260101000000Z" >"$work/change"
    expect 0 "but its mark" as $who ldapmodify -f "$work/change"
done
for who in newt part bwdird stranger decoy; do
    check "$who sees nothing of a credential" sees $who "$credential"
done
account=cn=5500002,$accounts
for who in part bwdird outbox; do
    check "$who reads an account and its admins" sees $who "$account" \
        objectClass cn displayName bwProduct bwAccountAdmin
done
check "its user reads an account, but its admins" sees stranger "$account" \
    objectClass cn displayName bwProduct
check "another user sees nothing of it" sees colleague "$account"
for who in colleague part; do
    check "$who reads a role" sees $who "cn=porting,ou=roles,$BWDIR_BASE" \
        objectClass cn displayName description memberURL
    check "$who reads the units" sees $who "ou=people,$BWDIR_BASE" \
        objectClass ou description
done
for who in bwdird outbox; do
    check "$who sees no role" sees $who "cn=porting,ou=roles,$BWDIR_BASE"
done
for who in colleague bwdird outbox; do
    check "$who reads an access method" sees $who \
        "cn=verification,ou=access,$BWDIR_BASE" objectClass cn description \
        pwdAttribute pwdMaxAge pwdCheckQuality pwdLockout pwdLockoutDuration \
        pwdMaxFailure pwdAllowUserChange
done
for who in admin colleague bwdird; do
    check "$who sees no service" sees $who "cn=outbox,$services"
done
for entry in "$account" "cn=porting,ou=roles,$BWDIR_BASE" \
    "cn=api,ou=access,$BWDIR_BASE" "cn=outbox,$services"; do
    printf 'dn: %s\nchangetype: modify\nreplace: description\n%s\n' "$entry" \
        "description: other" >"$work/change"
    for who in admin part outbox; do
        expect 50 "$who does not write ${entry%%,*}" as $who ldapmodify \
            -f "$work/change"
    done
    expect 0 "operators write ${entry%%,*}" as operator ldapmodify \
        -f "$work/change"
done

# Hosts.
dn[nss]=cn=nss,$services
check "hosts see nothing of who has no posixAccount" sees nss "$user"
check "nor of a role that is no group" sees nss "cn=ordering,ou=roles,$BWDIR_BASE"
"$top_srcdir/tests/edit-entry" uid=gina,ou=people 'add objectClass posixAccount' \
    'add uidNumber 10001' 'add gidNumber 10000' 'add homeDirectory /home/gina'
# The examples of the page's section HOSTS: a user and a role.
awk '/^\.Sh/ { hosts = $2 == "HOSTS" }
    /^END/ { inside = 0; print "" }
    inside
    hosts && /^ldapmodify .*<<END/ { inside = 1 }' \
    "$top_srcdir/schema/bwdir-schema.5" | root_modify
check "hosts read a user who has it" sees nss "$user" objectClass uid cn \
    uidNumber gidNumber homeDirectory
check "and a role that is one" sees nss "cn=ordering,ou=roles,$BWDIR_BASE" \
    objectClass cn gidNumber
as nss ldapsearch -LLL -b "cn=ordering,ou=roles,$BWDIR_BASE" member >"$work/out"
check "with its members, as far as they have it" [ \
    "$(grep -c ^member: "$work/out")" -eq 1 ]
as nss ldapsearch -LLL -b "$people" '(bwRole=*)' dn >"$work/out"
check "they find him by roles" grep -q "^dn: $user" "$work/out"
as nss ldapsearch -LLL -b "$people" '(|(mail=*)(bwAccount=*)(sn=*))' dn \
    >"$work/out"
check "and by nothing else" [ ! -s "$work/out" ]

# ---- what the page's LIMITS say ---------------------------------------------

adds () # WHO NAME: result code
{
    printf 'dn: uid=%s,%s\nobjectClass: inetOrgPerson\nuid: %s\nsn: x\ncn: x\n' \
        "$2" "$people" "$2" | as "$1" ldapadd >/dev/null 2>"$work/err"
}
expect 68 "limit: a name that is taken can be told" adds colleague bob
expect 50 "limit: from one that is not" adds colleague nobody
sed -i 's/^bwVerificationState: .*/bwVerificationState: unverified/' \
    "$work/full"
put_back
# relaxed VERB ATTRIBUTE VALUE: as the user himself, with the Relax control
relaxed ()
{
    printf 'dn: %s\nchangetype: modify\n%s: %s\n%s: %s\n' "$user" "$1" "$2" \
        "$2" "$3" | as self ldapmodify -e relax >/dev/null 2>"$work/err"
}
check "limit: with Relax a second password" relaxed add userPassword \
    Another-password-1
check "limit: with Relax a second mail address" relaxed add mail \
    other@example.com
check "limit: with Relax a phone with hyphen and blank" relaxed replace \
    bwWorkPhone '919-555 0177'
put_back
# A connection that stays open while its user is disabled.
{
    printf 'dn: %s\nchangetype: modify\nreplace: displayName\n%s\n\n' \
        "uid=dana,$people" "displayName: Before"
    for ((i = 0; i < 200; i++)); do
        ! holds "uid=dana,$people" '^displayName: Before' || break
        sleep 0.05
    done
    "$top_srcdir/tests/edit-entry" uid=dana,ou=people \
        'replace pwdEndTime 20200101000000Z'
    printf 'dn: %s\nchangetype: modify\nreplace: displayName\n%s\n\n' \
        "uid=dana,$people" "displayName: After"
} | ldapmodify -x -H "$BWDIR_LDAPI" -D "uid=dana,$people" \
    -y "$sandbox/secrets/dana" >"$work/out" 2>&1
check "limit: a disabled user goes on with a connection that he has" \
    holds "uid=dana,$people" '^displayName: After'
check "and binds no more" bash -c '! ldapwhoami -x -H "$1" -D "$2" -y "$3"' - \
    "$BWDIR_LDAPI" "uid=dana,$people" "$sandbox/secrets/dana" 2>"$work/err"
finish
