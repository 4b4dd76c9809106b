#!/bin/bash
# The last admin of an account who can act is told apart, whatever takes him
# away, of several that one command line names too, with -n as in earnest.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/sandbox.bash" || exit 99

account=cn=5500001,ou=accounts,$BWDIR_BASE
only='is its only admin; name another first, or give --force'
disabled='are disabled; name another first, or give --force'
add_admin () # NAME
{
    bwdir-add --no-prompt --no-mail --first Test --last User \
        --mail "$1@example.com" --phone 9195550666 --level admin \
        --access dashboard --account 5500001 --role user-administrator \
        "$1" >/dev/null
}
# both_refuse TEXT WHAT COMMAND [ARGUMENT...]: 65 of what takes alice and t6
# away, with TEXT about the second, first with -n.
both_refuse ()
{
    local text=$1 what=$2
    shift 2
    snapshot >"$work/before"
    expect 65 "-n: $what" "$@" -n alice t6
    says "account \"5500001\": $text"
    check "-n: $what: one would go" \
        [ "$(grep -c '"5500001"' "$work/err")" -eq 1 ]
    check "-n: $what: nothing is written" cmp -s "$work/before" <(snapshot)
    expect 65 "$what" "$@" alice t6
    says "account \"5500001\": $text"
}

# ---- one goes, another comes -----------------------------------------------

bwdir-add --no-prompt --no-mail --first Test --last User --mail t6@example.com \
    --phone 9195550666 --level basic --access dashboard --account 5500001 \
    t6 >/dev/null
swap=(bwdir-account admins 5500001 --add t6 --remove alice)
expect 0 "-n: another admin in the place of the only one" "${swap[@]}" -n
check "both are printed" \
    [ "$(grep -c '^bwAccountAdmin: uid=\(t6\|alice\),' "$work/out")" -eq 2 ]
expect 0 "in earnest" "${swap[@]}"
check "the account is the other's" lacks "$account" '^bwAccountAdmin: uid=alice,'
expect 0 "and back" bwdir-account admins 5500001 --add alice

# ---- of two who are named the second stays -----------------------------------

both_refuse "its admins other than \"t6\" $disabled" "disabling both" \
    bwdir-disable
check "one is disabled" holds "uid=alice,$people" '^pwdEndTime'
check "the other is not" lacks "uid=t6,$people" '^pwdEndTime'
for what in 'bwdir-disable' 'bwdir-disable --at +30d' 'bwdir-del --yes' \
    'bwdir-mod --level basic' 'bwdir-account admins 5500001 --remove'; do
    for option in -n ''; do
        # shellcheck disable=SC2086 # words
        expect 65 "$what $option of whom only disabled ones stand beside" \
            $what t6 $option
        says "account \"5500001\": its admins other than \"t6\" $disabled"
    done
done
expect 0 "unless it is forced" bwdir-disable --force t6
bwdir-enable alice t6 >/dev/null
expect 0 "one ends in a month" bwdir-disable --at +30d alice
expect 65 "who is not left when the other ends too" bwdir-disable --at +31d t6
expect 0 "but is before" bwdir-disable --at +20d t6
bwdir-enable alice t6 >/dev/null
expect 0 "-n: disabled and enabled" bwdir-disable -n alice
both_refuse "\"t6\" $only" "deleting both" bwdir-del --yes
check "one is gone" lacks "$people" '^uid: alice$'
check "the other administers" holds "$account" '^bwAccountAdmin: uid=t6,'

# ---- two at once -----------------------------------------------------------

add_admin t7
# The first request takes the role away, the second the place on the list.
relay before 2 "bwdir-account admins 5500001 --remove t7"
expect 65 "deleted while another is taken off the list" \
    bwdir-del --yes -H "$relay_uri" t6
says "account \"5500001\": \"t6\" $only"
check "the entry stands" holds "uid=t6,$people" '^uid: t6'
check "and the role" holds "uid=t6,$people" '^bwRole: cn=user-administrator,'
check "and the place" holds "$account" '^bwAccountAdmin: uid=t6,'
finish
