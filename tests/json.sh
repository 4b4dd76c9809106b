#!/bin/bash
# What each tool prints with --json is what its man page says; what does not
# apply is null.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/sandbox.bash" || exit 99

user=(--no-prompt --first Jay --last Son --mail jay@example.com
    --phone 9195550121 --level basic --access dashboard --account 5500001)

alice=(-x -D "uid=alice,$people" -y "$sandbox/secrets/alice")

# object STATUS TOOL [ARGUMENT...]: kept for "page".
objects=()
object ()
{
    local wanted=$1 tool=$2
    shift 2
    expect "$wanted" "$tool${*:+ $*}" "$tool" --json "$@"
    cp "$work/out" "$work/${#objects[@]}.json"
    objects+=("$work/${#objects[@]}.json")
}

# page NAME: all objects since the last one have what the page says.
page ()
{
    check "$1 says what is there" "$top_srcdir/tests/json-keys.py" \
        "$top_srcdir/tools/$1" "${objects[@]}"
    rm -f "${objects[@]}"
    objects=()
}

# results WORD...: "result" of the users in the last object.
results ()
{
    check "result: $*" python3 - "$work/out" "$@" <<'END'
import json, sys
users = json.load(open(sys.argv[1]))["users"]
assert [user["result"] for user in users] == sys.argv[2:], users
END
}

# The file that a user was kept in.
kept ()
{
    python3 -c 'import json, sys
print(json.load(open(sys.argv[1]))["users"][0]["kept"])' "$work/out"
}

# result WORD: of the last object.
result ()
{
    check "result: $1" python3 -c 'import json, sys
assert json.load(open(sys.argv[1]))["result"] == sys.argv[2]' "$work/out" "$1"
}

object 0 bwdir-add -n "${user[@]}" jay
result planned
object 0 bwdir-add "${user[@]}" jay
result created
object 0 bwdir-add --ensure "${user[@]}" jay
result unchanged
object 64 bwdir-add --no-prompt
page bwdir-add.8

object 0 bwdir-show jay dana robot
check "days left of who has no password, one that ages, one that does not" \
    python3 - "$work/out" <<'END'
import json, sys
users = json.load(open(sys.argv[1]))["users"]
assert [user["days_left"] for user in users] == [None, 80, None], users
END
object 67 bwdir-show nosuch
page bwdir-show.8
object 0 bwdir-list
page bwdir-list.8
expect 0 "bwdir-list --csv" bwdir-list --csv --columns user,days jay robot
check "days left of who has no password" grep -qx $'jay,\r' "$work/out"

object 0 bwdir-resend -n jay
results planned
object 0 bwdir-resend jay
results owed
object 65 bwdir-resend dana
results failed
page bwdir-resend.8
printf '%s\n' "$(code_for jay@example.com)" 9195550121 Marker-jay-password \
    >"$work/answers"
object 0 bwdir-verify --no-prompt jay <"$work/answers"
page bwdir-verify.1

object 0 bwdir-disable -n jay
results planned
object 0 bwdir-disable jay
results disabled
object 0 bwdir-disable jay
results unchanged
page bwdir-disable.8
object 0 bwdir-enable -n jay
object 67 bwdir-enable jay dana nosuch
results enabled unchanged failed
page bwdir-enable.8
"$top_srcdir/tests/edit-entry" uid=jay,ou=people \
    "replace pwdAccountLockedTime $(date -u +%Y%m%d%H%M%SZ)"
object 0 bwdir-unlock -n jay
object 0 bwdir-unlock jay dana
results unlocked unchanged
page bwdir-unlock.8

object 0 bwdir-mod -n --last Daughter jay
object 0 bwdir-mod --mail jo@example.com jay
results changed
object 0 bwdir-mod --last Son jay
results unchanged
page bwdir-mod.8

printf Marker-jay-password >"$work/now"
printf 'Marker-jay-newer\n' >"$work/next"
object 0 bwdir-passwd -y "$work/now" --password-file "$work/next" jay
result changed
object 0 bwdir-passwd -y "$sandbox/secrets/robot" --generate robot
result changed
object 0 bwdir-passwd --reset -n dana
object 0 bwdir-passwd --reset dana
results reset
object 0 bwdir-passwd --generate robot
results generated
page bwdir-passwd.1

object 0 bwdir-account list
object 0 bwdir-account show 5500001
check "members have names" python3 - "$work/out" <<'END'
import json, sys
told = json.load(open(sys.argv[1]))
assert {"user": "olga", "first": "Olga", "last": "Potter"} in told["members"]
assert told["users"] == len(told["members"]) > 5, told
END
object 0 bwdir-account add -n 5500021
result planned
object 0 bwdir-account add 5500021
result created
object 0 bwdir-account products 5500021 --add uc
result changed
object 0 bwdir-account products 5500021 --add uc
result unchanged
object 0 bwdir-account admins -n 5500001 --add olga
object 0 bwdir-account admins 5500001 --add olga
results changed
page bwdir-account.8
object 0 bwdir-role list
object 0 bwdir-role show ordering
check "members have names" python3 - "$work/out" <<'END'
import json, sys
told = json.load(open(sys.argv[1]))
assert {"user": "olga", "first": "Olga", "last": "Potter"} in told["members"]
END
page bwdir-role.8

object 0 bwdir-why wanda bw-dashboard
page bwdir-why.8
object 0 bwdir-remind
page bwdir-remind.8
object 75 bwdir-mail -n
object 0 bwdir-mail
page bwdir-mail.8
run bwdir-check --json
cp "$work/out" "$work/check.json"
objects=("$work/check.json")
page bwdir-check.8

object 0 bwdir-del -n jay
object 0 bwdir-del --yes jay
results deleted
kept=$(kept)
object 0 bwdir-del -n --restore "$kept"
result planned
object 0 bwdir-del --restore "$kept"
result restored
object 0 bwdir-del --yes "${alice[@]}" jay
kept=$(kept)
object 0 bwdir-del "${alice[@]}" --restore "$kept"
result restored
page bwdir-del.8
finish
