#!/bin/bash
# Notices among the mail that is owed: those that say the same are one, none
# takes the place of a code, each admin hears of a refusal once; and how long
# what fails is put off.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/sandbox.bash" || exit 99
one_day

today=$(date -u +%Y%m%d)
midnight=$(date -u -d tomorrow +%Y%m%d)000000Z

# set_mark USER ATTRIBUTE VALUE...: these, and no other ones.
set_mark ()
{
    local value
    printf 'dn: uid=%s,%s\nchangetype: modify\nreplace: %s\n' "$1" "$people" \
        "$2" >"$work/ldif"
    for value in "${@:3}"; do
        printf '%s: %s\n' "$2" "$value" >>"$work/ldif"
    done
    root_modify <"$work/ldif"
}

# changed USER TIME: as if the password had been set then.
changed ()
{
    set_mark "$1" pwdChangedTime "$(date -u -d "$2" +%Y%m%d%H%M%SZ)"
}

# owes USER PATTERN COUNT: so many values of bwMailOwed.
owes ()
{
    check "$1 is owed $3 x $2" \
        [ "$(mark_of "$1" bwMailOwed | grep -cE "^$2")" -eq "$3" ]
}

# got USER COUNT: so many mails since the last time.
got ()
{
    check "$1 has got $2 mails" \
        [ "$(mails_to "$1@example.com" | wc -l)" -eq "$2" ]
}

