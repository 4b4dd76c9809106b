#!/bin/bash
# bwdir-init on servers that bwdir has never seen: as Debian's package makes
# them, with somebody's own configuration, half installed, and as an earlier
# bwdir left them.
# SPDX-License-Identifier: BSD-2-Clause
own_servers=yes
# shellcheck source=tests/sandbox.bash
. "$(dirname "${BASH_SOURCE[0]}")/sandbox.bash"
export PATH=$top_builddir/tools:$PATH
init=$top_builddir/tools/bwdir-init
root=gidNumber=0+uidNumber=0,cn=peercred,cn=external,cn=auth
stock=/usr/share/slapd/slapd.init.ldif
alice=(--account 5500001 --admin alice --first Alice --last Archer
       --mail alice@example.com --phone 9195550101 --no-prompt)

# What `make install` puts together.
mkdir "$home/schema"
cp "$top_srcdir"/schema/{base,database,frontend,overlays,stock}.ldif \
    "$top_builddir"/schema/{access,bwdir,modules}.ldif "$home/schema" || exit 99
[ -r $stock ] || { echo "not ok - $stock: not there; it comes with slapd"
                   exit 1; }

# server NAME [SUFFIX]: a slapd as Debian's package configures it, in
# $home/NAME; whoever runs this is root to it.  Sets what the tools need.
server ()
{
    local tries base=${2-dc=nodomain}
    here=$home/$1
    uri=ldapi://${here//\//%2F}%2Fldapi/
    mkdir -p "$here"/{conf,db,mail/new,mail/cur,mail/tmp}
    {
        sed -e "s|@SUFFIX@|$base|; s|@PASSWORD@|secret|" \
            -e "s|/var/lib/ldap|$here/db|; s|/var/run/slapd|$here|" \
            -e "/^cn: config/a olcAuthzRegexp: gidNumber=$(id -g)\\\\+uidNumber=$(id -u),cn=peercred,cn=external,cn=auth $root" \
            $stock
        [ ! -e "$here.ldif" ] || cat "$here.ldif"
    } >"$here/init.ldif"
    slapadd -n0 -F "$here/conf" -l "$here/init.ldif" || exit 99
    printf '%s\n' "dn: $base" 'objectClass: organization' \
        'objectClass: dcObject' 'o: nodomain' 'dc: nodomain' |
        slapadd -n1 -F "$here/conf" || exit 99
    cat >"$here/bwdir.conf" <<END
base = '$base'
uri = { '$uri' }
tools { sasl-mech = EXTERNAL log = '$here/tools.log' }
bwdird { bind-dn = 'cn=bwdird,ou=services,$base'
         secret-file = '$here/bwdird.secret' user = root }
outbox { bind-dn = 'cn=outbox,ou=services,$base'
         secret-file = '$here/outbox.secret' }
mail { transport = maildir maildir = '$here/mail' from = 'a@example.com'
       template-dir = '$top_srcdir/tools/mail/templates' }
END
    slapd -d stats -F "$here/conf" -h "$uri" >"$here/log" 2>&1 &
    children+=($!)
    for ((tries = 0; tries < 500; tries++)); do
        ! ldapwhoami -Q -Y EXTERNAL -H "$uri" >/dev/null 2>&1 || break
        sleep 0.02
    done
    export BWDIR_CONF=$here/bwdir.conf BWDIR_LDAPI=$uri BWDIR_BASE=$base \
        BWDIR_MAILDIR=$here/mail
    people=ou=people,$base
}

# bwdir-init with what is in the source tree.
bwdir_init ()
{
    "$init" --schema-dir "${schema-$home/schema}" "$@"
}

modify () # LDIF on standard input
{
    ldapmodify -Q -Y EXTERNAL -H "$uri" >/dev/null
}

# The configuration, but for what is never the same; also what slapd holds in
# memory and has not written.
configuration ()
{
    ldapsearch -Q -LLL -Y EXTERNAL -o ldif-wrap=no -H "$uri" -b cn=config |
        sed "s|$here|HERE|g"
}

# The entries that bwdir-init makes, without what a moment or chance decides.
data ()
{
    ldapsearch -Q -LLL -Y EXTERNAL -o ldif-wrap=no -H "$uri" -b "$BWDIR_BASE" \
        '(!(objectClass=simpleSecurityObject))'
}

