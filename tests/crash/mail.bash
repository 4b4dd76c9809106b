# bwdir-mail: a user who is owed a code and a notice gets both in the end, the
# code that is good last, and for each kill at most one mail too many; what the
# killed one had in hand waits for its claim to pass and for nothing else.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # shared with tests/crash/run
what='each user is owed nothing, has both mails, one too many at most, and a code that is good'
# One at a time: its calls are others when somebody else is owed a mail.
jobs=1

prepare ()
{
    new_user "$1" --no-mail && owe_notice "$1" access-changed
}

tool ()
{
    exec "${traced[@]}" bwdir-mail "$1"
}

codes_to () # NAME: how many mails with a code he has
{
    mails_to "$1@example.com" | xargs -r grep -lE '^    Code: ' | wc -l
}

notices_to ()
{
    mails_to "$1@example.com" |
        xargs -r grep -lE '^Subject: The rights of .* have been changed' |
        wc -l
}

is_owed_nothing ()
{
    bwdir-mail -n "$1" >/dev/null 2>&1 &&
        lacks "uid=$1,$people" '^bwMailOwed'
}

# What is no longer owed has been sent.
killed ()
{
    if holds "uid=$1,$people" '^bwDelivered'; then
        must "$1: a code that counts as delivered and is not" \
            [ "$(codes_to "$1")" -eq 1 ] || return
    fi
    if lacks "uid=$1,$people" '^bwMailOwed'; then
        must "$1: a notice that counts as delivered and is not" \
            [ "$(notices_to "$1")" -eq 1 ]
    fi
}

# waits_briefly NAME: what keeps his mail back passes within two minutes.
waits_briefly ()
{
    local until now
    until=$(mark_of "$1" bwMailNotBefore)
    now=$(date -u +%Y%m%d%H%M%SZ)
    if [[ $until > $now ]]; then
        [[ ! $until > $(date -u -d '120 seconds' +%Y%m%d%H%M%SZ) ]]
    else
        [ -n "$(credential "$1")" ]
    fi
}

again ()
{
    local before
    before=$(mails_to "$1@example.com" | wc -l)
    bwdir-mail "$1" >/dev/null 2>&1
    case $? in
    0) ;;
    75)
        must "$1: a mail while another one delivers" \
            [ "$(mails_to "$1@example.com" | wc -l)" -eq "$before" ] &&
            must "$1: nothing to wait for" waits_briefly "$1" || return
        # As if that time had passed, and the day, whose last place but that of
        # a code the killed one may have taken.
        wait_over "$1"
        code_ages "$1"
        root_modify <<END
dn: uid=$1,$people
changetype: modify
replace: bwMailSent
END
        must "$1: not delivered by the next run" bwdir-mail "$1" || return
        ;;
    *) echo "$1: another answer to the next run" >&2 && return ;;
    esac
    # 0: bwdir-mail has looked again, and he is owed nothing.  The code is tried
    # now, for bwdir-mail looks at whoever is unverified: left so, he would
    # change the calls that the others are killed at.
    must "$1: the last code is not good" verify "$1" \
        "$(last_code "$1")" "$(phone_of "$1")" Marker_password
}

settle ()
{
    deliver_all
}

settled ()
{
    local codes notices
    codes=$(codes_to "$1")
    notices=$(notices_to "$1")
    must "$1: $codes codes and $notices notices" \
        [ "$codes" -ge 1 -a "$notices" -ge 1 -a $((codes + notices)) -le 3 ]
    must "$1: still owed a mail" is_owed_nothing "$1"
    must "$1: not verified" [ "$(state_of "$1")" = verified ]
}

