#!/bin/bash
# Owed mail, delivered by bwdir-mail: to a server that is down and comes back,
# that says not now, that refuses, that hangs up at each step; by several at
# once; three a day.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck source-path=SCRIPTDIR
needs=(python3:aiosmtpd)
. "$(dirname "$0")/sandbox.bash" || exit 99
. "$(dirname "$0")/smtp.bash" || exit 99
one_day

run_examples "$top_srcdir/tools/bwdir-mail.8"

# ---- down, then up ---------------------------------------------------------

serve good
stop_server
for name in ada ben cleo dot; do
    owe $name
done
deliver 75 "a server that is down"
says 'ada: sign-up to ada@example.com is deferred: '
says 'the mail server does not serve; the rest is left to the next run'
check "three were tried" [ "$(grep -c 'is deferred' "$work/err")" -eq 3 ]
check "and wait" [ "$(mark_of ada bwMailAttempts)" = 1 ]
check "no place of the day is spent" lacks "$people" '^bwMailSent'
check "no code stands that reached nobody" lacks "$people" \
    '^dn: cn=verification-[^,]*,uid=ada'
serve good
deliver 75 "the server is back"
check "who was not tried gets his mail at once" grep -q \
    '^dot: sign-up mailed to dot@example.com' "$work/out"
check "who was waits" [ "$(taken)" -eq 1 ]
for name in ada ben cleo; do
    wait_over $name
done
deliver 0 "a minute later"
check "everybody has one mail" [ "$(taken)" -eq 4 ]
check "no mark is left but that of today" [ -z "$(mark_of ada bwMailAttempts)\
$(mark_of ada bwMailNotBefore)" ]
deliver 0 "nobody is owed anything"
check "and nobody gets anything" [ "$(taken)" -eq 4 ]
code=$(tr -d '\r' <"$(grep -l 'User name:  ada' "$box"/*.mail)" |
    sed -n 's/^    Code: *//p')
expect 0 "the code works" verify ada "$code" 9195551234 Marker-password-1

# ---- not now, never --------------------------------------------------------

serve grey
owe greta
deliver 75 "450 to the recipient"
says '450 4.2.0 greylisted'
wait_over greta
deliver 0 "and then not"
check "one mail" [ "$(taken)" -eq 1 ]

serve busy
owe busy
deliver 75 "451 at the end of the mail"
check "which was surely not taken: no place is spent" [ \
    -z "$(mark_of busy bwMailSent)" ]
wait_over busy
deliver 75 "again"
check "two failures: two minutes" [ "$(mark_of busy bwMailAttempts)" = 2 ]
wait_over busy

serve sender
deliver 75 "550 to our sender is no refusal of the user"
wait_over busy

serve refuse
deliver 75 "550 to the recipient"
says 'busy: sign-up to busy@example.com is refused: '
check "it is kept, with the words" grep -q \
    ' busy@example.com 550 5.1.1 no such mailbox$' \
    <(mark_of busy bwMailRefused)
check "alice is owed the news" grep -q '^mail-refused [^ ]* busy$' \
    <(mark_of alice bwMailOwed)
deliver 0 "which this server refuses as well"
check "nobody is told of that" [ -z "$(mark_of alice bwMailOwed)\
$(mark_of bob bwMailOwed)" ]
deliver 0 "a refused user is not tried again"
serve good
deliver 0 "not even by a server that would take it"
check "nothing was sent" [ "$(taken)" -eq 0 ]
held='until the address, which is refused, is another one, '
deliver 75 "who names him" busy
says "busy: sign-up to busy@example.com waits $held"
deliver 0 "-n" -n
check "-n lists him" grep -q \
    "^busy: sign-up to busy@example.com: waits $held" "$work/out"
deliver 0 "-n --json" -n --json
check "--json too" json "$work/out" 'o["held"] == 1 and o["owed"] == 0 and
    [(m["user"], m["result"]) for m in o["mails"]] == [("busy", "waits")]'
for who in root alice; do
    expect 0 "bwdir-show, by $who" as $who bwdir-show busy
    check "shows what is owed" grep -qx 'Mail owed:  sign-up' "$work/out"
    check "and refused" grep -qx \
        'Refused:    busy@example.com 550 5.1.1 no such mailbox' "$work/out"
done
expect 0 "of who is owed nothing" bwdir-show --json alice
check "too" json "$work/out" \
    'o["users"][0]["mail_refused"] == ["alice@example.com 550 5.1.1 no such mailbox"]'
