#!/bin/bash
# Who may change what with bwdir-mod(8): every identity tries, and a refusal
# changes nothing.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/sandbox.bash" || exit 99
. "$(dirname "$0")/dana.bash" || exit 99

# changes WHAT SELF LINE... -- OPTION...: by everybody; SELF is what the user
# himself gets, and the text; the lines are what a success makes of the entry.
changes ()
{
    local what=$1 self=$2 lines=()
    shift 2
    while [ "$1" != -- ]; do
        lines+=("$1")
        shift
    done
    shift
    proof () { entry "${lines[@]}"; }
    grid "$what" bwdir-mod "$@" dana <<EOF
bob 67 $hidden
nobody 77 $stranger
dana $self
alice 0 dana: changed
root 0 dana: changed
EOF
    unset -f proof
}
hidden='user name "dana": no such user, or you may not see it'
mine='of yourself you may change names, mail and phone only'
changes "the names" "0 dana: changed" 'givenName: Diana' 'sn: Doe' \
    'cn: Diana Doe' -- --first Diana --last Doe
changes "mail and phone" "0 mailed to d@example.com" 'mail: d@example.com' \
    'bwWorkPhone: 9195550199' 'bwVerificationState: unverified' -- \
    --mail d@example.com --phone 9195550199
changes "the level" "77 level: $mine" 'bwAdministrationLevel: admin' -- \
    --level admin
changes "the access method" "77 access: $mine" \
    "pwdPolicySubentry: cn=api,ou=access,$BWDIR_BASE" -- --access api
changes "the owner" "77 owner: $mine" "owner: uid=olga,$people" -- --owner olga
changes "roles" "77 role: $mine" "bwRole: cn=porting,$roles" \
    "-bwRole: cn=ordering,$roles" -- --add-role porting --remove-role ordering
changes "several things at once" "77 access: $mine" 'givenName: D' \
    'bwWorkPhone: 9195550198' "bwRole: cn=porting,$roles" \
    "pwdPolicySubentry: cn=api,ou=access,$BWDIR_BASE" -- --first D --phone \
    9195550198 --access api --add-role porting
proof () { entry 'bwAccount: cn=5500002,.*' 'bwAccount: cn=5500001,.*'; }
grid "an account more" bwdir-mod --add-account 5500002 dana <<EOF
bob 67 $hidden
nobody 77 $stranger
dana 77 account: $mine
alice 77 account "5500002": no such account, or you do not administer it
root 0 dana: changed
EOF
proof () { entry '-bwAccount: .*'; }
grid "the last account less" bwdir-mod --force --remove-account 5500001 dana <<EOF
bob 67 $hidden
nobody 77 $stranger
dana 77 account: $mine
alice 0 dana: changed
root 0 dana: changed
EOF
proof () { check "gina has the name" holds "uid=gina,$people" '^givenName: G$'; }
grid "a user whose other account is somebody else's" bwdir-mod --first G \
    gina <<EOF
alice 77 user name "gina": you administer only some of this user's accounts
bob 77 user name "gina": you administer only some of this user's accounts
dana 67 user name "gina": no such user, or you may not see it
nobody 77 $stranger
root 0 gina: changed
EOF
proof () { check "$1 has the name" holds "uid=$1,$people" '^sn: Newname$'; }
grid "oneself, without a name" bwdir-mod --last Newname <<EOF
root 64 user name: missing; give one
bob 0 bob: changed
alice 0 alice: changed
nobody 77 $stranger
dana 0 dana: changed
EOF
unset -f proof
expect 0 "who administers a part of the accounts takes his back" as alice \
    bwdir-mod --remove-account 5500001 gina
check "gina has the other one" lacks "uid=gina,$people" 'bwAccount:.*5500001'
finish
