#!/bin/bash
# bwdir-disable(8), bwdir-enable(8) and bwdir-unlock(8) against a directory:
# who may, what changes, what the users notice.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/sandbox.bash" || exit 99

hidden='user name "dana": no such user, or you may not see it'
himself='not permitted; somebody else who administers all accounts'
dana=$(cat "$sandbox/secrets/dana")

# What bwdird decides for dana at a dashboard service.
dana_is () # WHAT REASON
{
    bwdir-why dana bw-dashboard >"$work/out" 2>"$work/err"
    check "$1" grep -q "$2" "$work/out"
}

# ---- disable and enable ----------------------------------------------------

ends ()
{
    check "$1 has an end that has come" bash -c '[[ $1 < $2 ]]' - \
        "$(mark_of "$1" pwdEndTime)" "$(date -u +%Y%m%d%H%M%SZ)"
    check "$1 has one end" [ "$(mark_of "$1" pwdEndTime | wc -l)" -eq 1 ]
}
proof () { ends dana; }
restore () { bwdir-enable dana >/dev/null; }
grid "disabling dana" bwdir-disable dana <<END
root 0 dana: disabled; what runs already goes on
alice 0 dana: disabled; what runs already goes on
bob 67 $hidden
dana 77 $himself
nobody 77 $stranger
END
proof () { ends alice; }
restore () { bwdir-enable alice >/dev/null; }
grid "disabling alice" bwdir-disable --force alice <<END
root 0 alice: disabled
alice 77 $himself
bob 67 no such user, or you may not see it
dana 67 no such user, or you may not see it
nobody 77 $stranger
END

expect 65 "the only admin of an account" bwdir-disable bob
says 'account "5500002": "bob" is its only admin; name another first, or give --force'
check "is not disabled" lacks "uid=bob,$people" '^pwdEndTime'
expect 0 "with --force" bwdir-disable --force bob
check "he is" holds "uid=bob,$people" '^pwdEndTime'
bwdir-enable bob >/dev/null

bwdir-disable dana >/dev/null
proof () { check "dana has no end" lacks "uid=dana,$people" '^pwdEndTime'; }
restore () { bwdir-disable dana >/dev/null; }
grid "enabling dana" bwdir-enable dana <<END
root 0 dana: enabled
alice 0 dana: enabled
bob 67 $hidden
dana 77 user name "dana": not let in
nobody 77 $stranger
END
bwdir-enable dana >/dev/null

lock_for_good dana
dana_is "a lock that only an administrator ends counts" 'locked by an admin'
expect 0 "enabling ends it" as alice bwdir-enable dana
check "it is gone" lacks "uid=dana,$people" '^pwdAccountLockedTime'
lock_for_good dana
set_time "uid=dana,$people" pwdEndTime '-1 minute'
expect 0 "with an end beside it" as alice bwdir-enable dana
check "both are gone" lacks "uid=dana,$people" \
    '^pwdAccountLockedTime\|^pwdEndTime'
check "dana signs in" password_is dana "$dana"
lock_for_good robot
expect 0 "disabling who is locked" as alice bwdir-disable robot
check "is an end of its own" holds "uid=robot,$people" '^pwdEndTime'
bwdir-enable robot >/dev/null
lock_for_good robot
expect 0 "a new password, with which slapd forgets the lock" as alice \
    bwdir-passwd --generate robot
says 'warning: user name "robot": disabled, so that'
check "lets nobody in" bash -c '! "$@"' - ldapwhoami -x -H "$BWDIR_LDAPI" \
    -D "uid=robot,$people" -w "$(sed -n 's/^.*\([A-Za-z0-9]\{32\}\)$/\1/p' \
    "$work/out")"
check "for there is an end" holds "uid=robot,$people" '^pwdEndTime'
bwdir-enable robot >/dev/null
check "bwdir-add" add_user vlad 9195550103
code=$(code_for vlad@example.com)
lock_for_good vlad
expect 77 "no code opens a lock" verify vlad "$code" 9195550103 Marker-new-1
check "which stands" holds "uid=vlad,$people" '^pwdAccountLockedTime: 0000'