forget_mails ()
{
    rm -f "$BWDIR_MAILDIR"/new/*
}

# ---- those that say the same -----------------------------------------------

changed dana '-77 days'
expect 0 "14 days before" bwdir-remind
changed dana '-85 days'
expect 0 "7 days before" bwdir-remind
owes dana password-expiring 2
expect 0 "mail is up again" bwdir-mail dana
got dana 1
check "the latest" grep -q '^Subject: Your password expires in 5 days$' \
    "$(mails_to dana@example.com)"
owes dana password 0


for role in porting disconnect reporting; do
    expect 0 "role $role" bwdir-mod --add-role $role carl
done
owes carl access-changed 3
set_mark alice bwMailOwed "mail-refused 20261124120000Z.0000000000000001 wanda" \
    "mail-refused 20261124120000Z.0000000000000002 wanda" \
    "mail-refused 20261124120000Z.0000000000000003 olga"
for user in olga wanda; do
    set_mark $user bwMailRefused \
        "20261124120000Z.0000000000000000 $user@example.com 550 no"
done
expect 0 "bwdir-mail" bwdir-mail carl alice
got carl 1
got alice 2
set_mark alice bwMailSent
for user in olga wanda; do
    set_mark $user bwMailRefused
done

# ---- a place of the day for a code -----------------------------------------

expect 0 "another notice" bwdir-mod --remove-role porting carl
expect 0 "gets the second place" bwdir-mail carl
got carl 2
expect 0 "a third one" bwdir-mod --remove-role disconnect carl
expect 75 "does not get the one that is left" bwdir-mail carl
says 'at most 3 to an address and 9 for a user, one of which is kept for a code'
got carl 2
check "it waits until tomorrow" \
    [ "$(mark_of carl bwMailNotBefore)" = "$midnight" ]
expect 0 "a code of an account admin has it" as bob \
    bwdir-passwd --reset carl
got carl 3
expect 0 "it is good" verify carl "$(code_for carl@example.com)" 9195550111 \
    Marker-carl-password
owes carl access-changed 1
owes carl reset 0

# After a code there is a place for a notice and for another code.
owe_notice gina access-changed
expect 0 "a code" bwdir-passwd --reset gina
expect 0 "a notice" bwdir-mail gina
owe_notice gina access-changed
expect 75 "no other notice" bwdir-mail gina
got gina 2
expect 0 "another code is owed" bwdir-passwd --reset --no-mail gina
expect 75 "it does not wait as the notice does" bwdir-mail gina
says 'gina: access-changed to gina@example.com is deferred: '
got gina 3
expect 77 "for a third one there is no place" bwdir-passwd --reset gina
set_mark gina bwMailOwed "reset 20260101000000Z.0000000000000001"
snapshot | grep -v 'entryCSN\|modif' >"$work/before"
expect 75 "so it waits when it is owed all the same" bwdir-mail gina
check "and is not tried" cmp -s "$work/before" \
    <(snapshot | grep -v 'entryCSN\|modif')
got gina 3
expect 0 "the second one is good" verify gina "$(code_for gina@example.com)" \
    9195550112 Marker-gina-password

# A user causes nine mails in a day; of these too the last is a code's.
eight=()
for i in 1 2 3 4 5 6 7 8; do
    eight+=("$today.1 other$i@example.com")
done
forget_mails
set_mark bob bwMailSent "${eight[@]}"
owe_notice bob access-changed
expect 75 "the ninth mail of a user is no notice" bwdir-mail bob
got bob 0
set_mark dana bwMailOwed
set_mark dana bwMailSent "${eight[@]:0:7}"
set_mark bob bwMailSent
owe_notice dana access-changed
expect 0 "the eighth is" bwdir-mail dana
got dana 1
expect 0 "a code is owed" bwdir-passwd --reset --no-mail dana
expect 0 "the ninth is a code" bwdir-mail dana
got dana 2
expect 0 "another code is owed, past the look for a place" \
    "$top_srcdir/tests/edit-entry" uid=dana,ou=people \
    "add bwMailOwed reset 20261124120000Z.0000000000000001" \
    "replace mail dana2@example.com"
expect 75 "there is no tenth" bwdir-mail dana
says 'at most 3 to an address and 9 for a user'
check "for another address either" [ -z "$(mails_to dana2@example.com)" ]

# ---- of two codes that are owed the one that does for both -----------------

expect 0 "phone and mail are changed" bwdir-mod --no-mail \
    --phone 9195550166 wanda
set_mark wanda bwMailOwed "confirm 20260101000000Z.0000000000000001"
expect 0 "then the password is forgotten" bwdir-passwd --reset --no-mail wanda
expect 0 "bwdir-mail" bwdir-mail wanda
got wanda 1
expect 0 "the code sets a password" verify wanda \
    "$(code_for wanda@example.com)" 9195550166 Marker-wanda-password
check "it works" password_is wanda Marker-wanda-password

# ---- who moves his mail in two steps ---------------------------------------

new_day
forget_mails
expect 0 "the phone first" as rolf bwdir-mod --phone 9195550167
expect 0 "then the mail" as rolf bwdir-mod --mail rolf2@example.com
owes rolf 'address-changed [^ ]* rolf@example.com' 1
expect 0 "bwdir-mail" bwdir-mail rolf
got rolf 1
check "the old address is told" grep -q \
    '^Subject: The mail address of rolf has been changed$' \
    "$(mails_to rolf@example.com)"
got rolf2 1
new_day
expect 0 "the mail again" bwdir-mod --no-mail --mail rolf3@example.com rolf
expect 0 "bwdir-mail" bwdir-mail rolf
for user in rolf2 rolf3; do
    check "$user: not as to a new user" bash -c '! grep -q "new user name" "$@"' \
        - "$BWDIR_MAILDIR"/new/*
done
check "rolf2 is told" grep -q '^Subject: The mail address of rolf has' \
    "$(mails_to rolf2@example.com | tail -n 1)"
check "rolf3 confirms" grep -q '^Subject: Your data have changed: please con' \
    "$(mails_to rolf3@example.com)"
expect 0 "the code is good" verify rolf "$(code_for rolf3@example.com)" \
    9195550167
expect 0 "the same address in capitals" \
    bwdir-mod --no-mail --mail ROLF3@example.com rolf
owes rolf address-changed 0
check "bwdir-add" add_user nina 9195550168
expect 0 "who has never had a password" \
    bwdir-mod --no-mail --mail nina2@example.com nina
owes nina address-changed 0
expect 0 "bwdir-mail" bwdir-mail nina
check "is welcome at the other address" grep -q '^Subject: .*new user name' \
    "$(mails_to nina2@example.com)"

# ---- who hears of a refusal ------------------------------------------------
# gina has two accounts.  alice administers both, dana the one, bob and gina
# herself the other.

root_modify <<END
dn: cn=5500001,ou=accounts,$BWDIR_BASE
changetype: modify
add: bwAccountAdmin
bwAccountAdmin: uid=dana,$people

dn: cn=5500002,ou=accounts,$BWDIR_BASE
changetype: modify
add: bwAccountAdmin
bwAccountAdmin: uid=alice,$people
bwAccountAdmin: uid=gina,$people
END
new_day
set_mark gina bwMailNotBefore
set_mark gina bwMailOwed
owe_notice gina access-changed
set_mark gina mail 'gina(@example.com'
expect 0 "an address that no mail can have" bwdir-mail gina
says 'gina: access-changed to gina(@example.com is refused: '
for user in alice bob dana; do
    owes $user 'mail-refused [^ ]* gina' 1
done
owes gina mail-refused 0

# ---- tried again -----------------------------------------------------------

# put_off SECONDS: by so much is olga's mail put off, when it fails now.
put_off ()
{
    local before=$EPOCHSECONDS until
    wait_over olga
    expect 75 "mail is down" bwdir-mail olga
    until=$(mark_of olga bwMailNotBefore)
    until=$(date -u -d "${until:0:8} ${until:8:2}:${until:10:2}:${until:12:2}" \
        +%s)
    check "it is put off by $1 seconds" [ "$until" -ge $((before + $1)) -a \
        "$until" -le $((EPOCHSECONDS + $1 + 1)) ]
}

set_mark olga bwMailOwed
owe_notice olga access-changed
mv "$BWDIR_MAILDIR" "$work/away"
put_off 60
put_off 120
put_off 240
set_mark olga bwMailAttempts 5
put_off 1920
put_off 3600
set_mark olga bwMailAttempts 9223372036854775807
put_off 3600
mv "$work/away" "$BWDIR_MAILDIR"
wait_over olga
expect 0 "mail is up" bwdir-mail olga
got olga 1
check "and nothing is left of that" [ -z "$(mark_of olga bwMailNotBefore)\
$(mark_of olga bwMailAttempts)" ]

# What there is no more to tell is dropped, and what comes after it is not.
new_day
set_mark alice bwMailOwed "mail-refused 20261124120000Z.0000000000000001 olga" \
    "access-changed 20261124120000Z.0000000000000002"
expect 0 "a refusal that is taken away" bwdir-mail alice
check "the notice is dropped, and that is said" grep -qxF \
    "alice: mail-refused to alice@example.com is dropped: olga: no mail was refused" \
    "$work/out"
check "the next one goes out" grep -q '^alice: access-changed mailed to ' \
    "$work/out"
finish
