#!/bin/bash
# bwdir-passwd(1) and bwdir-resend(8) against a directory: one's own password,
# codes for those who have forgotten theirs, secrets of programs.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/sandbox.bash" || exit 99

old=$(cat "$sandbox/secrets/dana")
new=Marker-new-password-1
himself='not permitted; somebody else who administers all accounts'
hidden='no such user, or you may not see it'
mails ()
{
    find "$BWDIR_MAILDIR/new" -type f | wc -l
}

# own USER LINE...: bwdir-passwd with these answers.
own ()
{
    local user=$1
    shift
    printf '%s\n' "$@" | bwdir-passwd --no-prompt "$user"
}

# ---- one's own -------------------------------------------------------------

snapshot >"$work/before"
expect 77 "a wrong password" own dana wrong-password "$new"
says 'user name "dana": not let in: the password is wrong or has expired, '
says 'bwdir-passwd --reset'
check "without words of LDAP" \
    bash -c '! grep -qi "ldap\|uid=\|credentials" "$1"' - "$work/err"
expect 77 "a wrong password, -v" bwdir-passwd -v -y "$sandbox/secrets/olga" \
    --password-file "$sandbox/secrets/olga" dana
says "bind of \"uid=dana,$people\": Invalid credentials"
expect 77 "an unknown user" own nosuch "$old" "$new"
says 'user name "nosuch": not let in: '
expect 65 "a strange name" own 'dana,ou=x' "$old" "$new"
expect 64 "no password" own dana </dev/null
expect 65 "no new password" own dana "$old"
expect 65 "a short one" own dana "$old" short
says 'too short'
expect 65 "one of a code's shape" own dana "$old" \
    ABCDE-FGHJK-LMNPQ-RSTUV
expect 64 "-n" bwdir-passwd -n -y "$sandbox/secrets/dana" dana
expect 64 "two users" bwdir-passwd dana olga
expect 64 "-D of another" bwdir-passwd -D "uid=dana,$people" \
    -y "$sandbox/secrets/dana" --password-file "$sandbox/secrets/dana" olga
says "and you are \"dn:uid=dana,$people\""
# What a wrong password leaves is the server's count of it.
check "nothing has changed but the count of failures" diff \
    <(grep -v 'pwdFailureTime\|entryCSN\|modif' "$work/before") \
    <(snapshot | grep -v 'pwdFailureTime\|entryCSN\|modif')
expect 65 "the one of now again" own dana "$old" "$old"
says 'password'
expect 0 "a new one" own dana "$old" "$new"
check "it says so" grep -qx 'dana: the new password is set' "$work/out"
check "it works" password_is dana "$new"
check "the old one does not" bash -c '! "$@"' - ldapwhoami -x \
    -H "$BWDIR_LDAPI" -D "uid=dana,$people" -y "$sandbox/secrets/dana"
check "the log tells it" grep -qF "event=plan what=\"change own password\" \
entry=uid=dana,$people who=dn:uid=dana,$people why=- steps=1/1 status=ok" \
    "$sandbox/log.tools"
expect 65 "back to the old one" own dana "$new" "$old"
check "the log tells that too" grep -q \
    "own password.*steps=0/1 status=refused" <(tail -n 1 "$sandbox/log.tools")
printf %s "$new" >"$work/now"
printf 'Marker-new-password-2\n' >"$work/next"
expect 0 "from files, with a reason" bwdir-passwd -y "$work/now" \
    --password-file "$work/next" --why 'once more' dana
check "it works" password_is dana Marker-new-password-2
printf %s Marker-new-password-2 >"$sandbox/secrets/dana"
check "an expired password can be changed" own olga \
    "$(cat "$sandbox/secrets/olga")" Marker-olga-password >/dev/null
check "it works" password_is olga Marker-olga-password
expect 77 "who is disabled cannot" own dieter \
    "$(cat "$sandbox/secrets/dieter")" "$new"

# ---- a code for who has forgotten ------------------------------------------

phone=$(entries "uid=wanda,$people" | sed -n 's/^bwWorkPhone: //p')
restore ()
{
    expect 0 "which is redeemed" verify wanda \
        "$(code_for wanda@example.com)" "$phone" "Marker_wanda_$SRANDOM"
}
grid "resetting wanda" bwdir-passwd --reset wanda <<END
root 0 wanda: reset code mailed to wanda@example.com
alice 0 wanda: reset code mailed to wanda@example.com
bob 67 $hidden
dana 67 $hidden
nobody 77 $stranger
END
unset -f restore
count=$(mails)
expect 77 "of oneself" as alice bwdir-passwd --reset alice
says "$himself"
check "no mail" [ "$(mails)" -eq "$count" ]
new_day
expect 0 "a reset" as alice bwdir-passwd --reset --why 'called' wanda
check "wanda is unverified" [ "$(state_of wanda)" = unverified ]
check "one mail" [ "$(mails)" -eq $((count + 1)) ]
check "the code is one of the reset policy" \
    holds "$(credential wanda)" '^pwdPolicySubentry: cn=reset,ou=access,'
check "the mail says how long it is valid" grep -q \
    '^The code is valid for 1 hour ' "$(mails_to wanda@example.com | tail -n 1)"
check "as the policy does" holds "cn=reset,ou=access,$BWDIR_BASE" \
    '^pwdMaxAge: 3600$'
first=$(code_for wanda@example.com)
expect 0 "the code sets a password" verify wanda "$first" "$phone" \
    Marker-wanda-password Marker-wanda-password