# Nobody is promised what the server refuses, nor told of --force in vain.
snapshot >"$work/before"
for who in gina alice; do
    for what in bwdir-disable 'bwdir-del --yes' 'bwdir-passwd --reset'; do
        for option in -n ''; do
            # shellcheck disable=SC2086 # words
            expect 77 "$what $option of $who by alice" as alice \
                $what $option "$who"
            says "$himself"
        done
    done
done
check "nothing has changed" cmp -s "$work/before" <(snapshot)
for name in Dana 'dana b' ''; do
    for what in bwdir-disable bwdir-enable bwdir-unlock 'bwdir-del --yes' \
        bwdir-resend bwdir-show bwdir-mail 'bwdir-passwd --reset' \
        'bwdir-passwd --generate' 'bwdir-mod --first X'; do
        # shellcheck disable=SC2086 # words
        expect 65 "$what \"$name\"" $what "$name"
        says "user name \"$name\": a lower-case letter wanted"
    done
done

expect 0 "-n" as alice bwdir-disable -n --why 'left us' dana
head=$(sed -n '1s/^# //p' "$work/out")
check "-n prints what, whom, who and why" [ "$head" = "event=plan \
what=\"disable user\" entry=uid=dana,$people who=dn:uid=alice,$people \
why=\"left us\"" ]
check "-n prints the change" grep -qx 'replace: pwdEndTime' "$work/out"
check "-n changes nothing" lacks "uid=dana,$people" '^pwdEndTime'
check "dana signs in" password_is dana "$dana"
expect 0 "disabling" as alice bwdir-disable --why 'left us' dana
check "the log tells the same" grep -qF "$head steps=1/1 status=ok" \
    "$sandbox/log.tools"
check "dana no longer signs in" bash -c '! "$@"' - \
    ldapwhoami -x -H "$BWDIR_LDAPI" -D "uid=dana,$people" \
    -y "$sandbox/secrets/dana"
dana_is "the decision says why" disabled
snapshot >"$work/before"
expect 0 "disabling again" as alice bwdir-disable dana
check "says that nothing was to do" grep -qx \
    'dana: was disabled before' "$work/out"
check "and changes nothing" cmp -s "$work/before" <(snapshot)
expect 0 "enabling" as alice bwdir-enable dana
check "it says so" grep -qx 'dana: enabled' "$work/out"
check "dana signs in again" password_is dana "$dana"
expect 0 "enabling again" as alice bwdir-enable dana
check "it says so" grep -qx 'dana: was not disabled' "$work/out"
snapshot >"$work/before"
for who in dana alice; do
    expect 0 "$who enables who can sign in" as "$who" bwdir-enable "$who"
    check "which is nothing to do" grep -qx "$who: was not disabled" \
        "$work/out"
    expect 0 "$who unlocks who can sign in" as "$who" bwdir-unlock "$who"
    check "which is nothing to do" grep -qx "$who: was not locked" "$work/out"
done
check "and changes nothing" cmp -s "$work/before" <(snapshot)

expect 0 "a date" as alice bwdir-disable --at +30d dana
check "it is told" grep -q '^dana: disabled from 20..-..-..T..:..:..Z on$' \
    "$work/out"
check "dana signs in until then" password_is dana "$dana"
bwdir-why dana bw-dashboard --at +31d >"$work/out"
check "and not after it" grep -q disabled "$work/out"
expect 0 "another date" as alice bwdir-disable --at 2030-01-02 dana
check "takes its place" holds "uid=dana,$people" \
    '^pwdEndTime: 20300102000000Z$'
expect 0 "the same date" as alice bwdir-disable --at 2030-01-02T00:00Z dana
check "is nothing new" grep -qx 'dana: was to be disabled then before' \
    "$work/out"
snapshot >"$work/before"
expect 77 "dana takes her own end away" as dana bwdir-enable dana
says "$himself"
check "and has it still" cmp -s "$work/before" <(snapshot)
expect 0 "at once in spite of a date" as alice bwdir-disable dana
dana_is "counts at once" disabled
for date in +30d 2030-01-02; do
    snapshot >"$work/before"
    expect 65 "who is disabled, from $date on" as alice bwdir-disable \
        --at $date dana
    says 'user name "dana": disabled now, and would be let in until 20'
    says 'bwdir-enable first'
    check "and stays so" cmp -s "$work/before" <(snapshot)
