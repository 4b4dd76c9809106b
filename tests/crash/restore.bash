# bwdir-del --restore: whoever is put back half way has no right too many and
# gets the rest by the next try.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # shared with tests/crash/run
what='each is put back once, with all rights, and has a code that is good'

new_admin () # NAME [OPTION...]
{
    bwdir-add --no-prompt --no-mail --first Test --last User \
        --mail "$1@example.com" --phone "$(phone_of "$1")" --level admin \
        --access dashboard --account 5500001 \
        --role user-administrator,ordering "${@:2}" "$1" >/dev/null
}

# He is disabled from a far day on, is the owner of another user, and deleted.
goes ()
{
    bwdir-disable --at 2099-01-01 "$1" >/dev/null &&
        new_user "o$1" --no-mail --access api --owner "$1" 2>/dev/null &&
        bwdir-del --yes --keep "$work/kept.$1" "$1" >/dev/null
}

prepare ()
{
    new_admin "$1" && goes "$1"
}

tool ()
{
    exec "${traced[@]}" bwdir-del --restore "$work/kept.$1/$1"-*.ldif
}

# From the first moment on he is, when he was to be.
disabled_again ()
{
    must "$1: without an end" holds "uid=$1,$people" \
        '^pwdEndTime: 20990101000000Z$'
}

killed ()
{
    is_gone "$1" || disabled_again "$1"
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

has_his_rights ()
{
    must "$1: without the role" holds "uid=$1,$people" \
        '^bwRole: cn=user-administrator,'
    must "$1: not an admin" holds "cn=5500001,ou=accounts,$BWDIR_BASE" \
        "^bwAccountAdmin: uid=$1,"
    must "$1: no owner" holds "uid=o$1,$people" "^owner: uid=$1,"
}

settled ()
{
    has_his_rights "$1"
    must "$1: no mail whose code is good" verify "$1" \
        "$(last_code "$1")" "$(phone_of "$1")" Marker_password
}
