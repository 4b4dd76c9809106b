#!/bin/bash
# bwdir-add --ensure and --owner against a directory: created, changed,
# unchanged; two user names of one person.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/sandbox.bash" || exit 99

user=(--no-prompt --first Jane --last Doe --mail jdoe@example.com
      --phone 9195551234 --level basic --access dashboard --account 5500001)
ensure () # OPTION...
{
    as alice bwdir-add --ensure --json "${user[@]}" "$@" jdoe
}
result_is () # WHAT RESULT
{
    check "$1" /usr/bin/python3 -c '
import json, sys
said = json.load(open(sys.argv[1]))
assert said["result"] == sys.argv[2], said' "$work/out" "$2"
}
mails ()
{
    mails_to jdoe@example.com | wc -l
}

expect 0 "nobody there" ensure --role ordering
result_is "is created" created
check "and mailed" [ "$(mails)" -eq 1 ]
snapshot >"$work/before"
expect 0 "the same again" ensure --role ordering
result_is "is unchanged" unchanged
check "nothing is written" cmp -s "$work/before" <(snapshot)
check "nothing is mailed" [ "$(mails)" -eq 1 ]
expect 0 "in words" as alice bwdir-add --ensure "${user[@]}" \
    --role ordering jdoe
check "it says so" grep -qx 'jdoe: unchanged' "$work/out"
expect 73 "without --ensure" as alice bwdir-add "${user[@]}" jdoe
expect 0 "verified" verify jdoe "$(code_for jdoe@example.com)" 9195551234 \
    Marker_jdoe_password
snapshot >"$work/before"
expect 0 "once more" ensure --role ordering
result_is "a verified user stays so" unchanged
check "nothing is written" cmp -s "$work/before" <(snapshot)

expect 0 "-n with other roles" ensure -n --role porting,reporting
result_is "is planned" planned
check "nothing is written" cmp -s "$work/before" <(snapshot)
expect 0 "other roles and another name" ensure --role porting,reporting \
    --why 'new job'
result_is "is changed" changed
for role in porting reporting; do
    check "has the role $role" holds "uid=jdoe,$people" "^bwRole: cn=$role,"
done
check "has no other" lacks "uid=jdoe,$people" '^bwRole: cn=ordering,'
check "is verified still" [ "$(state_of jdoe)" = verified ]
check "the password stays" password_is jdoe Marker_jdoe_password
check "the log tells why" grep -q 'why="new job".*status=ok' \
    "$sandbox/log.tools"
expect 0 "the same again" ensure --role porting,reporting
result_is "is unchanged" unchanged

sent=$(mails)
expect 0 "another phone" as alice bwdir-add --ensure --json --no-prompt \
    --first Jane --last Doe --mail jdoe@example.com --phone 9195551235 \
    --level basic --access dashboard --account 5500001 \
    --role porting,reporting jdoe
result_is "is changed" changed
check "is to be confirmed" [ "$(state_of jdoe)" = unverified ]
check "by a code" [ "$(mails)" -gt "$sent" ]
expect 0 "it is good and keeps the password" verify jdoe \
    "$(code_for jdoe@example.com)" 9195551235
check "the password stays" password_is jdoe Marker_jdoe_password
# told TEXT: standard output has it.
told ()
{
    check "it tells: $1" grep -qF "$1" "$work/out"
}
new_day
expect 0 "another mail" as alice bwdir-add --ensure --no-mail --no-prompt \
    --first Jane --last Doe --mail jane2@example.com --phone 9195551235 \
    --level basic --access dashboard --account 5500001 \
    --role porting,reporting jdoe
told 'jdoe: unverified, and not let in at a prompt, until the code is'
told 'jdoe: owed the mail address-changed, which bwdir-mail sends'
expect 0 "and back" as alice bwdir-add --ensure --no-prompt \
    --first Jane --last Doe --mail jdoe@example.com --phone 9195551235 \
    --level basic --access dashboard --account 5500001 \
    --role porting,reporting jdoe
told 'jdoe: confirmation code mailed to jdoe@example.com'
expect 0 "the code is good" verify jdoe "$(code_for jdoe@example.com)" \
    9195551235

snapshot >"$work/before"
expect 77 "an account of somebody else" ensure --account 5500002
expect 65 "a role that there is not" ensure --role sleeping
expect 77 "a user of somebody else" bwdir-add --ensure "${user[@]}" \
    -x -D "uid=bob,$people" -y "$sandbox/secrets/bob" jdoe
expect 77 "a user who has another account too" as alice bwdir-add --ensure \
    --no-prompt --first Gina --last Glover --mail gina@example.com \
    --phone 9195550112 --level basic --access dashboard --account 5500001 \
    --role ordering gina
says "user name \"gina\": you administer only some of this user's accounts"
check "which is all" [ "$(wc -l <"$work/err")" -eq 1 ]
check "nothing is written" cmp -s "$work/before" <(snapshot)

# ---- administrators ---------------------------------------------------------

account=cn=5500001,ou=accounts,$BWDIR_BASE
chief=(--no-prompt --first Ida --last Chief --mail ida@example.com
       --phone 9195551236 --access dashboard --account 5500001)
