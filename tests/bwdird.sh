#!/bin/bash
# bwdird(8) on a real directory: its answers and log lines, malformed frames,
# idle and foreign callers, a directory and workers that hang, kill -9, what
# it leaks and what it gives away, its exit codes.  What needs root is left
# out, and said, without it.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/sandbox.bash" || exit 99
. "$(dirname "$0")/daemon.bash" || exit 99

uid=$(id -u)

# ---- answers and log lines ---------------------------------------------------

check "dana, right password" works
check "its log line" log_is dana "event=authenticate user=dana service=test\
 access=dashboard source=- uid=$uid status=ok reason=ok ms=[0-9]+"
check "with stamp and process" grep -qE \
    '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{3}Z bwdird\[[0-9]+\]: event' \
    "$log"
check "wanda, ten days left" answers \
    "0 10 level=basic roles=ordering accounts=5500001 access=dashboard" \
    sign_in wanda
check "olga must change" answers "17 -1 $facts" sign_in olga
check "dana at an API service" answers "14 -1" sign_in dana -a
check "its log line" log_is dana "event=authenticate user=dana service=test\
 access=api source=- uid=$uid status=not-allowed reason=access-method\
 ms=[0-9]+"
check "dana, wrong password" answers "11 -1" ask "$BWDIR_SOCKET" \
    authenticate dana password="$secrets/bob"
check "its log line" log_is dana "event=authenticate user=dana service=test\
 access=dashboard source=- uid=$uid status=bad-credentials reason=password\
 ms=[0-9]+"
: >"$work/empty"
check "dana, empty password" answers "11 -1" ask "$BWDIR_SOCKET" \
    authenticate dana password="$work/empty"
check "dana, a role she has not" answers "14 -1" sign_in dana -r porting
check "an unknown user" answers "6 -1" ask "$BWDIR_SOCKET" authenticate \
    nobody-here password="$secrets/dana"
check "dieter, without password" answers "13 -1" ask "$BWDIR_SOCKET" account \
    dieter
check "a name that is a filter" answers "6 -1" ask "$BWDIR_SOCKET" \
    account 'dana)(uid=*'
check "a name with a line end" answers "6 -1" ask "$BWDIR_SOCKET" \
    account $'dana\nevent=x'
check "its log line" log_is '"dana\x0aevent=x"' "event=account\
 user=\"dana\\\\x0aevent=x\" service=test access=dashboard source=- uid=$uid\
 status=no-such-user reason=unknown-user ms=[0-9]+"
printf 'A new and better password' >"$work/new"
check "dana changes her password" answers "0 -1 $facts" ask "$BWDIR_SOCKET" \
    change dana password="$secrets/dana" new="$work/new"
check "the old one is refused" answers "11 -1" sign_in dana
cp "$work/new" "$secrets/dana"
check "the new one works" works

# ---- malformed frames, idle and slow callers ---------------------------------

before=$(workers_of "$(daemon_pid)")
malformed=0
for ((turn = 0; turn < 100; turn++)); do
    # Too short a frame is waited for, half a second: not with this many.
    head -c $((61 + RANDOM % 4000)) /dev/urandom >"$work/frame"
    case $(ask -R "$BWDIR_SOCKET" <"$work/frame") in
    "4 -1 "* | closed*) malformed=$((malformed + 1)) ;;
    esac
done
check "100 frames of noise, none answered" [ $malformed -eq 100 ]
head -c 30 /dev/zero >"$work/frame"
check "half a header: closed after half a second" answers closed \
    ask -R "$BWDIR_SOCKET" <"$work/frame"
check "no secret where one must be" answers "4 -1" ask "$BWDIR_SOCKET" \
    authenticate dana
check "its log line" log_is dana "event=authenticate user=dana service=test\
 access=dashboard source=- uid=$uid status=unavailable\
 reason=\"malformed frame: field missing\" ms=[0-9]+"
check "the workers are the same" [ "$before" = \
    "$(workers_of "$(daemon_pid)")" ]
mkfifo "$work/hold"
ask -I 200 "$BWDIR_SOCKET" <"$work/hold" >"$work/idle" &
children+=($!)
exec 7>"$work/hold"
await test -s "$work/idle"
check "beside 200 idle connections" works
exec 7>&-

