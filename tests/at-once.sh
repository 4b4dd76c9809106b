#!/bin/bash
# Two who change the same at once: what another has completed stands.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/faults.bash" || exit 99

account=cn=5500001,ou=accounts,$BWDIR_BASE
traced+=(-e trace=sendto)
zed=(--no-prompt --no-mail --first Zed --last Last
     --phone 9195550444 --level admin --access dashboard --account 5500001
     --role user-administrator)
alice=(-x -D "uid=alice,$people" -y "$sandbox/secrets/alice")
add () # STRACE-OPTION... -- OPTION... NAME
{
    local how=()
    while [ "$1" != -- ]; do
        how+=("$1")
        shift
    done
    shift
    "${traced[@]}" -o "$work/trace" "${how[@]}" "$(command -v bwdir-add)" \
        "${zed[@]}" --mail "${!#}@example.com" "${alice[@]}" "$@"
}
# slow REQUESTS OPTION... NAME: an addition in the background that waits before
# its last requests but REQUESTS.
slow ()
{
    local when=$((sends - $1))
    shift
    add -e inject="sendto:delay_enter=1200000:when=$when" -- "$@" \
        >"$work/slow.out" 2>"$work/slow.err" &
    slow=$!
}
slow_ends () # STATUS WHAT
{
    wait "$slow"
    check "$2: $1" [ $? -eq "$1" ]
}
wait_for () # COMMAND...
{
    for _ in $(seq 100); do
        "$@" >"$work/seen" 2>&1 && return
        sleep 0.02
    done
    check "$* comes true" false
}
is_whole () # NAME
{
    holds "uid=$1,$people" '^bwRole: cn=user-administrator,' &&
        holds "$account" "^bwAccountAdmin: uid=$1,$people\$"
}
off_the_list () # NAME
{
    root_modify <<END
dn: $account
changetype: modify
delete: bwAccountAdmin
bwAccountAdmin: uid=$1,$people
END
}

expect 0 "an addition by itself" add -- zed0
# The last says that the tool leaves; before it the entry, the list, the role.
sends=$(grep -c '^sendto(' "$work/trace")

slow 2 zed1
wait_for entries "uid=zed1,$people"
expect 0 "--ensure of who is being added" as alice bwdir-add --ensure \
    "${zed[@]}" --mail zed1@example.com zed1
check "completes him" grep -qx 'zed1: changed' "$work/out"
slow_ends 0 "which the addition finds done"
check "and leaves" is_whole zed1

slow 3 --ensure zed4
sleep 0.5
expect 0 "one adds whom another is to ensure" as alice bwdir-add "${zed[@]}" \
    --mail zed4@example.com zed4
slow_ends 0 "who then finds him"
check "as he is to be" grep -qx 'zed4: unchanged' "$work/slow.out"
check "and leaves him so" is_whole zed4
# It looks for him, and then once more to add him.
relay search 2 zed6 "bwdir-add $(printf '%q ' "${zed[@]}") \
    --mail zed6@example.com zed6 >/dev/null"
expect 0 "one adds him while it is planned" bwdir-add -H "$relay_uri" \
    "${alice[@]}" --ensure "${zed[@]}" --mail zed6@example.com zed6
check "who then finds him" grep -qx 'zed6: unchanged' "$work/out"
slow 3 zed5
sleep 0.5
as alice bwdir-add "${zed[@]}" --mail zed5@example.com zed5 >/dev/null
slow_ends 73 "without --ensure"

# ---- a part of what one request says ----------------------------------------