check "it works" password_is wanda Marker-wanda-password
check "wanda is verified" [ "$(state_of wanda)" = verified ]
new_day
expect 0 "--no-mail" as alice bwdir-passwd --reset --no-mail wanda
check "no mail" [ "$(mails)" -eq $((count + 1)) ]
check "it is owed" holds "uid=wanda,$people" '^bwMailOwed: reset '
expect 0 "-n" as alice bwdir-passwd -n --reset olga
check "prints the change" grep -qx 'delete: bwVerificationState' "$work/out"
check "and changes nothing" [ "$(state_of olga)" = verified ]
mv "$BWDIR_MAILDIR" "$work/mail"
expect 75 "no way for mail" as alice bwdir-passwd --reset olga
says 'user "olga" is saved, the mail to "olga@example.com" is deferred: '
mv "$work/mail" "$BWDIR_MAILDIR"
check "the mail is owed" holds "uid=olga,$people" '^bwMailOwed: reset '

# ---- another code ----------------------------------------------------------

check "bwdir-add" add_user vera 9195550101
first=$(code_for vera@example.com)
new_day
restore () { :; }
grid "another code for vera" bwdir-resend vera <<END
root 0 vera: sign-up code mailed to vera@example.com
alice 0 vera: sign-up code mailed to vera@example.com
bob 67 $hidden
dana 67 $hidden
nobody 77 $stranger
END
unset -f restore
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
expect 77 "bwdir-resend where the places are hidden" as alice bwdir-resend petra
says 'mail "petra@example.com": the address has had its mails of today'
check "nothing is owed" lacks "uid=petra,$people" '^bwMailOwed'
expect 0 "and the code is still valid" \
    verify petra "$first" 9195550124 Marker-petra-password

# An account admin takes the places that he can, of today and of tomorrow:
# he is not let through any more, the outbox is.
new_day
check "bwdir-add" add_user pia 9195550126 --no-mail
for place in today.1 today.2 tomorrow.1 tomorrow.2; do
    printf 'dn: uid=pia,%s\nchangetype: modify\nadd: bwMailSent\n' "$people"
    printf 'bwMailSent: %s.%d pia@example.com\n\n' \
        "$(date -u -d "${place%.*}" +%Y%m%d)" "${place#*.}"
done >"$work/ldif"
expect 0 "two places of each day" as alice ldapmodify -H "$BWDIR_LDAPI" \
    -f "$work/ldif"
count=$(mails)
expect 77 "bwdir-resend finds none" as alice bwdir-resend pia
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

# ---- secrets of programs ---------------------------------------------------

shape='^[A-Za-z0-9]{32}$'
restore () { check "it is one line" grep -qE "$shape" "$work/out"
    password_is robot "$(cat "$work/out")" || check "it works" false; }
grid "a secret for robot" bwdir-passwd --generate robot <<END
root 0
alice 0
bob 67 $hidden
dana 67 $hidden
nobody 77 $stranger
END
unset -f restore
for user in dana bothy; do
    snapshot >"$work/before"
    expect 65 "a secret for $user, who types it" bwdir-passwd --generate $user
    says "so a person types the password"
    check "nothing has changed" cmp -s "$work/before" <(snapshot)
done
as alice bwdir-passwd --generate robot >"$work/secret"
cp "$work/secret" "$work/secret1"
# A second is pwdMinAge of the shipped policy.
wait_a_second ()
{
    local now=$EPOCHSECONDS
    while [ "$EPOCHSECONDS" -le $((now + 1)) ]; do
        sleep 0.05
    done
}
for way in "-D uid=robot,$people -y" "-y"; do
    wait_a_second
    # shellcheck disable=SC2086 # two words or one
    expect 0 "robot makes himself another, $way" bwdir-passwd --generate \
        $way "$work/secret" robot
    check "it is printed, and nothing else" grep -qE "$shape" "$work/out"
    check "it works" password_is robot "$(cat "$work/out")"
    cp "$work/out" "$work/secret"
done
check "the log tells who" grep -q \
    "own password.*who=dn:uid=robot,$people .*status=ok" "$sandbox/log.tools"
check "no secret is logged" bash -c '! grep -qF -f "$1" "$2" "$3"' - \
    "$work/secret" "$sandbox/log.tools" "$sandbox/slapd.log"
expect 77 "an old secret" bwdir-passwd --generate -y "$work/secret1" robot
expect 0 "in JSON" bwdir-passwd --generate --json robot
check "it is a member" /usr/bin/python3 -c '
import json, re, sys
said = json.load(open(sys.argv[1]))["users"][0]
assert re.fullmatch("[A-Za-z0-9]{32}", said["password"]), said
open(sys.argv[2], "w").write(said["password"])' "$work/out" "$work/json"
check "and works" password_is robot "$(cat "$work/json")"
bwdir-passwd --generate robot >/dev/full 2>"$work/err"
check "a secret that cannot be shown: 74" [ $? -eq 74 ]
says 'nobody knows it'
expect 64 "two wishes" bwdir-passwd --generate --reset robot
says '--reset, --generate: only one of them wanted'

# ---- the examples ----------------------------------------------------------

new_day
run_examples "$top_srcdir/tools/bwdir-resend.8"
cd "$work" || exit 99
# A step by a step, for the directory keeps a new password for a second.
for example in 1 2 3; do
    wait_a_second
    awk -v n="$example" '/^\$ /{i++} i==n || /^\.Ed/{print}' \
        "$top_srcdir/tools/bwdir-passwd.1" >"$work/bwdir-passwd.$example"
    new_day
    run_examples "$work/bwdir-passwd.$example"
done
finish