# ---- a directory that hangs --------------------------------------------------

slapd=$(cat "$sandbox/slapd.pid")
kill -STOP "$slapd"
check "slapd stopped: API answered within 1 s" unavailable_within 1000 \
    sign_in robot -a
check "slapd stopped: dashboard answered within 3 s" unavailable_within 3000 \
    sign_in dana
check "a deadline of one's own is kept" unavailable_within 100 \
    sign_in dana -m 100
kill -CONT "$slapd"
check "slapd goes on: works again" await works

# ---- workers that hang or die ------------------------------------------------

before=$(workers_of "$(daemon_pid)")
# shellcheck disable=SC2086 # several
kill -STOP $before
check "workers stopped: answered within 1 s" unavailable_within 1000 \
    sign_in robot -a
check "its log line" log_is robot "event=authenticate user=robot service=-\
 access=api source=- uid=$uid status=unavailable\
 reason=\"no answer before the deadline\" ms=1[0-9]{3}"
check "it is replaced" await works
check "and told" grep -q 'notice=worker-killed detail="pid [0-9]* past' "$log"
# shellcheck disable=SC2086
kill -CONT $before 2>/dev/null
# shellcheck disable=SC2046
kill -KILL $(workers_of "$(daemon_pid)")
check "workers killed: works again" await works
four_workers ()
{
    [ "$(workers_of "$(daemon_pid)" | wc -l)" -eq 4 ]
}
check "all of them replaced" await four_workers

# ---- what it leaks and what it shows -----------------------------------------

check "1000 questions" answers "0:1000" ask -n 1000 "$BWDIR_SOCKET" account dana
pid=$(daemon_pid)
if [ "$uid" -eq 0 ]; then
    descriptors ()
    {
        local child
        for child in $pid $(workers_of "$pid"); do
            find "/proc/$child/fd" -mindepth 1 | wc -l
        done
    }
    before=$(descriptors)
    ask -n 1000 "$BWDIR_SOCKET" account dana >"$work/out"
    same_descriptors ()
    {
        [ "$before" = "$(descriptors)" ]
    }
    check "1000 more leak no descriptor" await same_descriptors
    check "no environment is left to read" [ -z "$(tr -d '\0' \
        <"/proc/$pid/environ")" ]
elif [ "$(stat -c %u /proc/1/mem)" != "$uid" ]; then
    echo "left out without root: descriptors and environment of the daemon"
    check "its descriptors cannot be seen" [ -z "$(ls "/proc/$pid/fd" \
        2>/dev/null)" ]
    check "it cannot be traced" [ "$(stat -c %u "/proc/$pid/mem")" != "$uid" ]
else
    echo "left out where root passes for us: what the daemon shows of itself"
fi
for child in $pid $(workers_of "$pid"); do
    check "no new privileges" grep -q '^NoNewPrivs:.*1$' "/proc/$child/status"
    check "no core file" grep -qE '^Max core file size +0 +0 ' \
        "/proc/$child/limits"
done
for secret in "$secrets"/*; do
    check "no ${secret##*/}'s secret in the log" \
        bash -c '! grep -qFf "$1" "$2"' - "$secret" "$log"
done

# ---- the end -----------------------------------------------------------------

workers=$(workers_of "$pid")
kill -KILL "$pid"
# shellcheck disable=SC2086
check "kill -9: no worker is left" await gone $pid $workers
check "and nobody answers" bash -c '! "$@" 2>/dev/null' - "$work/ask" \
    "$BWDIR_SOCKET" account dana
check "started again" start_sandbox
check "it works again" works

variant "socket='$work/own.sock'" "workers=1"
check "a daemon of one's own" start_daemon "$work/conf" "$work/own.sock"
check "the socket's mode" [ "$(stat -c %a "$work/own.sock")" = 660 ]
check "it answers" answers "0 -1 $facts" ask "$work/own.sock" account dana
expect 69 "a second at the same socket" "$bwdird" -c "$work/conf"
check "one line says why" [ "$(wc -l <"$work/err")" -eq 1 ]
check "the first answers still" answers "0 -1 $facts" ask "$work/own.sock" \
    account dana
