#!/bin/bash
# What the mails say: of each kind the right text, with the values of the user
# in their places; a text of one's own, in any script.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/sandbox.bash" || exit 99

# says_mail ADDRESS NAME SUBJECT LINE...: the only mail to that address, read
# by another program than ours; it goes then.
says_mail ()
{
    local mail
    mail=$(mails_to "$1")
    check "one mail to $1" [ "$(wc -l <<<"$mail")" -eq 1 ]
    check "$3" /usr/bin/python3 "$top_srcdir/tests/mail-parse.py" "$mail" "$@"
    [ -z "$mail" ] || rm -f "$mail"
}

# mark USER ATTRIBUTE [VALUE]
mark ()
{
    printf 'dn: uid=%s,%s\nchangetype: modify\nreplace: %s\n' "$1" "$people" \
        "$2" >"$work/ldif"
    [ -z "${3-}" ] || printf '%s: %s\n' "$2" "$3" >>"$work/ldif"
    root_modify <"$work/ldif"
}

# ---- codes -----------------------------------------------------------------

welcome='Your new user name %s: please confirm your data'
sign_up='an administrator has added you to the directory.'
sign_up_confirm='an administrator has added you to the directory and has already set a'
changed='Your data have changed: please confirm them'
confirm='the mail address or the phone number of your user name has been changed.'
forgotten='Your code to choose a new password'
reset='an administrator has started a new password for your user name.'
three_days='The code is valid for 72 hours and only once.  If you get another mail'
an_hour='The code is valid for 1 hour and only once.  If you get another mail'

# shellcheck disable=SC2059 # the formats are above
welcomes () # NAME LINE...
{
    says_mail "$1@example.com" "Test User" "$(printf "$welcome" "$1")" \
        "${@:2}" "    User name:  $1" "$three_days"
}
printf 'Marker-kept-password' >"$work/password"
for no_mail in "" --no-mail; do
    for password in "" "--password-file=$work/password"; do
        name=new${no_mail:+-later}${password:+-set}
        line=$sign_up
        [ -z "$password" ] || line=$sign_up_confirm
        # shellcheck disable=SC2086 # options or none
        check "$name is added" add_user $name 9195550150 $no_mail $password
        [ -z "$no_mail" ] || expect 0 "bwdir-mail" bwdir-mail $name
        welcomes $name "$line"
        new_day
        expect 0 "bwdir-resend" bwdir-resend $name
        welcomes $name "$line"
        new_day
        expect 0 "--no-mail" bwdir-resend --no-mail $name
        expect 0 "bwdir-mail" bwdir-mail $name
        welcomes $name "$line"
        new_day
    done
done

expect 0 "another phone" bwdir-mod --phone 9195550160 wanda
says_mail wanda@example.com "Wanda Weaver" "$changed" "$confirm" "$three_days"
expect 0 "another code" bwdir-resend wanda
says_mail wanda@example.com "Wanda Weaver" "$changed" "$confirm"
new_day
expect 0 "by oneself" as dana bwdir-mod --phone 9195550161
expect 0 "bwdir-mail" bwdir-mail dana
says_mail dana@example.com "Dana Dyer" "$changed" "$confirm" "$three_days"
expect 0 "another address" bwdir-mod --mail carl2@example.com carl
expect 0 "bwdir-mail" bwdir-mail carl
says_mail carl2@example.com "Carl Carter" "$changed" "$confirm"
says_mail carl@example.com "Carl Carter" \
    'The mail address of carl has been changed' '    User name:  carl'
expect 0 "a forgotten password" bwdir-passwd --reset olga
says_mail olga@example.com "Olga Potter" "$forgotten" "$reset" "$an_hour"
expect 0 "--no-mail" bwdir-passwd --reset --no-mail olga
expect 0 "bwdir-mail" bwdir-mail olga
says_mail olga@example.com "Olga Potter" "$forgotten" "$reset" "$an_hour"

# ---- rights ----------------------------------------------------------------

