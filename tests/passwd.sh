#!/bin/bash
# bwdir-passwd(1) against a directory: one's own password, codes for those who
# have forgotten theirs, secrets of programs.
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

# As if the password had been set a minute ago; the shipped policy keeps each
# for a second.
password_ages () # NAME
{
    set_time "uid=$1,$people" pwdChangedTime '-1 minute'
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
expect 65 "one that is too long" own dana "$(printf '%0513d' 0)" "$new"
says 'password: too long; one line of at most 512 bytes wanted'
expect 65 "no new password" own dana "$old"
expect 65 "a short one" own dana "$old" short
says 'too short'
expect 65 "one of a code's shape" own dana "$old" \
    ABCDE-FGHJK-LMNPQ-RSTUV
expect 64 "root, who is no user" unshare -Ur bwdir-passwd
says 'user name: missing; give one'
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
password_ages dana
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
proof ()
{
    check "wanda is unverified" [ "$(state_of wanda)" = unverified ]
    check "the code is one of the reset policy" \
        holds "$(credential wanda)" '^pwdPolicySubentry: cn=reset,ou=access,'
    check "and sets a password" \
        holds "$(credential wanda)" '^bwSetsPassword: TRUE$'
}
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
unset -f proof restore
check "bwdir-add" add_user mia 9195550801
code=$(code_for mia@example.com)
root_modify <<END
dn: uid=mia,$people
changetype: modify
replace: bwVerificationState
bwVerificationState: verified
END
expect 0 "of who is verified, and to whom a code was on its way" as alice \
    bwdir-passwd --reset --no-mail mia
check "that is void" [ -z "$(credential mia)" ]
expect 77 "and sets no password" verify mia "$code" 9195550801 Marker-late-1
new_day

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

# ---- who has the old password after a reset --------------------------------

new_day
expect 0 "a code to confirm" bwdir-mod --phone 9195550131 bothy
expect 0 "then a reset" as alice bwdir-passwd --reset bothy
check "the old password is marked" holds "uid=bothy,$people" '^pwdReset: TRUE$'
code=$(code_for bothy@example.com)
snapshot >"$work/before"
expect 77 "the old password moves no mail" \
    as bothy bwdir-mod --mail evil@x.example
says 'the password was reset: redeem the code that was mailed (bwdir-verify)'
expect 77 "nor the phone" as bothy bwdir-mod --phone 9195550132
expect 77 "nor sets a new one" \
    own bothy "$(cat "$sandbox/secrets/bothy")" "$new"
says 'if the password was reset: redeem the code that was mailed (bwdir-verify)'
check "the directory is as before" cmp -s "$work/before" <(snapshot)
bwdir-mail bothy >/dev/null
check "no other mail goes out" \
    [ "$(code_for bothy@example.com)" = "$code" ]
expect 0 "the code is good" verify bothy "$code" 9195550131 Marker-bothy-new
check "the mark is gone" lacks "uid=bothy,$people" '^pwdReset'
check "the new password works" password_is bothy Marker-bothy-new

# A code that sets no password does not do, wherever it comes from.
new_day
expect 0 "a code to confirm" bwdir-mod --phone 9195550133 rolf
confirming=$(code_for rolf@example.com)
expect 0 "a reset whose mail waits" bwdir-passwd --reset --no-mail rolf
expect 77 "the code to confirm is not good now" \
    verify rolf "$confirming" 9195550133
check "rolf is unverified" [ "$(state_of rolf)" = unverified ]
set_time "uid=rolf,$people" pwdChangedTime '-1 minute'
printf 'dn: uid=rolf,%s\nchangetype: modify\ndelete: bwMailOwed\n' "$people" |
    root_modify
expect 0 "the mark alone owes one" bwdir-mail rolf
check "that sets a password" \
    holds "$(credential rolf)" '^bwSetsPassword: TRUE$'
expect 0 "which is good" verify rolf "$(code_for rolf@example.com)" \
    9195550133 Marker-rolf-new
new_day
expect 0 "a reset of gina whose mail waits" \
    bwdir-passwd --reset --no-mail gina
for tool in 'mod --mail evil@x.example' show list 'mod --phone 9195550134'; do
    read -ra words <<<"$tool"
    expect 77 "her old password, bwdir-$tool" as gina "bwdir-${words[0]}" \
        "${words[@]:1}" gina
    says 'the password is to be changed before anything else'
    says 'redeem the code that was mailed (bwdir-verify)'
done
expect 77 "bwdir-passwd" own gina "$(cat "$sandbox/secrets/gina")" "$new"
says 'redeem the code that was mailed (bwdir-verify)'
expect 0 "her mail" bwdir-mail gina
check "goes to her" [ -n "$(code_for gina@example.com)" ]
expect 0 "the mail is corrected" \
    bwdir-mod --mail gina2@example.com gina
check "a reset's code follows" \
    holds "$(credential gina)" '^pwdPolicySubentry: cn=reset,ou=access,'
expect 0 "another code" bwdir-resend gina
check "is one too" \
    holds "$(credential gina)" '^pwdPolicySubentry: cn=reset,ou=access,'
expect 0 "which is good" verify gina "$(code_for gina2@example.com)" \
    9195550112 Marker-gina-new

# ---- secrets of programs ---------------------------------------------------

shape='^[A-Za-z0-9]{32}$'
proof ()
{
    check "it is one line" [ "$(wc -l <"$work/out")" -eq 1 ]
    check "of letters and digits" grep -qE "$shape" "$work/out"
    check "and works" password_is robot "$(cat "$work/out")"
}
grid "a secret for robot" bwdir-passwd --generate robot <<END
root 0
alice 0
bob 67 $hidden
dana 67 $hidden
nobody 77 $stranger
END
unset -f proof
for user in dana bothy; do
    snapshot >"$work/before"
    expect 65 "a secret for $user, who types it" bwdir-passwd --generate $user
    says "so a person types the password"
    check "nothing has changed" cmp -s "$work/before" <(snapshot)
done
as alice bwdir-passwd --generate robot >"$work/secret"
cp "$work/secret" "$work/secret1"
for way in "-D uid=robot,$people -y" "-y"; do
    password_ages robot
    # shellcheck disable=SC2086 # two words or one
    expect 0 "robot makes himself another, $way" bwdir-passwd --generate \
        $way "$work/secret" robot
    check "it is printed, and nothing else" grep -qE "$shape" "$work/out"
    check "it works" password_is robot "$(cat "$work/out")"
    cp "$work/out" "$work/secret"
done
password_ages robot
expect 0 "robot need not say who he is" bwdir-passwd --generate \
    -D "uid=robot,$people" -y "$work/secret"
check "it is printed" grep -qE "$shape" "$work/out"
check "it works" password_is robot "$(cat "$work/out")"
cp "$work/out" "$work/secret"
snapshot >"$work/before"
expect 64 "an administrator has to say whose" bwdir-passwd --generate
says 'user name: missing; give one'
check "nothing has changed" cmp -s "$work/before" <(snapshot)
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
for form in '' --json; do
    # shellcheck disable=SC2086 # a word or none
    bwdir-passwd --generate $form robot >/dev/full 2>"$work/err"
    check "a secret that cannot be shown, $form: 74" [ $? -eq 74 ]
    says 'the password of "robot" is changed and nobody knows the new one; have an administrator run bwdir-passwd --generate robot'
    snapshot >"$work/before"
    # shellcheck disable=SC2086 # a word or none
    bwdir-passwd --generate $form robot >&- 2>"$work/err"
    check "a closed standard output, $form: 74" [ $? -eq 74 ]
    says 'nobody would be shown the new password; nothing was changed'
    # shellcheck disable=SC2086 # a word or none
    { sleep 0.3; bwdir-passwd --generate $form robot; } 2>"$work/err" | true
    check "a reader who has gone, $form: 74" [ "${PIPESTATUS[0]}" -eq 74 ]
    says 'nobody would be shown the new password; nothing was changed'
    check "nothing has changed" cmp -s "$work/before" <(snapshot)
done
bwdir-passwd -n --generate robot >&- 2>"$work/err"
check "-n with a closed standard output: 74" [ $? -eq 74 ]
says 'standard output: cannot be written'

# ---- when no answer comes ---------------------------------------------------

password_ages robot
bwdir-passwd --generate robot >"$work/secret"
relay unanswered 1.3.6.1.4.1.4203.1.11.1 # RFC 3062
own_uri=$relay_uri
relay unanswered userPassword
doubt='whether the password was changed is not known; the new one is shown: try it, and the one before'
password_ages robot
expect 69 "robot gets no answer" bwdir-passwd -H "$own_uri" --generate \
    -y "$work/secret" robot
says "$doubt"
check "he is shown the new one, which works" \
    password_is robot "$(cat "$work/out")"
cp "$work/out" "$work/secret"
password_ages robot
expect 69 "nor in JSON" bwdir-passwd -H "$own_uri" --generate --json \
    -y "$work/secret" robot
says "$doubt"
secret_of_object ()
{
    /usr/bin/python3 -c '
import json, sys
said = json.load(open(sys.argv[1]))
said = said["users"][0] if "users" in said else said
assert said["result"] == "failed", said
print(said.get("password", "none"), end="")' "$work/out"
}
check "which has it too" password_is robot "$(secret_of_object)"
expect 69 "an administrator gets none" bwdir-passwd -H "$relay_uri" \
    --generate robot
says "$doubt"
check "and is shown it" password_is robot "$(cat "$work/out")"
expect 69 "nor in JSON" bwdir-passwd -H "$relay_uri" --generate --json robot
check "which has it" password_is robot "$(secret_of_object)"
secret_of_object >"$work/secret"
set_time "uid=robot,$people" pwdChangedTime '+1 minute'
expect 65 "too soon after the last change" bwdir-passwd --generate --json \
    -y "$work/secret" robot
check "nothing is shown that was refused" [ "$(secret_of_object)" = none ]
check "and the secret works" password_is robot "$(cat "$work/secret")"

expect 64 "two wishes" bwdir-passwd --generate --reset robot
says '--reset, --generate: only one of them wanted'

# ---- who is disabled ---------------------------------------------------------

disabled='warning: user name "dieter": disabled, so that neither a password nor a code is of use before bwdir-enable dieter'
expect 0 "a reset" as alice bwdir-passwd --reset --no-mail dieter
says "$disabled"
expect 0 "another code" as alice bwdir-resend --no-mail dieter
says "$disabled"

# ---- the examples ----------------------------------------------------------

new_day
cd "$work" || exit 99
for example in 1 2 3; do
    password_ages robot
    awk -v n="$example" '/^\$ /{i++} i==n || /^\.Ed/{print}' \
        "$top_srcdir/tools/bwdir-passwd.1" >"$work/bwdir-passwd.$example"
    new_day
    run_examples "$work/bwdir-passwd.$example"
done
finish
