#!/bin/bash
# bwdir-list(8) against a directory: who is listed, to whom, in which form, and
# that a list which the server cuts is no list.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck source-path=SCRIPTDIR
sandbox_options=(--users 520)
. "$(dirname "$0")/sandbox.bash" || exit 99
edit=$top_srcdir/tests/edit-entry

# lists WHAT NAMES [OPTION...]: these users, with blanks between them, and no
# others, but for the crowd.
lists ()
{
    local what=$1 names=$2
    shift 2
    expect 0 "$what" bwdir-list --csv --columns user "$@"
    check "$what: $names" [ "$(tr -d '\r' <"$work/out" |
        grep -v '^u00\|^user$' | sort | xargs)" = "$names" ]
}

# ---- who sees whom ---------------------------------------------------------

grid "listing users that begin with d" bwdir-list 'd*' <<EOF
root 0 dieter
alice 0 dieter
bob 0 USER
dana 0 Dana Dyer
nobody 77 $stranger
EOF
run as bob bwdir-list --csv --columns user
check "bob sees himself, and who is in his accounts only or too" \
    [ "$(tr -d '\r' <"$work/out" | sort | xargs)" = "bob carl gina user" ]
run as dana bwdir-list --csv --columns user
check "dana sees herself" [ "$(tr -d '\r' <"$work/out" | xargs)" = "user dana" ]

# ---- filters ---------------------------------------------------------------

"$edit" uid=carl,ou=people \
    "replace pwdAccountLockedTime $(date -u +%Y%m%d%H%M%SZ)"
"$edit" uid=gina,ou=people "replace pwdReset TRUE" "delete pwdPolicySubentry"
"$edit" uid=bothy,ou=people "replace pwdEndTime 20991231235959Z"
lists "by a pattern" "dana dieter" 'd*'
lists "by names and patterns" "alice dana olga" dana 'ol*a' '*ice'
lists "by a role" "alice" --role user-administrator
lists "by one of two roles" \
    "alice bob bothy carl dana dieter gina newt olga robot rolf wanda" \
    --role user-administrator,ordering
lists "by an account" "bob carl gina" --account 5500002
lists "by an access method" "bothy rolf" --access dashboard-api
lists "by dashboard, which is the default too" \
    "alice bob carl dana dieter gina newt olga wanda" --access dashboard
lists "by a level" "alice bob" --level admin
lists "unverified" newt --state unverified
lists "verified and in an account" "bob carl gina" --state verified \
    --account 5500002
lists "disabled" dieter --state disabled
lists "locked" carl --state locked
lists "disabled or locked" "carl dieter" --state disabled,locked
lists "must-change" gina --state must-change
lists "expired" olga --state expired
lists "expiring" wanda --state expiring
lists "no-password" newt --state no-password
lists "active" "alice bob bothy dana robot rolf wanda" --state active
lists "within 9 days" "" --expiring 9
lists "within 10 days" wanda --expiring 10
lists "within 80 days" "alice bob carl dana dieter gina wanda" --expiring 80
lists "all of several filters" dana --level basic --access dashboard \
    --state active --account 5500001 'd*' 'o*'
lists "nobody" "" --level admin --access api
# A variable that is not set must not turn "some" into "all".
for option in --role --account --access --state --columns; do
    expect 65 "$option ''" bwdir-list --names "$option" ''
    says "$option \"\": empty; give "
    check "nobody is listed" [ ! -s "$work/out" ]
done
expect 65 "an empty part" bwdir-list --names --role user-administrator,,ordering
says '--role "user-administrator,,ordering": one of them is empty; give '

# ---- forms -----------------------------------------------------------------

"$edit" uid=carl,ou=people 'replace givenName =1+1' 'replace sn Car"l, jr'
"$edit" uid=gina,ou=people "replace givenName 山田" \
    $'replace sn \xe2\x80\xaeX\x1b[31m'