owe_notice busy access-changed
deliver 0 "a notice to him"
check "is dropped" [ -z "$(mark_of busy bwMailOwed)" ]
check "and leaves no claim" [ -z "$(mark_of busy bwMailNotBefore)" ]
root_modify <<END
dn: uid=alice,$people
changetype: modify
delete: bwMailRefused
END
owe_notice alice mail-refused busy
deliver 0 "the news"
check "alice reads who and why" bash -c 'tr -d "\r" <"$1" | tail -n +2 |
    tr -d "=" | grep -q "busy@example.com: 550 5.1.1 no such mailbox"' - \
    "$box/1.mail"
expect 0 "bwdir-mail --again" bwdir-mail --config "$work/conf" --again
check "and busy has his mail" [ "$(taken)" -eq 2 ]

# An address that no mail can have, as a user may store one by himself: its
# refusal is known again, so the admins are told of it once.
for address in $'odd\r\nodd@example.com' "$(printf '%0600d' 0)@example.com"; do
    owe odd${#address}
    root_modify <<END
dn: uid=odd${#address},$people
changetype: modify
replace: mail
mail:: $(printf %s "$address" | base64 -w 0)
END
    for _ in 1 2; do
        run bwdir-mail --config "$work/conf" odd${#address}
    done
    check "of an odd address (${#address}) alice is told once" [ \
        "$(mark_of alice bwMailOwed | grep -c " odd${#address}$")" -eq 1 ]
done
root_modify <<END
dn: uid=alice,$people
changetype: modify
delete: bwMailOwed
END

# ---- a dialogue that ends in the middle ------------------------------------
# contrib/check --full asks for every step in STEPS, and in ENDS for a server
# that goes silent or drips, too.

for end in ${ENDS:-drop}; do
    for step in ${STEPS:-handshake rcpt dot}; do
        serve "$end-$step"
        owe "$end-$step"
        SECONDS=0
        deliver 75 "$end at $step" "$end-$step"
        check "it ends within 30 seconds ($end, $step)" [ $SECONDS -le 30 ]
        check "$end at $step: one mail or none" [ "$(taken)" -eq \
            "$([ "$step" = taken ] && echo 1 || echo 0)" ]
        stop_server
        serve good
        wait_over "$end-$step"
        code_ages "$end-$step"
        deliver 0 "then delivered ($end, $step)" "$end-$step"
        check "once ($end, $step)" [ "$(taken)" -eq 1 ]
        stop_server
    done
    check "what may have been taken has spent a place ($end)" [ \
        "$(mark_of "$end-dot" bwMailSent | wc -l)" -eq 2 ]
    check "what was not has spent none ($end)" [ \
        "$(mark_of "$end-rcpt" bwMailSent | wc -l)" -eq 1 ]
done

serve good elsewhere
owe wrong
deliver 75 "a certificate for another name" wrong
says SSL
check "and no login is told" [ "$(taken)" -eq 0 ]

# ---- at once ---------------------------------------------------------------

serve good
wait_over wrong
for i in 1 2 3 4 5 6; do
    owe many$i
done
for i in 1 2 3 4; do
    bwdir-mail --config "$work/conf" >"$work/many.$i" 2>&1 &
    pids[i]=$!
done
wait "${pids[@]}"
check "four at once: each user gets one mail" [ "$(taken)" -eq 7 ]
deliver 0 "nothing is left"

# ---- three a day -----------------------------------------------------------

for name in first second third fourth; do
    owe $name
done
root_modify <<END
$(for name in first second third fourth; do
    printf 'dn: uid=%s,%s\nchangetype: modify\nreplace: mail\n' $name "$people"
    printf 'mail: Same@example.com\n\n'
done)
END
serve good
deliver 75 "four users with one address"
says 'the address has had its mails of today'
check "it gets three mails" [ "$(taken)" -eq 3 ]
check "the fourth waits for tomorrow" [ \
    "$(mark_of fourth bwMailNotBefore)" = \
    "$(date -u -d tomorrow +%Y%m%d)000000Z" ]
snapshot >"$work/before"
expect 77 "bwdir-resend in a loop" bash -c 'status=0
    for i in 1 2 3 4 5; do
        bwdir-resend --config "$1" first || status=$?
    done
    exit $status' - "$work/conf"
says 'mail "Same@example.com": has had the mails of today (UTC)'
check "sends it nothing more" [ "$(taken)" -eq 3 ]
check "and changes nothing" cmp -s "$work/before" <(snapshot)
new_day
wait_over fourth
deliver 0 "the next day" fourth
check "it does" [ "$(taken)" -ge 4 ]

# ---- nobody to ask ---------------------------------------------------------

printf 'wrong' >"$work/secret"
chmod 600 "$work/secret"
expect 77 "a wrong secret" bwdir-mail -D "cn=outbox,ou=services,$BWDIR_BASE" \
    -y "$work/secret"
expect 69 "no directory" bwdir-mail -H ldapi://%2Fnonexistent
finish
