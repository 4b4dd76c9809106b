# bwdir-add: the user is there once, or not at all and is added by the next
# try; he is owed nothing in the end and has a mail whose code is good.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # shared with tests/crash/run
what='each user is there once, is owed nothing and has a code that is good'

prepare ()
{
    :
}

tool ()
{
    exec "${traced[@]}" bwdir-add --no-prompt --first Test --last User \
        --mail "$1@example.com" --phone "$(phone_of "$1")" --level basic \
        --access dashboard --account 5500001 "$1"
}

killed ()
{
    ! exists_once "$1" || must "$1: half an entry" bwdir-show "$1"
}

again ()
{
    new_user "$1" 2>/dev/null
    case $? in
    0 | 73) must "$1: not added" exists_once "$1" ;;
    *) echo "$1: not added by the next try" >&2 ;;
    esac
}

settle ()
{
    deliver_all
}

settled ()
{
    must "$1: not there once" exists_once "$1"
    must "$1: no mail whose code is good" verify "$1" \
        "$(code_for "$1@example.com")" "$(phone_of "$1")" Marker_password
    must "$1: not verified" [ "$(state_of "$1")" = verified ]
}
