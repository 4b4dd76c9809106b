# bwdir-del: nothing is deleted that is not kept, and the next try deletes the
# rest.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # shared with tests/crash/run
what='whoever is gone is kept whole, and the next try deletes the others'

# An administrator has everything that a user can have: a role that goes
# first, an account that names him, a code.
prepare ()
{
    mkdir -p "$sandbox/deleted" # or only the first run would make it
    bwdir-add --no-prompt --first Test --last User --mail "$1@example.com" \
        --phone "$(phone_of "$1")" --level admin --access dashboard \
        --account 5500001 --role user-administrator,ordering "$1" >/dev/null
}

tool ()
{
    exec "${traced[@]}" bwdir-del --yes "$1"
}

# A file of which he can be put back with all that he had.
is_kept ()
{
    local file
    for file in "$sandbox/deleted/$1"-*.ldif; do
        grep -q "^bwRole: cn=user-administrator," "$file" &&
            bwdir-del -n --restore "$file" >"$work/plan.$1" 2>/dev/null &&
            grep -q '^bwRole: cn=user-administrator,' "$work/plan.$1" &&
            return
    done
    return 1
}

# Whether he still has all that he had.
is_whole ()
{
    entries "uid=$1,$people" >"$work/entries.$1" 2>/dev/null &&
        grep -q '^bwRole: cn=user-administrator,' "$work/entries.$1" &&
        entries "cn=5500001,ou=accounts,$BWDIR_BASE" |
        grep -q "^bwAccountAdmin: uid=$1,"
}

killed ()
{
    if is_gone "$1"; then
        must "$1: gone and not kept" is_kept "$1"
    elif ! is_whole "$1"; then
        grep -lq '^bwRole: cn=user-administrator,' \
            "$sandbox/deleted/$1"-*.ldif 2>/dev/null ||
            echo "$1: has lost rights that are not kept" >&2
    fi
}

again ()
{
    bwdir-del --yes "$1" >/dev/null 2>&1
    case $? in
    0 | 67) must "$1: there still" is_gone "$1" ;;
    *) echo "$1: not deleted by the next try" >&2 ;;
    esac
}

settle ()
{
    :
}

settled ()
{
    must "$1: there still" is_gone "$1"
    must "$1: not kept" is_kept "$1"
    must "$1: an account names him" eval \
        "! holds 'ou=accounts,$BWDIR_BASE' 'uid=$1,'"
}