expect 0 "a table" bwdir-list carl gina dana --columns user,name,mail
check "columns are as wide as they are on a terminal" diff - "$work/out" <<'END'
USER  NAME                        MAIL
dana  Dana Dyer                   dana@example.com
carl  =1+1 Car"l, jr              carl@example.com
gina  山田 \xe2\x80\xaeX\x1b[31m  gina@example.com
END
expect 0 "--names" bwdir-list --names carl gina dana
check "are names, one in a line" diff - "$work/out" <<'END'
dana
carl
gina
END
expect 0 "--names of nobody" bwdir-list --names --level admin --access api
check "is nothing" [ ! -s "$work/out" ]
expect 0 "--csv" bwdir-list --csv carl gina dana \
    --columns user,first,last,days,ends,owner,roles,changed,expires,phone
check "an independent reader takes it" /usr/bin/python3 - "$work/out" <<'END'
import csv, sys
raw = open(sys.argv[1], newline="").read()
assert raw.endswith("\r\n") and raw.count("\r\n") == raw.count("\n") == 4
dana, carl, gina = csv.DictReader(raw.splitlines())
assert carl["first"] == "'=1+1" and carl["last"] == 'Car"l, jr'
assert gina["first"] == "山田" and "\x1b" not in raw and "\u202e" not in raw
assert dana["days"] == "80" and dana["ends"] == "" and dana["owner"] == ""
assert dana["roles"] == "ordering" and len(dana["expires"]) == 20
END
expect 0 "--json of all" bwdir-list --json
check "one object with everybody, values as they are, in ASCII" /usr/bin/python3 - \
    "$work/out" <<'END'
import json, sys
raw = open(sys.argv[1], "rb").read()
assert all(b in (9, 10) or 32 <= b < 127 for b in raw)
told = json.loads(raw)
users = {u["user"]: u for u in told["users"]}
assert len(told["users"]) == len(users) == 532
assert told["ok"] and told["exit"] == 0 and told["errors"] == []
assert users["gina"]["last"] == "\u202eX\x1b[31m"
assert users["carl"]["conditions"] == ["verified", "locked"]
assert users["u0000001"]["access"] == "api"
END
expect 0 "--json of nobody" bwdir-list --json --level admin --access api
check "an object with an empty list" /usr/bin/python3 -c \
    'import json,sys; assert json.load(open(sys.argv[1]))["users"] == []' \
    "$work/out"
expect 0 "532 users in a table" bwdir-list
check "a line for each, and one of headers" [ "$(wc -l <"$work/out")" -eq 533 ]
bwdir-list 2>"$work/err" | head -n 1 >"$work/out"
check "a reader that goes away: 74" [ "${PIPESTATUS[0]}" -eq 74 ]
check "of which nothing is said" [ ! -s "$work/err" ]
bwdir-list --json >/dev/full 2>"$work/err"
check "a full disk: 74" [ $? -eq 74 ]
says 'standard output: cannot be written'

# ---- how far it has come ----------------------------------------------------

relay pause 50000 2.5
slow_uri=$relay_uri
# at_terminal NAME COMMAND: of the shell, at a terminal; what that shows.
at_terminal ()
{
    "$top_srcdir/tests/at-terminal.py" bash -c "$2" </dev/null \
        >"$work/shown.$1" 2>&1
}
lacks_progress () # NAME
{
    [ -e "$work/shown.$1" ] && ! grep -q 'so far' "$work/shown.$1"
}
# All at once, for they wait.
lists=()
while read -r name command; do
    at_terminal "$name" "$command" &
    lists+=("$!")
done <<END
file bwdir-list -H $slow_uri --csv >$work/out.file
pipe bwdir-list -H $slow_uri --json | cat >$work/out.pipe
screen bwdir-list -H $slow_uri --csv
quiet bwdir-list -H $slow_uri --json >$work/out.quiet 2>$work/err.quiet
quick bwdir-list --json >$work/out.quick
END
wait "${lists[@]}"
check "a list into a file tells how far it is" \
    grep -qE 'bwdir-list: [0-9]+ so far' "$work/shown.file"
check "and takes that away in the end" grep -qE $'\r +\r$' "$work/shown.file"
check "the list is whole" [ "$(wc -l <"$work/out.file")" -eq 533 ]
check "into a pipe: nothing, for its reader may be on the terminal" \
    lacks_progress pipe
check "which reads it whole" grep -qxF '  "exit": 0,' "$work/out.pipe"
check "on the terminal itself: nothing between the rows" lacks_progress screen
check "which are all there" [ "$(wc -l <"$work/shown.screen")" -ge 533 ]
check "standard error in a file: nothing" [ ! -s "$work/err.quiet" ]
check "a list that takes no second: nothing" lacks_progress quick

# ---- what is cut is an error -----------------------------------------------

# limit LIMIT: the server's limit for users.
limit ()
{
    ldapmodify -Q -Y EXTERNAL -H "$BWDIR_LDAPI" >/dev/null <<END
dn: olcDatabase={1}mdb,cn=config
changetype: modify
replace: olcLimits
olcLimits: $1
END
}
limit 'users size.prtotal=510'
expect 69 "a list that the server cuts" as alice bwdir-list --json
says 'the server has cut the result: Size limit exceeded'
check "it says so in the object, which is whole" /usr/bin/python3 - "$work/out" <<'END'
import json, sys
told = json.load(open(sys.argv[1]))
assert not told["ok"] and told["exit"] == 69 and len(told["users"]) >= 500
assert "cut" in told["errors"][0]
END
limit 'users size=unlimited'
"$edit" uid=carl,ou=people 'replace bwWorkPhone 919-555-0111'
expect 65 "a user who is malformed" bwdir-list 'c*' dana
says 'bwWorkPhone "919-555-0111": ten digits wanted'
check "the others are listed" grep -q '^dana ' "$work/out"
"$edit" uid=carl,ou=people 'replace bwWorkPhone 9195550111'

# ---- what is refused -------------------------------------------------------

expect 65 "everything wrong at once" bwdir-list --state off,gone \
    --expiring 0 --level boss --access both --role '!' --account 'x y' \
    --columns user,shoe 'D)(uid=*'
says 'user name "D)(uid=*": letters a-z, digits'
says 'role "!": '
says 'account "x y": '
says 'access "both": dashboard, api or dashboard-api wanted'
says 'level "boss": admin or basic wanted'
says '--state "off": one of active, verified,'
says '--state "gone": '
says '--expiring "0": a number of days from 1 on wanted, for example 14'
says '--columns "shoe": some of user, name, first'
expect 65 "an unknown role" bwdir-list --role nosuch
says 'role "nosuch": one of configuration,'
expect 77 "an account of somebody else" as alice bwdir-list --account 5500002
says 'account "5500002": no such account, or you do not administer it'
expect 64 "--json --csv" bwdir-list --json --csv
says '--json: not with --csv, --names or --columns'
expect 64 "--names --csv" bwdir-list --names --csv
says '--names: not with --csv or --columns'
expect 64 "--csv twice is once, --level twice is not" bwdir-list --csv \
    --csv --level basic --level admin
says '--level: given twice'
expect 69 "a server that is not there" bwdir-list -H ldaps://127.0.0.1:1

run_examples "$top_srcdir/tools/bwdir-list.8"
finish
