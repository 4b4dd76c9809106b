#!/bin/bash
# Mail by SMTP to a real server: taken once and whole; nothing is said to a
# server that cannot prove who it is; whatever goes wrong only defers.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck source-path=SCRIPTDIR
needs=(python3:aiosmtpd)
. "$(dirname "$0")/sandbox.bash" || exit 99

. "$(dirname "$0")/smtp.bash" || exit 99

send () # STATUS WHAT NAME
{
    expect "$1" "$2" bwdir-add --config "$work/conf" --no-prompt \
        --first Zoë --last Doe --mail "$3@example.com" --phone 9195551234 \
        --level basic --access dashboard --account 5500001 "$3"
}

# deferred WHAT NAME TEXT: saved, not mailed, and no login was told.
deferred ()
{
    send 75 "$1" "$2"
    says "user \"$2\" is saved, the mail to \"$2@example.com\" is deferred: "
    says "$3"
    check "$1: the user is there" [ "$(state_of "$2")" = unverified ]
    check "$1: the mail is owed" lacks "uid=$2,$people" '^bwDelivered: '
    check "$1: nothing was taken" [ -z "$(find "$box" -name '*.mail')" ]
}

# ---- taken -----------------------------------------------------------------

serve good
send 0 "StartTLS and login" zoe
check "taken once" [ "$(find "$box" -name '*.mail' | wc -l)" -eq 1 ]
check "the envelope, and who logged in" [ "$(head -n 1 "$box/1.mail")" = \
    "accounts@example.com zoe@example.com bwdir" ]
check "every line ends in CR LF" bash -c \
    '! tail -n +2 "$1" | grep -qv "$(printf "\r")\$"' - "$box/1.mail"
check "the mail is whole" bash -c 'tail -n +2 "$1" | /usr/bin/python3 -c "
import email, email.policy, sys
m = email.message_from_binary_file(sys.stdin.buffer,
                                   policy=email.policy.default)
assert str(m[\"to\"]) == \"Zoë Doe <zoe@example.com>\", m[\"to\"]
assert str(m[\"from\"]) == \"Accounts <accounts@example.com>\"
assert m[\"subject\"] == \"Your new user name zoe: please confirm your data\"
text = m.get_body((\"plain\",)).get_content()
assert text.startswith(\"Hello Zoë Doe,\"), text
assert \"bwdir-verify zoe\" in text
assert text.rstrip().endswith(\"please tell your administrator.\")"' - \
    "$box/1.mail"
check "delivered: it is marked" holds "uid=zoe,$people" '^bwDelivered: '
code=$(tr -d '\r' <"$box/1.mail" | sed -n 's/^    Code: *//p')
expect 0 "the code works" verify zoe "$code" 9195551234 Marker-password-1

run env SSL_CERT_FILE=/dev/null CURL_CA_BUNDLE=/dev/null \
    ALL_PROXY=http://127.0.0.1:1 SSLKEYLOGFILE="$work/keys" \
    HOME=/nonexistent bwdir-add --config "$work/conf" --no-prompt \
    --first J --last D --mail env@example.com --phone 9195551234 \
    --level basic --access api --account 5500001 env
check "the environment is not looked at: 0" [ "$status" -eq 0 ]
check "no keys of the connection are written" [ ! -e "$work/keys" ]

serve smtps
send 0 "TLS from the first byte" early
check "taken once" [ "$(find "$box" -name '*.mail' | wc -l)" -eq 1 ]

# ---- not taken -------------------------------------------------------------

serve plain
deferred "a server without StartTLS" plain "$(uri): "
serve good elsewhere
deferred "a certificate for another name" elsewhere "$(uri): SSL"
serve good stranger
deferred "a certificate of another authority" stranger "$(uri): SSL"
serve smtps stranger
deferred "the same with smtps" stranger2 "$(uri): SSL"
serve refuse
deferred "a recipient that is refused" refused 550
serve busy
deferred "a server that is busy" busy "$(uri): "
serve cut
deferred "a connection that is cut" cut "$(uri): "
serve hang
SECONDS=0
deferred "a server that says nothing" hang "$(uri): "
check "it ends within 15 seconds" [ "$SECONDS" -le 15 ]
printf 'wrong\n' >"$sandbox/secrets/smtp"
serve good mail
deferred "a wrong password" wrong "$(uri): "
kill "$server"
wait "$server" 2>/dev/null
deferred "a server that is down" down "$(uri): "
chmod 644 "$sandbox/secrets/smtp"
deferred "a secret that others may read" open "$sandbox/secrets/smtp"
finish