workers=$(workers_of "$daemon")
# shellcheck disable=SC2086 # several
kill -HUP "$daemon" $workers
check "SIGHUP changes nothing" answers "0 -1 $facts" ask "$work/own.sock" \
    account dana
check "the workers are the same" [ "$workers" = "$(workers_of "$daemon")" ]
kill -TERM "$daemon"
wait "$daemon"
check "SIGTERM: exit 0" [ $? -eq 0 ]
check "no socket is left" [ ! -e "$work/own.sock" ]
# shellcheck disable=SC2086
check "no worker is left" await gone $workers

# ---- what it refuses ---------------------------------------------------------

# refuses WHAT WORDS: exit 78 and one line with these words.
refuses ()
{
    expect 78 "$1" "$bwdird" -c "$work/conf"
    check "one line says why" [ "$(wc -l <"$work/err")" -eq 1 ]
    says "$2"
}

expect 64 "an unknown option" "$bwdird" -x
expect 64 "an argument" "$bwdird" x
expect 0 "-V" "$bwdird" -V
cp "$work/out" "$work/version"
expect 0 "--version" "$bwdird" --version
check "is the same" cmp "$work/version" "$work/out"
expect 0 "-h" "$bwdird" -h
cp "$work/out" "$work/help"
expect 0 "--help" "$bwdird" --help
check "is the same" cmp "$work/help" "$work/out"
expect 64 "a long option that there is none of" "$bwdird" --nosuch
rm -f "$work/conf"
refuses "no configuration" "$work/conf: "
variant "workers=0"
refuses "no workers" workers
variant "colour=blue"
refuses "an unknown option of the configuration" colour
variant "log='$work/none/log'"
refuses "a log file that cannot be made" "$work/none/log"
variant "socket='$work/new'"
refuses "a file in the socket's place" "$work/new: is there"
check "which is left alone" [ -s "$work/new" ]
mkdir -m 777 "$work/open"
chmod 777 "$work/open"
variant "socket='$work/open/s'"
refuses "a directory that all may write to" "$work/open: must"
variant "socket='$work/own.sock'" "secret-file='$work/none'"
refuses "no secret" "$work/none: "
cp "$secrets/bwdird" "$work/secret"
chmod 644 "$work/secret"
variant "socket='$work/own.sock'" "secret-file='$work/secret'"
refuses "a secret that all may read" "$work/secret: "
check "no socket is left behind" [ ! -e "$work/own.sock" ]
variant "socket='$work/own.sock'"
chmod 666 "$work/conf"
refuses "a configuration that all may write to" "$work/conf: "
rm -f "$work/conf"
if [ "$uid" -eq 0 ]; then
    variant "socket='$work/own.sock'" "user=no-such-user"
    refuses "a user that does not exist" no-such-user
fi

# ---- a socket of systemd's ---------------------------------------------------

if has systemd-socket-activate; then
    variant "socket='$work/unused.sock'"
    systemd-socket-activate -l "$work/handed.sock" "$bwdird" -c "$work/conf" \
        2>"$work/err" &
    children+=($!)
    handed=$!
    await test -S "$work/handed.sock"
    check "a socket that was handed over" answers "0 -1 $facts" \
        ask "$work/handed.sock" account dana
    check "makes none of its own" [ ! -e "$work/unused.sock" ]
    kill "$handed"
    wait "$handed"
    check "and leaves the other's alone" [ -S "$work/handed.sock" ]
else
    echo "left out without systemd-socket-activate: a socket handed over"
fi

# ---- another user ------------------------------------------------------------

if [ "$uid" -ne 0 ]; then
    echo "left out without root: foreign callers, and running as another user"
    finish
fi

# As root for user nobody, over ldaps, with everything where nobody can go.
other=$(id -u nobody)
mkdir -m 755 "$home/o" "$home/o/run"
chmod 711 "$home"
install -m 644 "$sandbox/tls/ca.pem" "$home/o/ca.pem"
install -m 400 -o nobody "$secrets/bwdird" "$home/o/secret"
install -m 755 "$work/ask" "$home/o/ask"
install -m 444 "$secrets/dana" "$home/o/dana"
variant "socket='$home/o/run/s'" "user=nobody" "log='$home/o/log'" \
    "secret-file='$home/o/secret'" "workers=2"
