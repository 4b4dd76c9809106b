# The words for shell tests of bwdird(8), on top of sandbox.bash; sourced.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # the names are for the tests
bwdird=$top_builddir/pam_bw/bwdird/bwdird
cp "$top_builddir/tests/ask" "$work/ask" || exit 99
secrets=$sandbox/secrets
log=$sandbox/log
# LeakSanitizer needs to trace, and bwdird forbids that.
export ASAN_OPTIONS=detect_leaks=0
slack=200 # milliseconds behind a deadline
case ${TEST_MEMORY_TOOL-} in
asan | valgrind) slack=1000 ;;
esac

ask ()
{
    "$work/ask" "$@"
}

# sign_in USER [OPTION...]: authenticate, with the password of the sandbox.
sign_in ()
{
    local user=$1
    shift
    ask "$@" "$BWDIR_SOCKET" authenticate "$user" password="$secrets/$user"
}

# answers WANTED COMMAND...: status and days, and any fields.
answers ()
{
    local wanted=$1 got
    shift
    got=$("$@" | sed -E 's/^([0-9]+ -?[0-9]+|closed) [0-9]+/\1/')
    [ "$got" = "$wanted" ] || { echo "    '$got', wanted '$wanted'"; false; }
}

# within MS COMMAND...: unavailable, and not later than that.
unavailable_within ()
{
    local most=$1 status days ms
    shift
    read -r status days ms < <("$@")
    [ "$status" = 4 ] && [ "$ms" -le $((most + slack)) ] ||
        { echo "    '$status $days $ms', wanted 4 within $most ms"; false; }
}

# await COMMAND...: until it is true, five seconds at most.
await ()
{
    local tries
    for ((tries = 0; tries < 500; tries++)); do
        "$@" >/dev/null && return 0
        sleep 0.01
    done
    return 1
}

# The last line of the log for USER, without stamp and process.
logged ()
{
    grep -F " user=$1 " "$log" | tail -n 1 | cut -d ' ' -f 3-
}

# log_is USER PATTERN: that line is exactly this.
log_is ()
{
    logged "$1" | grep -qxE -e "$2" ||
        { echo "    $(logged "$1")"; false; }
}

daemon_pid ()
{
    cat "$sandbox/bwdird.pid"
}

workers_of ()
{
    pgrep -P "$1" | sort
}

gone ()
{
    local pid
    for pid in "$@"; do
        ! kill -0 "$pid" 2>/dev/null || return 1
    done
}

works ()
{
    answers "0 -1 $facts" sign_in dana
}

# What bwdird tells of dana.
facts="level=basic roles=ordering accounts=5500001 access=dashboard"

# daemon CONF: runs in the background, $daemon; ready when it listens.
start_daemon ()
{
    "$bwdird" -c "$1" 2>"$work/err" &
    daemon=$!
    children+=("$daemon")
    await listening_or_ended "$2" && kill -0 "$daemon" 2>/dev/null ||
        { sed 's/^/    /' "$work/err"; false; }
}
listening_or_ended ()
{
    grep -qF " $1" /proc/net/unix || ! kill -0 "$daemon" 2>/dev/null
}

# variant NAME=VALUE...: the configuration with these options of bwdird.
variant ()
{
    local setting script=
    for setting in "$@"; do
        script+="/^bwdird {/,/^}/{ /^    ${setting%%=*} =/d; };"
        script+="/^bwdird {/a\\    ${setting%%=*} = ${setting#*=}"$'\n'
    done
    sed "$script" "$BWDIR_CONF" >"$work/conf"
}
