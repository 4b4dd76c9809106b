# bwdir-verify: verified with the password, or not and the code stands still;
# never one without the other.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # shared with tests/crash/run
what='each user is verified and has the password, and the code is used up'

prepare ()
{
    new_user "$1" || return
    code_for "$1@example.com" >"$work/code.$1"
    printf '%s\n' "$(cat "$work/code.$1")" "$(phone_of "$1")" \
        "Marker_password_$1" >"$work/answers.$1"
}

tool ()
{
    exec "${traced[@]}" bwdir-verify --no-prompt "$1" <"$work/answers.$1"
}

# password_is of sandbox.bash, with a file of its own for each name.
has_password ()
{
    printf '%s' "Marker_password_$1" >"$work/password.$1"
    ldapwhoami -x -H "$BWDIR_LDAPI" -D "uid=$1,$people" \
        -y "$work/password.$1" >/dev/null 2>&1
}

killed ()
{
    case $(state_of "$1") in
    verified) must "$1: verified without the password" has_password "$1" ;;
    unverified)
        # The server may be at it still: then it is both a moment later.
        ! has_password "$1" || must "$1: the password without being verified" \
            [ "$(state_of "$1")" = verified ] ;;
    *) echo "$1: no state" >&2 ;;
    esac
}

again ()
{
    bwdir-verify --no-prompt "$1" <"$work/answers.$1" >/dev/null 2>&1
    case $? in
    # 65: the server has just set that password for the one that was killed.
    0 | 65 | 77) must "$1: not verified by the next try" \
        [ "$(state_of "$1")" = verified ] ;;
    *) echo "$1: another answer to the next try" >&2 ;;
    esac
}

settle ()
{
    deliver_all
}

settled ()
{
    must "$1: not verified" [ "$(state_of "$1")" = verified ]
    must "$1: not the password" has_password "$1"
    must "$1: the code is good still" eval \
        "! bwdir-verify --no-prompt $1 <'$work/answers.$1'"
    must "$1: more than one mail" \
        [ "$(mails_to "$1@example.com" | wc -l)" -eq 1 ]
}