sed -i "s,^uri = .*,uri = { \"$BWDIR_LDAPS\" },
    s,^tls-ca-file = .*,tls-ca-file = \"$home/o/ca.pem\"," "$work/conf"
check "started by root for nobody" start_daemon "$work/conf" "$home/o/run/s"
log=$home/o/log
dropped ()
{
    local child
    for child in $daemon $(workers_of "$daemon"); do
        [ -e "/proc/$child/status" ] &&
            grep -qE "^Uid:(.$other){4}\$" "/proc/$child/status" &&
            grep -qE "^Gid:(.$(id -g nobody)){4}\$" "/proc/$child/status" &&
            grep -qE "^Groups:.$(id -g nobody) *\$" "/proc/$child/status" &&
            grep -qE '^Cap(Inh|Prm|Eff|Amb):.0+$' "/proc/$child/status" ||
            return 1
    done
}
check "every process has become nobody" await dropped
check "and cannot be traced" [ "$(stat -c %u "/proc/$daemon/mem")" = 0 ]
check "the socket is root's and the group's" \
    [ "$(stat -c %u:%g:%a "$home/o/run/s")" = "0:$(id -g nobody):660" ]
check "it answers root, over TLS" answers "0 -1 $facts" ask "$home/o/run/s" \
    account dana
check "and its own user" answers "0 -1 $facts" \
    setpriv --reuid=nobody --regid=nogroup --clear-groups \
    "$home/o/ask" "$home/o/run/s" account dana

stranger=(setpriv --reuid=12345 --regid=nogroup --clear-groups "$home/o/ask")
as_stranger ()
{
    "${stranger[@]}" "$@"
}
check "a stranger asks with a password" answers "0 -1 $facts" \
    as_stranger "$home/o/run/s" authenticate dana password="$home/o/dana"
check "a stranger asks without" answers "4 -1" \
    as_stranger "$home/o/run/s" account dana
check "its log line" log_is dana "event=account user=dana service=-\
 access=dashboard source=- uid=12345 status=unavailable\
 reason=\"this peer may not ask without a secret\" ms=[0-9]+"
check "a user outside of the group cannot even connect" \
    bash -c '! "$@" 2>/dev/null' - \
    setpriv --reuid=12345 --regid=12345 --clear-groups \
    "$home/o/ask" "$home/o/run/s" account dana
as_stranger -n 3000 "$home/o/run/s" account dana >"$work/many"
check "3000 questions that he may not ask: refused" [ "$(cat "$work/many")" = \
    4:3000 ]
refused=$(grep -c 'this peer may not ask' "$log")
check "a few of them have a line ($refused)" [ "$refused" -lt 300 ]
left_out_is_told ()
{
    as_stranger "$home/o/run/s" account dana >/dev/null
    grep -q 'notice=lines-left-out .* suppressed=[1-9]' "$log"
}
check "how many have none is told" await left_out_is_told

# Many at a time, with a name that costs the directory its usual work.
flood=()
for ((turn = 0; turn < 100; turn++)); do
    "${stranger[@]}" -a -n 100 "$home/o/run/s" authenticate nobody-here \
        password="$home/o/dana" >/dev/null &
    flood+=($!)
done
children+=("${flood[@]}")
await grep -q "user=nobody-here .* uid=12345 " "$log"
check "100 at a time of a stranger's: root is answered" \
    answers "0:10" ask -n 10 "$home/o/run/s" authenticate dana \
    password="$home/o/dana"
check "and they go on" kill -0 "${flood[@]}"
kill "${flood[@]}"
wait "${flood[@]}" 2>/dev/null
mkfifo -m 666 "$home/o/hold"
as_stranger -I 300 "$home/o/run/s" <"$home/o/hold" >"$work/idle" &
children+=($!)
exec 7>"$home/o/hold"
await test -s "$work/idle"
check "300 connections of a stranger's: root is answered" \
    answers "0 -1 $facts" ask "$home/o/run/s" account dana
await grep -qs 'notice=too-many-connections' "$log"
check "what was too much is told" grep -q \
    'notice=too-many-connections detail="uid 12345: refused"' "$log"
exec 7>&-
kill -TERM "$daemon"
wait "$daemon"
check "SIGTERM: exit 0" [ $? -eq 0 ]
finish
