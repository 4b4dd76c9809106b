#!/bin/bash
# bwdir-show(8) against a directory: what is told, and to whom.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/sandbox.bash" || exit 99

# ---- who sees whom ---------------------------------------------------------

grid "showing dana" bwdir-show dana <<EOF
root 0 Name:       Dana Dyer
alice 0 Name:       Dana Dyer
bob 67 user name "dana": no such user, or you may not see it
dana 0 Name:       Dana Dyer
nobody 77 $stranger
EOF
grid "showing alice" bwdir-show alice <<EOF
root 0 Level:      admin
alice 0 Level:      admin
bob 67 user name "alice": no such user, or you may not see it
dana 67 user name "alice": no such user, or you may not see it
nobody 77 $stranger
EOF
grid "showing oneself" bwdir-show <<EOF
root 64 user name: missing; give one, for you are no user of the directory
alice 0 User name:  alice
bob 0 User name:  bob
dana 0 User name:  dana
nobody 77 $stranger
EOF

# ---- what is told ----------------------------------------------------------

# tells USER TEXT...: bwdir-show says each TEXT of USER.
tells ()
{
    local user=$1 text
    shift
    run bwdir-show "$user"
    for text; do
        check "of $user: $text" grep -qF -e "$text" "$work/out"
    done
}

tells dana 'Mail:       dana@example.com' 'Work phone: 9195550103' \
    'State:      active, verified' 'Level:      basic' \
    'to be renewed every 90 days' \
    ', 10 days ago; expires ' ', 80 days left' \
    'Roles:      ordering (Ordering)' 'Accounts:   5500001'
tells olga 'State:      verified, expired' '; expired ' \
    ', 18 more binds let it be changed'
tells wanda 'State:      active, verified, expiring' ', 10 days left'
tells robot 'Access:     api: signs in from a program' 'does not age'
tells rolf 'Access:     dashboard-api: ' '400 days ago; does not age'
tells newt 'State:      unverified, no-password' 'Password:   none set' \
    'Code:       mailed, good until ' '; it sets the password' \
    'Waits for:  newt, who confirms with the code of his mail: bwdir-verify ' \
    'a new code: bwdir-resend newt'
tells dieter 'State:      verified, disabled' 'Disabled:   since '
edit=$top_srcdir/tests/edit-entry
"$edit" "uid=carl,ou=people" \
    "replace pwdAccountLockedTime $(date -u +%Y%m%d%H%M%SZ)" \
    "replace pwdReset TRUE" "delete bwAccount" "delete bwRole" \
    "replace owner uid=dana,$people" "replace pwdEndTime 20991231235959Z"
tells carl 'State:      verified, locked, must-change' \
    'Locked:     after wrong passwords, until ' \
    'Disabled:   from 2099-12-31T23:59:59Z' \
    'to be changed at the next sign-in' 'Owner:      dana' \
    'Roles:      none' 'Accounts:   none'
"$edit" "uid=carl,ou=people" 'replace pwdAccountLockedTime 000001010000Z' \
    "replace givenName C"$'\xe2\x80\xae'"arl" "replace sn Øre"
tells carl 'Disabled:   from ' 'verified, disabled' \
    'Name:       C\xe2\x80\xaearl Øre'

bwdir-mod --no-mail --mail robot2@example.com robot >/dev/null
tells robot 'State:      active, unverified' 'Code:       none stands' \
    'Mail owed:  ' ' confirm' ' address-changed'
as alice bwdir-resend robot >/dev/null
tells robot 'Code:       mailed, good until ' '; it confirms mail and phone'
run as robot bwdir-show
check "a user learns that there is a code, and no more" grep -qx \
    'Code:       one stands; account administrators see until when' "$work/out"
"$edit" uid=robot,ou=people \
    'add bwMailRefused 20261124000000Z.0123456789abcdef robot2@example.com 550 no'
tells robot 'Refused:    robot2@example.com 550 no'
run bwdir-show --json robot
check "the same for a program" /usr/bin/python3 - "$work/out" <<'EOF'
import json, sys
robot, = json.load(open(sys.argv[1]))["users"]
assert robot["code"] == "mailed" and len(robot["code_until"]) == 20
assert "address-changed" in robot["mail_owed"]
assert robot["mail_refused"] == ["robot2@example.com 550 no"]
EOF

expect 0 "--json" bwdir-show --json dana olga
check "an object with two users, their ages and conditions" /usr/bin/python3 - \
    "$work/out" <<'EOF'
import json, sys
told = json.load(open(sys.argv[1]))
dana, olga = told["users"]
assert told["ok"] and told["exit"] == 0
assert dana["user"] == "dana" and dana["days_left"] == 80
assert dana["conditions"] == ["active", "verified"]
assert dana["roles"] == ["ordering"] and dana["ends"] is None
assert olga["days_left"] == 0 and "expired" in olga["conditions"]
EOF
expect 67 "one of three does not exist" bwdir-show dana nosuch olga
check "the others are shown" \
    [ "$(grep -c '^User name:  ' "$work/out")" -eq 2 ]
expect 65 "a name that cannot exist" bwdir-show 'dana)(uid=*'
says 'user name "dana)(uid=*": a lower-case letter wanted, then letters a-z'
expect 65 "a name in other letters" bwdir-show DANA
expect 64 "an unknown option" bwdir-show --nosuch dana
for uri in foo:// ldapi:///tmp/x ldap:// 127.0.0.1; do
    expect 65 "the server \"$uri\"" bwdir-show -H "$uri" dana
    says "-H \"$uri\": ldapi:///, ldapi://%2Fpath%2Fto%2Fsocket, ldaps://HOST"
done
expect 69 "a server that is not there" bwdir-show -H ldaps://127.0.0.1:1 dana

run_examples "$top_srcdir/tools/bwdir-show.8"
finish
