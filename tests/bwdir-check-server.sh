#!/bin/bash
# bwdir-check(8) of what a server holds: its configuration, policies, users.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/check.bash" || exit 99

# ---- the server's configuration --------------------------------------------

database='olcDatabase={1}mdb,cn=config'
ppolicy="olcOverlay={0}ppolicy,$database"
unique="olcOverlay={1}unique,$database"

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

# ---- who is past the rules ---------------------------------------------------

values cn=config olcAuthzRegexp
change "$operators" add member "uid=olga,$people"
config cn=config olcAuthzRegexp "${values[@]}" \
    "{1}\"uid=([^,]*),cn=plain,cn=auth\" \"cn=\$1, $BWDIR_BASE\"" \
    "{2}uid=x,cn=external,cn=auth CN=Admin,$BWDIR_BASE" \
    "{3}uid=y,cn=external,cn=auth cn=outbox,ou=services,$BWDIR_BASE" \
    "{4}uid=z,cn=external,cn=auth uid=olga,$people" \
    "{5}uid=([^,]*),cn=gssapi,cn=auth ldap:///$BWDIR_BASE??sub?(uid=\$1)" \
    "{6}uid=([^,]*),cn=gs2,cn=auth uid=\$1,$people" \
    "{7}uid=([^,]*),cn=scram,cn=auth ldap:///$people??one?(uid=\$1)" \
    "{8}gidNumber=7\\+uidNumber=7,cn=peercred,cn=external,cn=auth \
cn=admin,$BWDIR_BASE"
broken "mappings to who has more rights than users" \
    'WARN server olcAuthzRegexp'
tells "cn=plain,cn=auth becomes cn=\$1, $BWDIR_BASE, a root DN" \
    "uid=x,cn=external,cn=auth becomes" ", an identity of ou=services" \
    ", an operator" ", whom a search outside of ou=people finds" \
    "uidNumber=7,cn=peercred,cn=external,cn=auth becomes"
config cn=config olcAuthzRegexp "${values[@]}"
change "$operators" delete member "uid=olga,$people"

values "$database" olcRootPW
for password in Marker-in-clear '{cleartext}Marker-in-clear' \
    '{SHA}0DPiKuNIrrVmD8IUCuw1hQxNqZc='; do
    config "$database" olcRootPW "$password"
    broken "the root DN's password is readable" 'WARN server olcRootPW'
    tells "$database: olcRootPW is in clear, or hashed without salt"
    check "it is not shown" bash -c '! grep -q Marker-in "$1"' - "$work/out"
done
config "$database" olcRootPW '{SSHA}y/iNUoWwdXWqLe+pyrm5hBj6EzlzYWx0c2FsdA=='
run bwdir-check --json
judged 0 ''
config "$database" olcRootPW "${values[@]}"

ldapmodify -Q -Y EXTERNAL -H "$BWDIR_LDAPI" >/dev/null <<END
dn: cn=module{0},cn=config
changetype: modify
add: olcModuleLoad
olcModuleLoad: memberof
olcModuleLoad: syncprov

dn: olcOverlay=memberof,$database
changetype: add
objectClass: olcMemberOf
olcOverlay: memberof

dn: olcOverlay=syncprov,$database
changetype: add
objectClass: olcSyncProvConfig
olcOverlay: syncprov
END
broken "an overlay that bwdir does not know" 'WARN server additions'
tells "the overlay memberof, which bwdir does not know -> see slapo-memberof(5)"
ldapdelete -Q -Y EXTERNAL -H "$BWDIR_LDAPI" "olcOverlay={5}memberof,$database"
run bwdir-check --json
judged 0 ''

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

change "cn=5500002,ou=accounts,$BWDIR_BASE" delete bwAccountAdmin
broken "an account without an admin, an admin without an account" \
    'WARN users admins'
tells "account 5500002: no admin -> bwdir-account admins 5500002 --add" \
    "bob: level admin, and admin of no account -> bwdir-mod --level admin bob"
change "cn=5500002,ou=accounts,$BWDIR_BASE" add bwAccountAdmin \
    "uid=bob,$people"

bwdir-disable --force bob >/dev/null
broken "an account with nobody but a disabled admin" 'WARN users admins'
tells "account 5500002: no admin who is not disabled -> bwdir-account admins"
bwdir-enable bob >/dev/null

id=$(date -u +%Y%m%d%H%M%SZ).0123456789abcdef
change "uid=bob,$people" add bwMailRefused "$id old@example.com 550 gone"
run bwdir-check --json
check "an address that he has no more is nobody's matter" grep -q \
    'no address to be seen that a mail server has refused' "$work/out"
change "uid=bob,$people" add bwMailRefused \
    "$id Bob@example.com 550 no such mailbox"
broken "an address that a mail server has refused" 'WARN users mail'
tells "bob: mail to bob@example.com was refused: 550 no such mailbox -> \
bwdir-mod --mail ADDRESS bob"
change "uid=bob,$people" delete bwMailRefused

# ---- nothing there -----------------------------------------------------------

ldapdelete -Q -Y EXTERNAL -H "$BWDIR_LDAPI" -r "$BWDIR_BASE"
run bwdir-check --json
check "exit status 2" [ "$status" -eq 2 ]
check "that the database is empty is told once" [ "$(told "$work/out" |
    grep -v '^FAIL daemon' | grep FAIL)" = 'FAIL directory base' ]
tells "has an empty database for it, or dn:cn=admin,$BWDIR_BASE sees nothing \
there -> run bwdir-init -b $BWDIR_BASE"
finish
