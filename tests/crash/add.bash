# bwdir-add: the user is there once, or not at all, and the same command with
# --ensure makes of him what he was to be: an administrator, who takes the most
# requests.  He is owed nothing in the end and has a mail whose code is good.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # shared with tests/crash/run
what='each admin is there once and whole, is owed nothing and has a code that is good'

prepare ()
{
    :
}

# add NAME [OPTION...]
add ()
{
    local name=$1
    shift
    bwdir-add --no-prompt --first Test --last User --mail "$name@example.com" \
        --phone "$(phone_of "$name")" --level admin --access dashboard \
        --account 5500001 --role user-administrator,ordering "$@" "$name"
}

tool ()
{
    bwdir-add () { exec "${traced[@]}" bwdir-add "$@"; }
    add "$1"
}

killed ()
{
    ! exists_once "$1" || must "$1: half an entry" bwdir-show "$1"
}

# One half by bwdir-add, one by bwdir-mod, which says the same of rights.
again ()
{
    if [ $((${1//[!0-9]/} / 2 % 2)) -eq 0 ] || ! exists_once "$1"; then
        must "$1: not whole by --ensure" add "$1" --ensure
    else
        must "$1: not whole by bwdir-mod" bwdir-mod --level admin \
            --add-role user-administrator "$1"
    fi
    must "$1: not an administrator" is_administrator "$1"
    [ "$(add "$1" --ensure 2>/dev/null)" = "$1: unchanged" ] ||
        echo "$1: not unchanged" >&2
}

is_administrator ()
{
    holds "uid=$1,$people" '^bwRole: cn=user-administrator,' &&
        holds "cn=5500001,ou=accounts,$BWDIR_BASE" "^bwAccountAdmin: uid=$1,"
}

settle ()
{
    deliver_all
}

settled ()
{
    must "$1: not there once" exists_once "$1"
    must "$1: no mail whose code is good" verify "$1" "$(last_code "$1")" \
        "$(phone_of "$1")" Marker_password
    must "$1: not verified" [ "$(state_of "$1")" = verified ]
}
