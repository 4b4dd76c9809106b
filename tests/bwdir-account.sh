#!/bin/bash
# bwdir-account(8) and bwdir-role(8) against a directory: who sees and changes
# what, and that admins come and go in the order that the server demands.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/sandbox.bash" || exit 99
account=cn=5500001,ou=accounts,$BWDIR_BASE
roles=ou=roles,$BWDIR_BASE

# ---- who may what ----------------------------------------------------------

grid "showing an account" bwdir-account show 5500001 <<EOF
alice 0 Admins:     alice
bob 77 account "5500001": no such account, or you do not administer it
dana 0 Admins:     none that you may see
nobody 77 $stranger
root 0 Users:      10 that you may see
EOF
grid "listing accounts" bwdir-account list <<EOF
alice 0 5500001
bob 0 5500002
dana 0 5500001
nobody 77 $stranger
root 0 5500002
EOF
grid "listing roles" bwdir-role list <<EOF
alice 0 e911-management
bob 0 e911-management
dana 0 e911-management
nobody 77 $stranger
root 0 e911-management
EOF
grid "showing a role" bwdir-role show user-administrator <<EOF
alice 0 Member:      alice (Alice Archer)
bob 0 Label:       User Administrator
dana 0 Description: 
nobody 77 $stranger
root 0 Member:      alice (Alice Archer)
EOF
operators='not permitted; accounts and their products are the operators'
proof ()
{
    check "the account is there" holds "cn=5500009,ou=accounts,$BWDIR_BASE" \
        '^cn: 5500009$'
}
grid "adding an account" bwdir-account add 5500009 <<EOF
alice 77 account "5500009": $operators
bob 77 account "5500009": $operators
dana 77 account "5500009": $operators
nobody 77 $stranger
root 0 5500009: added
EOF
proof ()
{
    check "the product is active" holds "$account" '^bwProduct: newproduct$'
}
grid "products" bwdir-account products 5500001 --add newproduct <<EOF
alice 77 account "5500001": $operators
bob 77 account "5500001": no such account, or you do not administer it
dana 77 account "5500001": $operators
nobody 77 $stranger
root 0 5500001: products changed
EOF
not_theirs="bob 67 user name \"dana\": no such user, or you may not see it
dana 77 admins: of yourself you may change names, mail and phone only
nobody 77 $stranger"
# dana as she was.
proof ()
{
    check "dana is on the list" holds "$account" "^bwAccountAdmin: uid=dana,"
    check "dana is admin" holds "uid=dana,$people" \
        '^bwAdministrationLevel: admin$'
}
restore ()
{
    bwdir-account admins 5500001 --remove dana >/dev/null || exit 99
}
grid "promotion" bwdir-account admins 5500001 --add dana <<EOF
$not_theirs
alice 0 dana: administers the account now
root 0 dana: administers the account now
EOF
bwdir-account admins 5500001 --add dana >/dev/null
proof ()
{
    check "dana is not on the list" lacks "$account" "uid=dana,"
    check "dana is basic" holds "uid=dana,$people" \
        '^bwAdministrationLevel: basic$'
}
restore ()
{
    bwdir-account admins 5500001 --add dana >/dev/null || exit 99
}
grid "demotion" bwdir-account admins 5500001 --remove dana <<EOF
$not_theirs
alice 0 dana: does not administer the account any more
root 0 dana: does not administer the account any more
EOF
unset -f proof restore

# ---- admins ----------------------------------------------------------------

expect 0 "-n of a demotion" as alice bwdir-account admins 5500001 -n \
    --remove dana
check "role, list, level, in this order" [ "$(grep -e 'bwRole: cn=' \
    -e 'bwAccountAdmin: uid' -e 'bwAdministrationLevel: [ab]' "$work/out" |
    sed 's/:.*//' | xargs)" = "bwRole bwAccountAdmin bwAdministrationLevel" ]
expect 0 "dana administers what she is to" as dana bwdir-mod \
    --add-role porting robot
expect 65 "the only admin of an account" bwdir-account admins 5500002 \
    --remove bob
says 'account "5500002": "bob" is its only admin; name another first, or give --force'
expect 65 "who is no user of the account" bwdir-account admins 5500002 \
    --add dana
says 'account "5500002": "dana" is not a user of it; bwdir-mod --add-account'
expect 0 "one comes, the other goes" bwdir-account admins 5500002 --add carl \
    --remove bob
check "carl is on the list" holds "cn=5500002,ou=accounts,$BWDIR_BASE" \
    "^bwAccountAdmin: uid=carl,"
for line in 'bwAdministrationLevel: admin' \
    "bwRole: cn=user-administrator,$roles"; do
    check "carl has $line" holds "uid=carl,$people" "^$line\$"
done
check "bob is not" lacks "cn=5500002,ou=accounts,$BWDIR_BASE" 'uid=bob,'
check "bob is basic" holds "uid=bob,$people" '^bwAdministrationLevel: basic$'
expect 0 "once more" bwdir-account admins 5500002 --add carl --remove bob
check "nothing to change" [ "$(grep -c ': nothing to change$' "$work/out")" \
    -eq 2 ]
