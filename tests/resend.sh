#!/bin/bash
# bwdir-resend(8) against a directory: a new code for those who wait for one;
# and that nobody makes a code void whose mail cannot be sent.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/sandbox.bash" || exit 99
one_day

new=Marker-new-password-1
hidden='no such user, or you may not see it'
mails ()
{
    find "$BWDIR_MAILDIR/new" -type f | wc -l
}

# ---- another code ----------------------------------------------------------

check "bwdir-add" add_user vera 9195550101
first=$(code_for vera@example.com)
new_day
proof ()
{
    check "one code stands" [ "$(credential vera | wc -l)" -eq 1 ]
    check "another one" bash -c '[ "$1" != "$2" ]' - \
        "$(code_for vera@example.com)" "$first"
    check "and it was delivered" holds "$(credential vera)" '^bwDelivered: '
    first=$(code_for vera@example.com)
}
grid "another code for vera" bwdir-resend vera <<END
root 0 vera: sign-up code mailed to vera@example.com
alice 0 vera: sign-up code mailed to vera@example.com
bob 67 $hidden
dana 67 $hidden
nobody 77 $stranger
END
unset -f proof
new_day
expect 0 "another code" as alice bwdir-resend vera
second=$(code_for vera@example.com)
expect 77 "the first is void" verify vera "$first" 9195550101 "$new"
expect 0 "the newest is valid" verify vera "$second" 9195550101 "$new"
snapshot >"$work/before"
expect 65 "who is verified" as alice bwdir-resend vera
says 'verified, so there is nothing to confirm; for a forgotten password: bwdir-passwd --reset vera'
check "nothing has changed" cmp -s "$work/before" <(snapshot)
new_day
bwdir-passwd --reset vera >/dev/null
expect 0 "another code of a reset" as alice bwdir-resend --json vera
check "JSON tells that it was mailed" /usr/bin/python3 -c '
import json, sys
user = json.load(open(sys.argv[1]))["users"][0]
assert user["mailed"] and user["user"] == "vera", user' "$work/out"
expect 0 "sets a password as the first did" verify vera \
    "$(code_for vera@example.com)" 9195550101 Marker-vera-other
check "it works" password_is vera Marker-vera-other
check "bwdir-add with a password" bash -c 'printf %s "$1" |
    bwdir-add --no-prompt --first T --last U --mail kept@example.com \
    --phone 9195550102 --level basic --access dashboard --account 5500001 \
    --password-file - kept >/dev/null' - Marker-kept-password
expect 0 "another code for who has one" as alice bwdir-resend kept
expect 0 "confirms and keeps it" verify kept "$(code_for kept@example.com)" \
    9195550102
check "it works" password_is kept Marker-kept-password

# ---- when the address has had its mails of today ----------------------------

# Takes the places of an address, in the name of that user.
no_place () # ADDRESS USER
{
    local place
    for place in 1 2 3; do
        printf 'dn: uid=%s,%s\nchangetype: modify\nadd: bwMailSent\n' \
            "$2" "$people"
        printf 'bwMailSent: %s.%d %s\n\n' "$(date -u +%Y%m%d)" $place "$1"
    done | root_modify
}
# Nothing is sent, nothing is changed; the code that was sent is as good.
refuses () # WHAT COMMAND...
{
    local what=$1 count
    shift
    count=$(mails)
    snapshot >"$work/before"
    expect 77 "$what" "$@"
    says ': has had the mails of today (UTC), at most 3 to an address'
    check "$what: no mail" [ "$(mails)" -eq "$count" ]
    check "$what: the directory is as before" \
        cmp -s "$work/before" <(snapshot)
}
new_day
check "bwdir-add" add_user paul 9195550121
first=$(code_for paul@example.com)
no_place Paul@example.com wanda
refuses "bwdir-resend" as root bwdir-resend paul
refuses "bwdir-resend --no-mail" as alice bwdir-resend --no-mail paul
refuses "bwdir-resend -n" as alice bwdir-resend -n paul
refuses "bwdir-passwd --reset" as alice bwdir-passwd --reset paul
refuses "bwdir-mod --phone" as alice bwdir-mod --phone 9195550122 paul
refuses "bwdir-mod --mail" as alice bwdir-mod --mail PAUL@example.com wanda
no_place dana@example.com dana
refuses "bwdir-mod --phone, of oneself" as dana bwdir-mod --phone 9195550122
refuses "bwdir-add --ensure" as alice bwdir-add --no-prompt --ensure \
    --first Test --last User --mail paul@example.com --phone 9195550123 \
    --level basic --access dashboard --account 5500001 paul