did () # LINES: the last command told so many changes
{
    [ "$(grep -cE ': (added|replaced)$|: added, in ' "$work/out")" -eq "$1" ]
}

nothing_to_do () # WHAT
{
    expect 0 "$1" bwdir_init
    check "$1: nothing to do" [ "$(cat "$work/out")" = "nothing to do" ]
}

# ---- as Debian's package leaves it -------------------------------------------

server stock
expect 0 "a stock slapd, first account and first admin" \
    bwdir_init --json "${alice[@]}"
check "its object is what the page says" "$top_srcdir/tests/json-keys.py" \
    "$top_srcdir/tools/bwdir-init.8" "$work/out"
check "bwdird's identity signs in with its file" ldapwhoami -x -H "$uri" \
    -D "cn=bwdird,ou=services,$BWDIR_BASE" -y "$here/bwdird.secret"
check "the outbox's too" ldapwhoami -x -H "$uri" \
    -D "cn=outbox,ou=services,$BWDIR_BASE" -y "$here/outbox.secret"
check "the files are for their owner alone" \
    [ "$(stat -c %a "$here"/*.secret | tr '\n' ' ')" = "400 400 " ]
check "nothing tells a secret" bash -c \
    "! grep -rFe \"\$(cat '$here/bwdird.secret')\" '$here'/*log '$work/out'"
code=$(code_for alice@example.com)
expect 0 "the first admin verifies himself with the mailed code" \
    verify alice "$code" 9195550101 Marker-alice-1 Marker-alice-1
check "and signs in" password_is alice Marker-alice-1
printf Marker-alice-1 >"$work/alice"
chmod 600 "$work/alice"
expect 0 "and adds a user" bwdir-add --no-prompt --no-mail --first Bea \
    --last Brown --mail bea@example.com --phone 9195550102 --level basic \
    --access dashboard --account 5500001 -D "uid=alice,$people" \
    -y "$work/alice" bea
check "anonymous sees nothing" bash -c \
    "! ldapsearch -x -LLL -H '$uri' -b '$BWDIR_BASE' 2>/dev/null | grep ."
nothing_to_do "a second run"
expect 0 "the same command again" bwdir_init "${alice[@]}"
check "has nothing to do either" grep -qx "nothing to do" "$work/out"
run bwdir_init -n
check "-n prints nothing then" [ "$status" -eq 0 ] && [ ! -s "$work/out" ]
run bwdir_init --json
check "--json" /usr/bin/python3 -c 'import json, sys
answer = json.load(open(sys.argv[1]))
assert answer["ok"] and answer["exit"] == 0' "$work/out"
configuration >"$home/stock.config"
data | grep -vE '^(dn: uid=|uid: )' | sed -n '/^dn: ou=/,$p' >"$home/stock.data"

# ---- secrets ------------------------------------------------------------------

rm -f "$here/bwdird.secret"
expect 78 "a secret's file is lost" bwdir_init
says "$here/bwdird.secret: does not exist, but cn=bwdird,ou=services does"
says "--new-secret bwdird"
expect 0 "a new one" bwdir_init --new-secret bwdird
check "signs in" ldapwhoami -x -H "$uri" \
    -D "cn=bwdird,ou=services,$BWDIR_BASE" -y "$here/bwdird.secret"
printf wrong >"$work/wrong"
install -m 400 "$work/wrong" "$here/outbox.secret"
expect 78 "another secret in the file" bwdir_init
says "$here/outbox.secret: not the secret of"
expect 0 "a new one for it" bwdir_init --new-secret outbox
expect 65 "a program that there is none of" bwdir_init --new-secret decoy
says 'bwdird or outbox wanted'
chmod 644 "$here/outbox.secret"
expect 78 "a file that others can read" bwdir_init
says "mode 0644"
chmod 400 "$here/outbox.secret"
ldapdelete -Q -Y EXTERNAL -H "$uri" "cn=outbox,ou=services,$BWDIR_BASE"
before=$(cat "$here/outbox.secret")
expect 0 "stopped between file and entry" bwdir_init
check "the file's secret becomes the entry's" bash -c \
    "[ '$before' = \"\$(cat '$here/outbox.secret')\" ]"
nothing_to_do "after all of it"

# ---- refusals -----------------------------------------------------------------