# meanwhile CHANGE TOOL OPTION...: alice runs the tool, and somebody else
# changes olga once it has looked, before its first request.
meanwhile ()
{
    relay before 1 "'$top_srcdir/tests/edit-entry' uid=olga,ou=people '$1'"
    "$2" -H "$relay_uri" "${alice[@]}" "${@:3}"
}
# roles_are KEYWORD ...: of olga.
roles_are ()
{
    [ "$(mark_of olga bwRole | sed 's/cn=\([^,]*\),.*/\1/' | sort | xargs)" = \
        "$*" ]
}
role_of () # KEYWORD
{
    echo "bwRole cn=$1,ou=roles,$BWDIR_BASE"
}
olga=(--no-prompt --no-mail --first Olga --last Potter
      --mail olga@example.com --phone "$(mark_of olga bwWorkPhone)"
      --level basic --access dashboard --account 5500001)
expect 0 "one of two roles is given by another" meanwhile \
    "add $(role_of porting)" bwdir-mod --no-mail \
    --add-role porting,reporting olga
check "olga has both" roles_are ordering porting reporting
expect 0 "one of two is taken by another" meanwhile \
    "delete $(role_of porting)" bwdir-mod --no-mail \
    --remove-role porting,reporting olga
check "she has neither" roles_are ordering
expect 0 "all is given by another" meanwhile "add $(role_of porting)" \
    bwdir-mod --no-mail --add-role porting olga
check "olga has it" roles_are ordering porting
expect 0 "--ensure of what another gives a part of" meanwhile \
    "add $(role_of reporting)" bwdir-add --ensure "${olga[@]}" \
    --role ordering,reporting,messaging-insights olga
check "olga has it all" roles_are messaging-insights ordering reporting
check "and is owed the mail of it" holds "uid=olga,$people" \
    '^bwMailOwed: access-changed '

slow 1 zed2
wait_for holds "$account" "uid=zed2,"
off_the_list zed2
slow_ends 77 "the role is refused"
check "who was added is taken back" lacks "ou=people,$BWDIR_BASE" uid=zed2,
slow 1 zed3
wait_for holds "$account" "uid=zed3,"
off_the_list zed3
expect 0 "another changes him meanwhile" as alice bwdir-mod --first Zoe \
    zed3
slow_ends 77 "the role is refused"
check "he stands" holds "uid=zed3,$people" '^givenName: Zoe'
check "which is said" grep -q \
    "done and not taken back: add uid=zed3,$people" "$work/slow.err"

# ---- the last two admins ----------------------------------------------------

dana=uid=dana,$people
for name in zed0 zed1 zed4 zed5 zed6; do
    expect 0 "$name goes" bwdir-del --yes --keep "$work/$name" "$name"
done
expect 0 "two admins" bwdir-account admins 5500001 --add dana
entries "$dana" | grep '^bw[ALR]' | sort >"$work/before"
# The first request takes the role away, the second the place on the list.
relay before 2 "bwdir-account admins 5500001 --remove alice"
expect 65 "both are taken off at once" bwdir-account admins -H "$relay_uri" \
    5500001 --remove dana
says 'account "5500001": "dana" is its only admin; name another first, or give --force'
check "one stays" holds "$account" "^bwAccountAdmin: $dana\$"
check "the other does not" lacks "$account" 'bwAccountAdmin: uid=alice,'
check "who stays is as before" \
    cmp "$work/before" <(entries "$dana" | grep '^bw[ALR]' | sort)
expect 0 "two admins again" bwdir-account admins 5500001 --add alice
relay before 2 "bwdir-account admins 5500001 --remove alice"
expect 0 "with --force both go" bwdir-account admins -H "$relay_uri" --force \
    5500001 --remove dana
check "nobody stays" lacks "$account" '^bwAccountAdmin: '

# ---- back to unverified ------------------------------------------------------

relay before 1 "bwdir-mod --no-mail --mail b2@example.com bothy"
expect 0 "a reset of who gets another mail meanwhile" \
    bwdir-passwd --reset --no-mail -H "$relay_uri" bothy
check "he has the mail" holds "uid=bothy,$people" '^mail: b2@example.com'
check "is unverified" [ "$(state_of bothy)" = unverified ]
check "and owed the code that sets a password" holds "uid=bothy,$people" \
    '^bwMailOwed: reset '
finish