done
bwdir-enable dana >/dev/null
for date in 2025-01-01 -1d; do
    expect 65 "a date that has passed" bwdir-disable --at $date dana
    says "--at \"$date\": that time has passed"
    check "disables nobody" lacks "uid=dana,$people" '^pwdEndTime'
done
for date in tomorrow 2026-13-01 '' 12; do
    expect 65 "the date \"$date\"" bwdir-disable --at "$date" dana
    says "--at \"$date\": a date in UTC wanted"
done

snapshot >"$work/before"
expect 67 "one of three who is not there" as alice bwdir-disable --json \
    dana nosuch olga
check "JSON tells what became of each" /usr/bin/python3 - "$work/out" <<'END'
import json, sys
said = json.load(open(sys.argv[1]))
assert not said["ok"] and said["exit"] == 67, said
assert [(u["user"], u["result"]) for u in said["users"]] == [
    ("dana", "disabled"), ("nosuch", "failed"), ("olga", "disabled")], said
END
bwdir-enable dana olga >/dev/null
expect 64 "nobody named" bwdir-disable
says 'user name: missing; give one'

# ---- codes of who is disabled -----------------------------------------------

new=Marker-quite-new-1
held='waits until bwdir-enable vera, who is disabled'
check "bwdir-add" add_user vera 9195550101
code=$(code_for vera@example.com)
expect 0 "disabling who has a code" as alice bwdir-disable vera
check "no code stands" [ -z "$(credential vera)" ]
expect 77 "the one that was mailed is void" verify vera "$code" 9195550101 "$new"
check "another one is owed" holds "uid=vera,$people" '^bwMailOwed: sign-up '
expect 0 "which is nobody's fault" bwdir-mail
check "it is held back" [ -z "$(credential vera)" ]
expect 0 "bwdir-mail -n" bwdir-mail -n
check "tells why" grep -qx "vera: sign-up to vera@example.com: $held" \
    "$work/out"
expect 75 "who asks for it" bwdir-mail vera
says "vera: sign-up to vera@example.com $held"
owe_notice vera access-changed
expect 75 "a notice" bwdir-mail vera
check "does not wait behind it" lacks "uid=vera,$people" \
    '^bwMailOwed: access-changed'
new_day
expect 0 "another code" as alice bwdir-resend vera
check "is mailed afterwards" grep -qx \
    'vera: the code is mailed after bwdir-enable vera' "$work/out"
check "and not now" [ -z "$(credential vera)" ]
expect 0 "enabling" as alice bwdir-enable vera
expect 0 "the code" bwdir-mail vera
check "is another one" [ "$(code_for vera@example.com)" != "$code" ]
expect 0 "and good" verify vera "$(code_for vera@example.com)" 9195550101 "$new"

expect 0 "a reset" as alice bwdir-passwd --reset vera
set_time "uid=vera,$people" pwdEndTime '-1 minute'
check "a code that raw LDAP has left" [ -n "$(credential vera)" ]
expect 0 "disabling again" as alice bwdir-disable vera
check "it is taken away" [ -z "$(credential vera)" ]
expect 0 "and once more" as alice bwdir-disable vera
check "nothing is to do" grep -qx 'vera: was disabled before' "$work/out"
expect 0 "enabling" as alice bwdir-enable vera
expect 0 "the code" bwdir-mail vera
check "is for a new password" \
    holds "$(credential vera)" '^pwdPolicySubentry: cn=reset,ou=access,'

check "bwdir-add" add_user vito 9195550102
code=$(code_for vito@example.com)
expect 0 "a date after the code's own end" as alice bwdir-disable --at +30d vito
check "leaves it" holds "$(credential vito)" '^bwDelivered: '
expect 0 "one before it" as alice bwdir-disable --at +1d vito
check "does not" [ -z "$(credential vito)" ]
expect 0 "another one is mailed" bwdir-mail vito
check "that ends with him" [ "$(mark_of vito pwdEndTime | uniq -c |
    awk '{ print $1 }')" = 2 ]