expect 0 "--force leaves it without" bwdir-account admins 5500002 --force \
    --remove carl
check "nobody is listed" lacks "cn=5500002,ou=accounts,$BWDIR_BASE" \
    bwAccountAdmin

# ---- accounts and products -------------------------------------------------

expect 0 "with a name and products" bwdir-account add 5500010 \
    --display-name 'Beispiel Øst' --add uc,v2-messaging
expect 0 "it is shown" bwdir-account show 5500010
check "with all of that" diff - "$work/out" <<'END'
Account:    5500010
Name:       Beispiel Øst
Products:   uc v2-messaging
Admins:     none that you may see
Users:      0 that you may see
END
expect 73 "a number that is taken" bwdir-account add 5500010
says 'account "5500010": exists already'
expect 0 "products that are so already" bwdir-account products 5500010 \
    --add uc --remove gone
check "nothing to change" grep -qx '5500010: nothing to change' "$work/out"
bwdir-mod --add-role e911-management wanda >/dev/null
expect 0 "a product that a role needs" bwdir-account products 5500001 \
    --remove uc,uc
says 'warning: product "uc": 1 users of account "5500001" have a role that needs it, e911-management for example'
check "it is gone" lacks "$account" '^bwProduct: uc'
expect 0 "--json" bwdir-account list --json
check "a list of accounts" /usr/bin/python3 - "$work/out" <<'END'
import json, sys
told = json.load(open(sys.argv[1]))
accounts = {a["account"]: a for a in told["accounts"]}
assert told["ok"] and len(accounts) == 4
assert accounts["5500010"]["display_name"] == "Beispiel Øst"
assert accounts["5500001"]["admins"] == ["alice", "dana"]
assert accounts["5500009"]["display_name"] is None
END
expect 0 "--json of a role" bwdir-role show ordering --json
check "its members" /usr/bin/python3 - "$work/out" <<'END'
import json, sys
told = json.load(open(sys.argv[1]))
assert told["role"] == "ordering" and told["product"] is None
assert "dana" in [m["user"] for m in told["members"]] and len(told["members"]) == 11
END
expect 0 "--csv" bwdir-role list --csv
check "twelve roles and a line of names" \
    [ "$(grep -c $'\r$' "$work/out")" -eq 13 ]

# ---- what is refused -------------------------------------------------------

snapshot >"$work/before"
expect 64 "no verb" bwdir-account
says 'verb: missing; one of add, show, list, products, admins wanted'
expect 64 "an unknown verb" bwdir-account del 5500001
says '"del": one of add, show, list, products, admins wanted'
expect 64 "no number" bwdir-account show
says '"show": an account number wanted after it'
expect 64 "a word too many" bwdir-role list ordering
expect 64 "an option of another verb" bwdir-account show --add x 5500001
says '--add: not with "show"'
expect 64 "nothing to be added" bwdir-account products 5500001
says '--add or --remove wanted'
expect 64 "--remove of a new account" bwdir-account add 5500011 --remove uc
expect 65 "an empty list of admins" bwdir-account admins 5500001 --add ''
says '--add "": empty; give WHAT,..., or leave the option out'
expect 65 "a number that cannot be" bwdir-account add 'x y'
says 'account "x y": an account number wanted, for example 5500001'
expect 65 "a product that cannot be" bwdir-account products 5500001 --add 'U C'
says 'product "U C": '
expect 65 "both at once" bwdir-account products 5500001 --add q --remove q
says 'product "q": both to be added and to be removed'
expect 65 "an admin" bwdir-account admins 5500001 --add dana,wanda \
    --remove wanda
says 'user name "wanda": both to be added and to be removed'
expect 65 "a name that cannot be" bwdir-account add 5500011 \
    --display-name $'a\tb'
says 'display name "a\x09b": '
expect 65 "an unknown role" bwdir-role show nosuch
says 'role "nosuch": one of configuration,'
expect 65 "a role that cannot be" bwdir-role show 'x)'
expect 67 "an unknown user" bwdir-account admins 5500001 --add nosuch
expect 69 "a server that is not there" bwdir-role list -H ldaps://127.0.0.1:1
expect 0 "-n" bwdir-account add -n 5500012
check "nothing of this has changed anything" \
    cmp -s "$work/before" <(snapshot)

"$top_srcdir/tests/edit-entry" cn=disconnect,ou=roles \
    'add description Another'
expect 65 "a role that is malformed" bwdir-role list
says "cn=disconnect,ou=roles,$BWDIR_BASE"
check "the others are listed" [ "$(grep -c '^[a-z]' "$work/out")" -eq 11 ]
expect 65 "an unknown role beside it" bwdir-role show nosuch
says 'role "nosuch": one of configuration,'
"$top_srcdir/tests/edit-entry" cn=disconnect,ou=roles \
    'delete description Another'

run_examples "$top_srcdir/tools/bwdir-account.8"
run_examples "$top_srcdir/tools/bwdir-role.8"
finish
