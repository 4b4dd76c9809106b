#!/bin/bash
# A directory that is started anew every 5 s, in order or by kill -9, while
# people sign in: only right codes or "unavailable", and right ones again
# within 2 s of its return (row 37 of the catalogue); alone, and as the first
# of two servers, when nobody should notice.
#
#   tests/servers-load.sh [SECONDS]    for each of the two; 25 if not given
#
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/sandbox.bash" || exit 99
. "$(dirname "$0")/daemon.bash" || exit 99
. "$(dirname "$0")/servers.bash" || exit 99
seconds=${1-25}
log=$work/log
first_pid=

# load NAME QUESTION...: asks until $work/enough is there.
load ()
{
    local name=$1
    shift
    while [ ! -e "$work/enough" ]; do
        ask -a -n 25 "$work/own.sock" "$@"
    done >"$work/load.$name"
}

# tally NAME STATUS: how often there was that answer.
tally ()
{
    tr ' ' '\n' <"$work/load.$1" |
        awk -F : -v status="$2" '$1 == status { n += $2 } END { print n + 0 }'
}

own_robot ()
{
    [[ $(ask -a "$work/own.sock" authenticate robot \
        password="$secrets/robot") == "0 "* ]]
}

# Kills the first server each 5 s and starts it again a second later; notes
# the longest that sign-in took to come back, in ms.
disturb ()
{
    local end=$((SECONDS + seconds)) turn=0 began ended
    slowest=0
    while [ $SECONDS -lt $end ]; do
        if [ $((turn++ % 2)) -eq 0 ]; then
            end_server "$first_pid"
        else
            kill "$first_pid"
            wait "$first_pid" 2>/dev/null
        fi
        sleep 1
        run_server first
        began=${EPOCHREALTIME/./}
        await own_robot
        ended=${EPOCHREALTIME/./}
        [ $(((ended - began) / 1000)) -le $slowest ] ||
            slowest=$(((ended - began) / 1000))
        sleep 3.5
    done
}

# only NAME STATUS: no other answer than that one and "unavailable".
only ()
{
    ! tr ' ' '\n' <"$work/load.$1" | grep -vqE "^($2|4):" ||
        { sort "$work/load.$1" | uniq -c | sed 's/^/    /'; false; }
}

# under_load WHAT URI...
under_load ()
{
    local what=$1 loads=()
    shift
    rm -f "$work/enough"
    on_servers "log='$log'" workers=6 "$@"
    check "$what: the daemon starts" start_daemon "$work/conf" \
        "$work/own.sock"
    check "$what: works" await own_robot
    load right authenticate robot password="$secrets/robot" &
    loads+=($!)
    load also-right authenticate rolf password="$secrets/rolf" &
    loads+=($!)
    load account account robot &
    loads+=($!)
    load wrong authenticate gina password="$secrets/robot" &
    loads+=($!)
    load unknown authenticate nobody-here password="$secrets/robot" &
    loads+=($!)
    disturb
    : >"$work/enough"
    wait "${loads[@]}"
    check "$what: a right password is right or not looked at" only right 0
    check "$what: another's too" only also-right 0
    check "$what: an account question too" only account 0
    check "$what: a wrong password is wrong or not looked at" only wrong 11
    check "$what: an unknown user is unknown or not looked for" only unknown 6
    check "$what: there again within 2 s (the slowest: $slowest ms)" \
        [ "$slowest" -le $((2000 + slack)) ]
    kill "$daemon"
    wait "$daemon"
}

for name in first second; do
    check "server $name" copy_server $name
    check "it answers" run_server $name
done
under_load "two servers" "$(uri_of first)" "$(uri_of second)"
right=$(tally right 0)
away=$(tally right 4)
check "two servers: of 100 right passwords 95 or more are heard ($right of \
$((right + away)))" [ $((20 * away)) -le "$right" ]
under_load "one server" "$(uri_of first)"
finish