expect 0 "the code that was sent is still valid" \
    verify paul "$first" 9195550121 Marker-paul-password
expect 75 "who has no code yet is saved" as alice bwdir-add --no-prompt \
    --first Test --last User --mail paul@example.com --phone 9195550123 \
    --level basic --access dashboard --account 5500001 paula
says 'user "paula" is saved, the mail to "paul@example.com" is deferred: '

# Places that are hidden show when the mail is handed over.
new_day
check "bwdir-add" add_user petra 9195550124
first=$(code_for petra@example.com)
new_day
no_place petra@example.com bob
expect 75 "bwdir-resend where the places are hidden" as alice bwdir-resend petra
says 'is deferred: the address has had its mails of today'
check "the log calls a place that somebody has no fault" [ "$(
    grep 'what="count mail" entry=uid=petra,.* steps=0/1 ' \
        "$sandbox/log.tools" | grep -c ' lost=yes ms=')" -eq 3 ]
check "the mail is owed" holds "uid=petra,$people" '^bwMailOwed: sign-up '
expect 0 "and the code is still valid" \
    verify petra "$first" 9195550124 Marker-petra-password

# An account admin takes the places that he can, of today and of tomorrow:
# the mail that he asks for is the outbox's to deliver.
new_day
check "bwdir-add" add_user pia 9195550126 --no-mail
expect 0 "bwdir-resend --no-mail before any code" bwdir-resend --no-mail pia
check "it tells of none but the one that is owed" \
    [ "$(cat "$work/out")" = "pia: owed a new code" ]
for place in today.1 today.2 tomorrow.1 tomorrow.2; do
    printf 'dn: uid=pia,%s\nchangetype: modify\nadd: bwMailSent\n' "$people"
    printf 'bwMailSent: %s.%d pia@example.com\n\n' \
        "$(date -u -d "${place%.*}" +%Y%m%d)" "${place#*.}"
done >"$work/ldif"
expect 0 "two places of each day" as alice ldapmodify -H "$BWDIR_LDAPI" \
    -f "$work/ldif"
count=$(mails)
expect 75 "bwdir-resend finds none" as alice bwdir-resend pia
says 'the address has had its mails of today'
expect 0 "bwdir-mail does" bwdir-mail pia
check "and sends" [ "$(mails)" -eq $((count + 1)) ]
check "what is said of another day is gone" lacks "uid=pia,$people" \
    "^bwMailSent: $(date -u -d tomorrow +%Y%m%d)"

# What cannot be mailed now does not make void what was.
new_day
check "bwdir-add" add_user perry 9195550125
first=$(code_for perry@example.com)
mv "$BWDIR_MAILDIR" "$work/mail"
expect 75 "no way for mail" as alice bwdir-resend perry
says 'user "perry" is saved, the mail to "perry@example.com" is deferred: '
mv "$work/mail" "$BWDIR_MAILDIR"
check "the mail is owed" holds "uid=perry,$people" '^bwMailOwed: sign-up '
check "the code that was sent stands" \
    [ "$(credential perry | wc -l)" -eq 1 ]
expect 0 "again" as alice bwdir-resend perry
check "one mail does for both" lacks "uid=perry,$people" '^bwMailOwed'
check "there is one code" [ "$(credential perry | wc -l)" -eq 1 ]
expect 77 "the first is void" verify perry "$first" 9195550125 "$new"
expect 0 "--no-mail" as alice bwdir-resend --no-mail perry
first=$(code_for perry@example.com)
expect 0 "the code that was sent is valid until then" \
    verify perry "$first" 9195550125 Marker-perry-password
expect 0 "bwdir-mail" bwdir-mail perry
check "who is verified is owed no code" lacks "uid=perry,$people" '^bwMailOwed'
new_day

run_examples "$top_srcdir/tools/bwdir-resend.8"
finish