# rights NAME FULLNAME METHOD LEVEL ROLES ACCOUNTS
rights ()
{
    owe_notice "$1" access-changed
    expect 0 "bwdir-mail" bwdir-mail "$1"
    says_mail "$1@example.com" "$2" "The rights of $1 have been changed" \
        "Hello $2," "    User name:  $1" "    Signs in:   $3" \
        "    Level:      $4" "    Roles:      $5" "    Accounts:   $6"
}
rights robot "Robot Porter" "from programs" basic ordering 5500001
rights bothy "Bothy Cooper" "at a dashboard and from programs" basic ordering \
    5500001
rights alice "Alice Archer" "at a dashboard" admin user-administrator 5500001
mark gina bwRole
rights gina "Gina Glover" "at a dashboard" basic none "5500001, 5500002"
expect 0 "two roles" bwdir-mod --add-role ordering,porting gina
rights gina "Gina Glover" "at a dashboard" basic "ordering, porting" \
    "5500001, 5500002"

# ---- age -------------------------------------------------------------------

# set_age NAME AGO: and the day and time of the end, in $end.
set_age ()
{
    local since
    since=$(date -u -d "$2" +%s)
    mark "$1" pwdChangedTime "$(date -u -d "@$since" +%Y%m%d%H%M%SZ)"
    end=$(date -u -d "@$((since + 7776000))" '+%Y-%m-%d %H:%M UTC')
}
new_day
set_age bob '-84 days -12 hours'
expect 0 "bwdir-remind" bwdir-remind
expect 0 "bwdir-mail" bwdir-mail bob
says_mail bob@example.com "Bob Baker" 'Your password expires in 6 days' \
    "    User name:  bob" "    Expires:    $end" "    Time left:  6 days"
set_age bob '-89 days -12 hours'
expect 0 "bwdir-remind" bwdir-remind
expect 0 "bwdir-mail" bwdir-mail bob
says_mail bob@example.com "Bob Baker" 'Your password expires in 1 day' \
    "    User name:  bob" "    Expires:    $end" "    Time left:  1 day"
new_day
set_age bob '-91 days'
expect 0 "bwdir-remind" bwdir-remind
expect 0 "bwdir-mail" bwdir-mail bob
says_mail bob@example.com "Bob Baker" 'Your password has expired' \
    "    User name:  bob" "    Expired:    $end"

# ---- what was refused ------------------------------------------------------

mark robot bwMailRefused \
    '20261124120000Z.0123456789abcdef robot@example.com 550 5.1.1 no such mailbox'
owe_notice alice mail-refused robot
expect 0 "bwdir-mail" bwdir-mail alice
says_mail alice@example.com "Alice Archer" 'Mail to robot cannot be delivered' \
    'you administer an account of the user robot, and a mail to that user was' \
    '    robot@example.com: 550 5.1.1 no such mailbox' \
    '    bwdir-resend robot'

# ---- a text of one's own ---------------------------------------------------

mkdir -m 700 "$work/texts"
cp "$top_srcdir"/tools/mail/templates/*.txt "$work/texts"
chmod 600 "$work"/texts/*
subject=$'\u041f\u0440\u0430\u0432\u0430 {{user}} \u2014 \u6a29\u9650\u5909\u66f4: '
subject+=$'\u05d4\u05e8\u05e9\u05d0\u05d5\u05ea, \U0001f511, and a tail that makes it long enough to be folded'
line=$'\u0423\u0440\u043e\u0432\u0435\u043d\u044c: {{level}}'
printf 'Subject: %s\n\n%s\n' "$subject" "$line" \
    >"$work/texts/access-changed.txt"
sed "s,template-dir = .*,template-dir = \"$work/texts\"," "$BWDIR_CONF" \
    >"$work/conf"
new_day
owe_notice robot access-changed
mark robot bwMailRefused
expect 0 "bwdir-mail" bwdir-mail --config "$work/conf" robot
says_mail robot@example.com "Robot Porter" "${subject/'{{user}}'/robot}" \
    "${line/'{{level}}'/basic}"
finish