code=$(code_for vito@example.com)
for dn in "$(credential vito)" "uid=vito,$people"; do
    set_time "$dn" pwdEndTime '-1 second'
done
expect 77 "when the time has come" verify vito "$code" 9195550102 "$new"
code_ages vito
expect 0 "no other one is mailed" bwdir-mail
check "it is as it was" [ "$(code_for vito@example.com)" = "$code" ]
expect 0 "enabling" as alice bwdir-enable vito
expect 0 "a new one is" bwdir-mail vito
expect 0 "and good" verify vito "$(code_for vito@example.com)" 9195550102 "$new"

# ---- unlock ----------------------------------------------------------------

lock ()
{
    printf wrong-password >"$work/wrong"
    for _ in 1 2 3 4 5; do
        ldapwhoami -x -H "$BWDIR_LDAPI" -D "uid=dana,$people" \
            -y "$work/wrong" >/dev/null 2>&1
    done
}
lock
check "five guesses lock dana" holds "uid=dana,$people" '^pwdAccountLockedTime'
proof ()
{
    check "dana is not locked" lacks "uid=dana,$people" \
        '^pwdAccountLockedTime\|^pwdFailureTime'
}
restore () { lock; }
grid "unlocking dana" bwdir-unlock dana <<END
root 0 dana: unlocked
alice 0 dana: unlocked
bob 67 $hidden
dana 77 user name "dana": not let in
nobody 77 $stranger
END
expect 0 "-n" as alice bwdir-unlock -n dana
check "prints the change" grep -qx 'delete: pwdAccountLockedTime' "$work/out"
expect 0 "unlocking" as alice bwdir-unlock dana
check "nothing of it is left" lacks "uid=dana,$people" \
    '^pwdAccountLockedTime\|^pwdFailureTime'
check "dana signs in" password_is dana "$dana"
expect 0 "unlocking again" as alice bwdir-unlock dana
check "it says so" grep -qx 'dana: was not locked' "$work/out"
expect 0 "who was not locked" as alice bwdir-unlock olga
check "it says so" grep -qx 'olga: was not locked' "$work/out"

# ---- syslog ----------------------------------------------------------------

# In a namespace with a /dev/log of its own: what a tool writes there.
to_syslog () # COMMAND...
{
    unshare -Urm /usr/bin/python3 - "$work/dev" "$@" <<'END'
import os, socket, subprocess, sys
dev, command = sys.argv[1], sys.argv[2:]
os.mkdir(dev)
for name in ("null", "zero", "urandom", "tty"):
    open(f"{dev}/{name}", "w").close()
    subprocess.check_call(["mount", "--bind", f"/dev/{name}", f"{dev}/{name}"])
log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
log.bind(f"{dev}/log")
log.settimeout(10)
subprocess.check_call(["mount", "--rbind", dev, "/dev"])
subprocess.check_call(command)
print(log.recv(8192).decode())
END
}
# One that cannot make the namespace has not tested this: that is a failure.
sed '/^    log = .*log.tools/d' "$BWDIR_CONF" >"$work/conf"
to_syslog "$(command -v bwdir-disable)" --config "$work/conf" \
    --why 'to syslog' -x -D "uid=alice,$people" \
    -y "$sandbox/secrets/alice" wanda >"$work/out" 2>"$work/err"
check "a tool writes to syslog" [ $? -eq 0 ]
# 86: facility authpriv (10), severity informational (6)
check "as authpriv, with its name and process id" grep -qE \
    '^<86>.* bwdir-disable\[[0-9]+\]: event=plan ' "$work/out"
check "who, whom and why" grep -qF "entry=uid=wanda,$people \
who=dn:uid=alice,$people why=\"to syslog\" steps=1/1 status=ok" "$work/out"
bwdir-enable wanda >/dev/null

for page in bwdir-disable bwdir-enable bwdir-unlock; do
    run_examples "$top_srcdir/tools/$page.8"
done
finish