expect 78 "a suffix that no database has" bwdir_init -b dc=example,dc=org
says 'base "dc=example,dc=org": no database of this server has that suffix; there is dc=nodomain'
expect 65 "a suffix that rules cannot hold" bwdir_init -b 'o=Example (Inc)'
says 'base "o=Example (Inc)": a DN of letters, digits'
expect 69 "a server that does not answer" bwdir_init -H ldapi://%2Fnowhere/
expect 77 "somebody who may not see cn=config" \
    bwdir_init -D "cn=admin,$BWDIR_BASE" -w secret
says "cn=config: not visible to"
expect 64 "an admin's mail without an admin" bwdir_init --mail a@example.com
says "--admin NAME wanted"
schema=$work expect 78 "a folder without the files" bwdir_init
says "$work/modules.ldif"

# ---- what -n prints, put in by hand --------------------------------------------

server byhand
run bwdir_init -n
cp "$work/out" "$home/plan.ldif"
check "-n: 0, and it writes nothing" [ "$status" -eq 0 ] &&
    ! ldapsearch -Q -LLL -Y EXTERNAL -H "$uri" -b cn=schema,cn=config |
        grep -q bwdir
modify <"$home/plan.ldif"
check "ldapmodify takes it" [ $? -eq 0 ]
expect 0 "bwdir-init after it" bwdir_init
check "adds the three programs and no more" did 3
check "the configuration is the same" \
    diff "$home/stock.config" <(configuration)

# ---- killed anywhere -------------------------------------------------------------

server killed
for ((ms = 10; ms < 200; ms += 10)); do
    timeout -s KILL "0.$(printf %03d $ms)" "$init" --schema-dir \
        "$home/schema" >/dev/null
done 2>/dev/null
expect 0 "after nineteen runs that were killed" bwdir_init
check "the configuration is the same" \
    diff "$home/stock.config" <(configuration)
nothing_to_do "then"

# ---- somebody else's configuration -----------------------------------------------

server foreign
modify <<END
dn: olcDatabase={1}mdb,cn=config
changetype: modify
replace: olcAccess
olcAccess: to attrs=userPassword by self =xw by anonymous auth by * none
olcAccess: to dn.subtree="ou=hr,dc=nodomain" by users read by * none
olcAccess: to * by users read by * none
-
add: olcLimits
olcLimits: dn.exact="cn=backup,dc=nodomain" size=unlimited
-
replace: olcDbIndex
olcDbIndex: cn,uid,departmentNumber eq
olcDbIndex: member pres

dn: olcDatabase={-1}frontend,cn=config
changetype: modify
add: olcPasswordHash
olcPasswordHash: {SSHA}
END
configuration >"$home/before"
expect 78 "rules that an administrator wrote" bwdir_init
says "olcDatabase={1}mdb,cn=config: olcAccess: neither bwdir nor slapd's package wrote them"
says "olcPasswordHash: \"{SSHA}\""
says "--replace FILE"
check "nothing was written" diff "$home/before" <(configuration)
expect 73 "a file for them that exists" bwdir_init --replace "$work/out"
check "nothing of it was replaced" holds "olcDatabase={1}mdb,cn=config" \
    'ou=hr,dc=nodomain'
expect 0 "agreed" bwdir_init --replace "$home/old.ldif"
check "what was replaced is kept" \
    [ "$(grep -c 'olcAccess: {\|olcPasswordHash: {SSHA}' "$home/old.ldif")" -eq 4 ]
check "his limit stands" holds "olcDatabase={1}mdb,cn=config" 'cn=backup'
check "his indexes stand" holds "olcDatabase={1}mdb,cn=config" \
    '^olcDbIndex: departmentNumber eq'
check "beside what is wanted" holds "olcDatabase={1}mdb,cn=config" \
    '^olcDbIndex: member eq,pres'
nothing_to_do "foreign: then"
modify <<END
dn: olcDatabase={1}mdb,cn=config
changetype: modify
add: olcAccess
olcAccess: {0}to dn.subtree="ou=hr,dc=nodomain" by users read by * none
END
expect 78 "a rule put before bwdir's" bwdir_init
modify <"$home/old.ldif"
check "what it was can be put back" [ $? -eq 0 ]

# ---- a database of its own ---------------------------------------------------------

server second
mkdir "$here/db2"
sed -i 's/dc=nodomain/dc=example,dc=org/' "$here/bwdir.conf"
expect 78 "no database of that suffix" bwdir_init
says '--create-database DIR'
expect 65 "a directory that does not exist" bwdir_init \
    --create-database "$here/none"
