# bwdir-del: nothing is deleted that is not kept, and the next try deletes the
# rest.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # shared with tests/crash/run
what='whoever is gone is kept whole, and the next try deletes the others'

# An administrator has everything that a user can have: a role that goes
# first, an account that names him, another user name, a code.
prepare ()
{
    mkdir -p "$sandbox/deleted" # or only the first run would make it
    bwdir-add --no-prompt --first Test --last User --mail "$1@example.com" \
        --phone "$(phone_of "$1")" --level admin --access dashboard \
        --account 5500001 --role user-administrator,ordering "$1" >/dev/null &&
        new_user "o$1" --no-mail --access api --owner "$1" 2>/dev/null
}

tool ()
{
    exec "${traced[@]}" bwdir-del --yes "$1"
}

# A file of which he can be put back with all that he had, or what he lacks.
is_kept ()
{
    local file
    for file in "$sandbox/deleted/$1"-*.ldif; do
        grep -q "^bwRole: cn=user-administrator," "$file" &&
            grep -q "^bwAccountAdmin: uid=$1," "$file" &&
            grep -q "^owner: uid=$1," "$file" &&
            bwdir-del -n --restore "$file" >"$work/plan.$1" 2>/dev/null &&
            grep -q '^bwRole: cn=user-administrator,' "$work/plan.$1" &&
            return
    done
    return 1
}

# Whether he still has all that he had.
is_whole ()
{
    holds "uid=$1,$people" '^bwRole: cn=user-administrator,' &&
        holds "cn=5500001,ou=accounts,$BWDIR_BASE" "^bwAccountAdmin: uid=$1," &&
        holds "uid=o$1,$people" "^owner: uid=$1,"
}

killed ()
{
    is_whole "$1" 2>/dev/null ||
        must "$1: has lost rights that are not kept" is_kept "$1"
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
    must "$1: another user is his" lacks "uid=o$1,$people" '^owner:'
}
