# bwdir-del --restore: whoever is put back half way has no right too many and
# gets the rest by the next try.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # shared with tests/crash/run
what='each is put back once, with all rights, and has a code that is good'

# An administrator who is disabled from a far day on, and another user of the
# same person.
prepare ()
{
    bwdir-add --no-prompt --no-mail --first Test --last User \
        --mail "$1@example.com" --phone "$(phone_of "$1")" --level admin \
        --access dashboard --account 5500001 \
        --role user-administrator,ordering "$1" >/dev/null &&
        bwdir-disable --at 2099-01-01 "$1" >/dev/null &&
        new_user "o$1" --no-mail --access api --owner "$1" 2>/dev/null &&
        bwdir-del --yes --keep "$work/kept.$1" "$1" >/dev/null
}

tool ()
{
    exec "${traced[@]}" bwdir-del --restore "$work/kept.$1/$1"-*.ldif
}

# From the first moment on he is disabled when he was to be.
killed ()
{
    is_gone "$1" || must "$1: without an end" holds "uid=$1,$people" \
        '^pwdEndTime: 20990101000000Z$'
}

again ()
{
    must "$1: not restored by the next try" \
        bwdir-del --restore "$work/kept.$1/$1"-*.ldif
    bwdir-del --restore "$work/kept.$1/$1"-*.ldif |
        grep -qx "$1: is there, and nothing is missing" ||
        echo "$1: something is missing" >&2
}

settle ()
{
    deliver_all
}

settled ()
{
    must "$1: without the role" holds "uid=$1,$people" \
        '^bwRole: cn=user-administrator,'
    must "$1: not an admin" holds "cn=5500001,ou=accounts,$BWDIR_BASE" \
        "^bwAccountAdmin: uid=$1,"
    must "$1: no owner" holds "uid=o$1,$people" "^owner: uid=$1,"
    must "$1: no mail whose code is good" verify "$1" \
        "$(last_code "$1")" "$(phone_of "$1")" Marker_password
}