run bwdir_init -n --create-database "$here/db2"
check "-n prints it" grep -q '^olcSuffix: dc=example,dc=org' "$work/out"
expect 0 "a database beside the other" bwdir_init --create-database "$here/db2"
check "each module has a line of its own" [ "$(grep -o \
    'olcModuleLoad [a-z0-9]*[^:]*: added$' "$work/out" | sort -u | wc -l)" -ge 5 ]
check "no two lines are the same" [ -z "$(sort "$work/out" | uniq -d)" ]
BWDIR_BASE=dc=example,dc=org
check "it holds what bwdir needs" \
    holds cn=dashboard,ou=access,dc=example,dc=org '^pwdMaxAge: 7776000'
check "anonymous sees nothing of it" bash -c \
    "! ldapsearch -x -LLL -H '$uri' -b '$BWDIR_BASE' 2>/dev/null | grep ."
nothing_to_do "a database of its own, again"

# ---- an upgrade ------------------------------------------------------------------

# An earlier version: a rule, a role, an attribute and an overlay's value less,
# other words, a narrower class.
mkdir "$home/earlier"
cp "$home"/schema/* "$home/earlier"
(
    cd "$home/earlier" || exit 1
    sed -i '/^olcAccess: to dn.one="ou=roles/,/by \* none/d' access.ldif
    sed -i 's/^description: Users of the.*/description: Users/
        /^dn: cn=messaging-insights/,/^$/d' base.ldif
    sed -i 's/^olcConstraintAttribute: uid .*/olcConstraintAttribute: uid regex ^[a-z]+$/
        /^olcRefintAttribute: owner/d' overlays.ldif
    sed -i 's/ \$ displayName \$ description ) )/ $ description ) )/' bwdir.ldif
) || exit 99
server upgrade
schema=$home/earlier expect 0 "an earlier version" bwdir_init "${alice[@]}"
schema=$home/earlier nothing_to_do "an earlier version, again"
modify <<END
dn: cn=dashboard,ou=access,dc=nodomain
changetype: modify
replace: pwdMaxAge
pwdMaxAge: 2592000

dn: cn=disconnect,ou=roles,dc=nodomain
changetype: modify
replace: description
description: Our words

dn: cn=reporting,ou=roles,dc=nodomain
changetype: delete

dn: cn=operators,ou=services,dc=nodomain
changetype: modify
add: member
member: uid=alice,ou=people,dc=nodomain
END
expect 0 "the upgrade" bwdir_init -v
says "cn=dashboard,ou=access,dc=nodomain: pwdMaxAge: kept"
check "pwdMaxAge stays the administrator's" \
    holds cn=dashboard,ou=access,dc=nodomain '^pwdMaxAge: 2592000'
check "his words stay" holds cn=disconnect,ou=roles,dc=nodomain 'Our words'
says "cn=reporting,ou=roles,dc=nodomain: kept: the role was deleted"
check "a role that he deleted stays deleted" \
    lacks ou=roles,dc=nodomain '^dn: cn=reporting'
check "his operator stays" holds cn=operators,ou=services,dc=nodomain \
    '^member: uid=alice'
check "what he left alone is brought up to date" \
    holds ou=people,dc=nodomain '^description: Users of the dashboard'
check "what is new is there" holds ou=roles,dc=nodomain \
    '^dn: cn=messaging-insights'
check "an overlay's value that bwdir wrote is replaced" \
    lacks 'olcDatabase={1}mdb,cn=config' 'uid regex .[[]a-z[]]+[$]'
check "the configuration is the same as a fresh one" \
    diff "$home/stock.config" <(configuration)
nothing_to_do "the upgrade, again"
expect 0 "users can be added" bwdir-add --no-prompt --no-mail --first Bea \
    --last Brown --mail bea@example.com --phone 9195550102 --level basic \
    --access dashboard --account 5500001 bea

# ---- the sandbox -----------------------------------------------------------------

start_sandbox
run "$init" --schema-dir "$home/schema" -n
check "the sandbox holds what bwdir-init installs" \
    [ "$(grep ^dn: "$work/out")" = "dn: cn=bwdir,$BWDIR_BASE" ]
grep ^dn: "$work/out" | sed 's/^/    /'
finish