ensure_chief () # OPTION...
{
    as alice bwdir-add --ensure --json "${chief[@]}" "$@" ida
}
expect 0 "an administrator" ensure_chief --level admin \
    --role user-administrator
expect 0 "the same again" ensure_chief --level admin --role user-administrator
result_is "is unchanged" unchanged

# What is left of an addition that was stopped before its second request.
halve ()
{
    root_modify <<END
dn: uid=ida,$people
changetype: modify
delete: bwRole

dn: $account
changetype: modify
delete: bwAccountAdmin
bwAccountAdmin: uid=ida,$people
END
}
is_whole ()
{
    holds "uid=ida,$people" '^bwRole: cn=user-administrator,' &&
        holds "$account" "^bwAccountAdmin: uid=ida,$people\$"
}
halve
expect 0 "one who was added by halves" ensure_chief --level admin \
    --role user-administrator
result_is "is changed" changed
check "is an administrator" is_whole
halve
expect 0 "bwdir-mod of such a one" as alice bwdir-mod --level admin \
    --add-role user-administrator ida
check "does the same" is_whole
halve
expect 0 "without the role, but off the list" ensure_chief --level admin
result_is "is changed" changed
check "is on the list" holds "$account" "^bwAccountAdmin: uid=ida,$people\$"
root_modify <<END
dn: cn=5500002,ou=accounts,$BWDIR_BASE
changetype: modify
add: bwAccountAdmin
bwAccountAdmin: uid=ida,$people
END
expect 0 "on the list of an account that is not his" bwdir-mod --level admin \
    ida
check "is taken off it" lacks "cn=5500002,ou=accounts,$BWDIR_BASE" 'uid=ida,'
expect 0 "level basic" ensure_chief --level basic
check "is on no list" lacks "$account" 'uid=ida,'

# ---- two user names of one person ------------------------------------------

new_day
other=(--no-prompt --first Jane --last Doe --mail jdoe@example.com
       --phone 9195551235 --level basic --account 5500001)
expect 0 "a second user name" as alice bwdir-add "${other[@]}" --access api \
    --role ordering --owner jdoe jdoe-api
check "it is told" grep -qx 'jdoe-api: added, another user name of jdoe' \
    "$work/out"
check "that the mail is the same is no warning" [ ! -s "$work/err" ]
check "the entry names the first" holds "uid=jdoe-api,$people" \
    "^owner: uid=jdoe,$people\$"
expect 0 "the second is shown with the first" as alice bwdir-show jdoe-api
check "it is" grep -qx 'Owner:      jdoe' "$work/out"
expect 0 "the first with the second" as alice bwdir-show jdoe
check "it is" grep -q '^Also:       jdoe-api' "$work/out"
expect 0 "of the same access method" as alice bwdir-add "${other[@]}" \
    --access dashboard --owner jdoe --no-mail jdoe-too
says 'warning: owner "jdoe": has access dashboard already'
expect 0 "with another mail" as alice bwdir-add --no-mail --access api \
    "${other[@]/jdoe@/jane@}" --owner jdoe jdoe-three
says 'warning: owner "jdoe": has another mail address, "jdoe@example.com"'
expect 65 "an owner that there is not" as alice bwdir-add "${other[@]}" \
    --access api --owner nosuch jdoe-four
says 'owner "nosuch": no such user, or you may not see it'
expect 65 "an owner that is not seen" as alice bwdir-add "${other[@]}" \
    --access api --owner bob jdoe-four
expect 0 "--ensure of it" as alice bwdir-add --ensure "${other[@]}" \
    --access api --role ordering --owner jdoe jdoe-api
check "is unchanged" grep -qx 'jdoe-api: unchanged' "$work/out"

# ---- what is allowed and not wise -------------------------------------------

# What bwdir-mod says, bwdir-add --ensure says of the same change.
change=(--no-prompt --no-mail --first Jane --last Doe --phone 9195551235
        --level basic --account 5500001 --role 'porting,reporting')
same_words () # WHAT MAIL METHOD
{
    expect 0 "$1: bwdir-mod" as alice bwdir-mod -n --mail "$2" --access "$3" \
        jdoe
    sed 's/^bwdir-mod: //' "$work/err" >"$work/words"
    check "$1: has something to say" [ -s "$work/words" ]
    expect 0 "$1: --ensure" as alice bwdir-add --ensure -n "${change[@]}" \
        --mail "$2" --access "$3" jdoe
    check "$1: the same words" \
        diff "$work/words" <(sed 's/^bwdir-add: //' "$work/err")
}
same_words "both methods" jdoe@example.com dashboard,api
says 'with access dashboard-api the password does not age'
says 'warning: access "dashboard-api": such a user is never made to renew'
same_words "the other method" jdoe@example.com api
says 'with access api the password does not age, and opens no prompt'
same_words "another user's address" dana@example.com dashboard
says 'warning: mail "dana@example.com": another user has this address too'
expect 0 "when it is changed" as alice bwdir-add --ensure "${change[@]}" \
    --mail jdoe@example.com --access api jdoe
check "it is said" grep -q '^jdoe: with access api the password does not age' \
    "$work/out"
finish
