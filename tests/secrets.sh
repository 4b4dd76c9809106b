#!/bin/bash
# No password and no code is ever seen in an argument list, in an environment,
# in a log or in a spool, but for the code in its own mail.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck source-path=SCRIPTDIR
needs=(strace)
. "$(dirname "$0")/sandbox.bash" || exit 99

password=Marker-password-1
bind_password=$(cat "$sandbox/secrets/alice")
printf %s "$password" >"$work/pw"

# Everything that is executed from here on, with arguments and environment.
# A sanitizer's leak check cannot trace what strace does.
traced ()
{
    ASAN_OPTIONS=detect_leaks=0 strace -f -qq -e trace=execve,execveat -v -s 65535 -o "$work/trace.$1" \
        "${@:2}" >"$work/out" 2>"$work/err"
    status=$?
    check "$1 runs under strace" [ "$status" -eq 0 ]
    check "$1: the trace holds the program" \
        grep -q '^[0-9]* *execve(' "$work/trace.$1"
}

# A sendmail that starts further programs, as real ones do.
cat >"$work/sendmail" <<END
#!/bin/sh
exec cat >"$work/sent"
END
chmod 700 "$work/sendmail"
sed -e 's/transport = .*/transport = sendmail/' \
    -e "s,maildir = .*,sendmail = \"$work/sendmail\"," "$BWDIR_CONF" \
    >"$work/conf"

user=(--first Jane --last Doe --mail jdoe@example.com --phone 9195551234
      --level basic --access dashboard --account 5500001)
traced add bwdir-add --no-prompt -v "${user[@]}" -D "uid=alice,$people" \
    -y "$sandbox/secrets/alice" jdoe
traced add-password bash -c 'bwdir-add --no-prompt "${@:2}" \
    --password-file - jset <"$1"' - "$work/pw" "${user[@]}"
traced add-sendmail bwdir-add --no-prompt --config "$work/conf" \
    "${user[@]}" jsend
sent=$(grep -oE '([A-Z0-9]{5}-){3}[A-Z0-9]{5}' "$work/sent" | head -n 1)
check "the mail went through sendmail" [ -n "$sent" ]
first=$(grep -l 'User name:  jdoe$' "$BWDIR_MAILDIR"/new/*)
code=$(grep -ohE '([A-Z0-9]{5}-){3}[A-Z0-9]{5}' "$first" | head -n 1)
printf '%s\n' "$code" 9195551234 "$password" >"$work/answers"
traced verify bash -c 'bwdir-verify --no-prompt jdoe <"$1"' - "$work/answers"
check "the password works" password_is jdoe "$password"
if [ -x "$top_builddir/contrib/try-pam" ]; then
    "$top_builddir/contrib/try-pam" bw-dashboard jdoe <"$work/pw" >"$work/out"
    "$top_builddir/contrib/try-pam" bw-api jdoe <"$work/pw" >"$work/out"
fi

# nowhere WHAT SECRET FILE...: neither as it is nor without hyphens.
nowhere ()
{
    local what=$1 secret=$2
    shift 2
    check "$what" bash -c '! grep -rqF -e "$1" -e "$2" "${@:3}"' - \
        "$secret" "$(tr -d - <<<"$secret")" "$@"
}
for trace in "$work"/trace.*; do
    name=${trace##*.}
    nowhere "$name: no password is executed" "$password" "$trace"
    nowhere "$name: no code is executed" "$code" "$trace"
    nowhere "$name: no code for sendmail is executed" "$sent" "$trace"
    nowhere "$name: no administrator's password is executed" \
        "$bind_password" "$trace"
done
logs=("$sandbox/log" "$sandbox/log.tools" "$sandbox/slapd.log")
[ ! -e "$sandbox/bwdird.err" ] || logs+=("$sandbox/bwdird.err")
nowhere "no password is logged" "$password" "${logs[@]}"
nowhere "no code is logged" "$code" "${logs[@]}"
nowhere "no password is in a mail" "$password" "$BWDIR_MAILDIR" "$work/sent"
check "the code is in its own mail only" \
    [ "$(grep -rlF -e "$code" "$BWDIR_MAILDIR")" = "$first" ]
snapshot >"$work/all"
nowhere "no password stands in the directory" "$password" "$work/all"
nowhere "no code stands in the directory" "$code" "$work/all"
check "the search finds what is there" grep -rqF -e "$code" "$work/answers"

# -w is in the argument list for a moment, and then no more: the argument
# list of a program that waits for the directory.
kill -STOP "$(cat "$sandbox/slapd.pid")"
bwdir-add --no-prompt "${user[@]}" -D "uid=alice,$people" \
    -w "$bind_password" jwait >"$work/out" 2>&1 &
waiting=$!
children+=("$waiting")
wiped=no
for ((tries = 0; tries < 500; tries++)); do
    tr '\0' '\n' <"/proc/$waiting/cmdline" >"$work/cmdline" 2>/dev/null
    if grep -qx -e -w "$work/cmdline" &&
        ! grep -qF "$bind_password" "$work/cmdline"; then
        wiped=yes
        break
    fi
    sleep 0.01
done
kill -CONT "$(cat "$sandbox/slapd.pid")"
wait "$waiting"
check "-w is wiped from the argument list" [ "$wiped" = yes ]
finish
