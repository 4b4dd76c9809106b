#!/bin/bash
# bwdir-why(8): what it says of every sample user is what libpam returns, at
# any date, and whatever the PAM files and the access records say.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/sandbox.bash" || exit 99

try_pam=$top_builddir/contrib/try-pam
mkdir "$work/pam"
cp "$BWDIR_PAM_CONFDIR"/* "$work/pam"
export BWDIR_PAM_CONFDIR=$work/pam

# The members of the JSON object in $work/out, which is read again when it is
# another; lists as their length.
declare -A told
object=
read_object ()
{
    local name value
    [ "$object" != "$(<"$work/out")" ] || return 0
    object=$(<"$work/out")
    told=()
    while IFS='=' read -r name value; do
        told[$name]=$value
    done < <(/usr/bin/python3 -c '
import json, sys
for name, value in json.loads(sys.argv[1]).items():
    print("%s=%s" % (name, len(value) if isinstance(value, list) else value))
' "$object")
}

# is NAME VALUE: a member of the last object; None where it has none.
is ()
{
    local found
    read_object
    found=${told[$1]-None}
    [ "$found" = "$2" ] || echo "    $1: $found" >&2
    [ "$found" = "$2" ]
}

# why ARG...: an object that says the same of itself as the exit status.
why ()
{
    run bwdir-why --json "$@"
    check "bwdir-why $*: 0" [ "$status" -eq 0 ]
    check "one JSON object" is exit 0
}

# codes AUTHENTICATE ACCT_MGMT, without PAM_
codes ()
{
    check "authenticate $1" is authenticate "PAM_$1"
    check "acct_mgmt $2" is acct_mgmt "PAM_$2"
}

# pam SERVICE USER CALL: what libpam returns; the password is the secret's.
pam ()
{
    { cat "$sandbox/secrets/$2" && echo; } 2>/dev/null |
        "$try_pam" "$1" "$2" "$3" 2>/dev/null |
        sed -n 's/^pam_[a-z_]*: \([A-Z_]*\) .*/\1/p'
}

# agrees SERVICE USER: with libpam.
agrees ()
{
    why "$2" "$1"
    check "authenticate as libpam says" is authenticate "$(pam "$1" "$2" auth)"
    check "acct_mgmt as libpam says" is acct_mgmt "$(pam "$1" "$2" acct)"
}

# ---- every sample user -----------------------------------------------------

# One password for newt, who has none; he stays unverified.
printf 'Marker-newt-password' >"$sandbox/secrets/newt"
check "a password for newt" ldappasswd -Q -Y EXTERNAL -H "$BWDIR_LDAPI" \
    -T "$sandbox/secrets/newt" "uid=newt,$people"
for user in alice bob dana robot bothy olga wanda rolf dieter newt carl gina
do
    agrees bw-dashboard "$user"
    agrees bw-api "$user"
done

# The same states again, told without libpam.
why dana bw-dashboard
codes SUCCESS SUCCESS
check "kind" is kind dashboard
check "status" is authenticate_status ok
check "reason" is acct_mgmt_reason ok
check "no days left to tell" is days_left None
check "24 steps" is steps 24
why dana bw-api
codes PERM_DENIED PERM_DENIED
check "reason" is authenticate_reason access-method
check "for ever" is next_change None
why olga bw-dashboard
codes SUCCESS NEW_AUTHTOK_REQD
check "reason" is acct_mgmt_reason expired
check "status" is acct_mgmt_status must-change
why wanda bw-dashboard
codes SUCCESS SUCCESS
check "days left" is days_left 10
why dieter bw-dashboard
codes AUTH_ERR ACCT_EXPIRED
why newt bw-dashboard
codes PERM_DENIED PERM_DENIED
check "reason" is acct_mgmt_reason unverified
run bwdir-why newt bw-dashboard
check "who is waited for" grep -q '^waits for: newt, .* bwdir-verify newt, ' \
    "$work/out"
check "and what an admin does" grep -q 'a new code: bwdir-resend newt$' \
    "$work/out"
run bwdir-why dana bw-dashboard
check "nobody, of who is verified" bash -c '! grep -q waits "$1"' - "$work/out"

# ---- dates -----------------------------------------------------------------

# second TIME N: N seconds later
second ()
{
    date -u -d "$1 $2 seconds" +%Y-%m-%dT%H:%M:%SZ
}

why --at +91d dana bw-dashboard
codes SUCCESS NEW_AUTHTOK_REQD
why --at +91d robot bw-api
codes SUCCESS SUCCESS
why --at +91d bothy bw-dashboard
codes SUCCESS SUCCESS
why --at 2200-01-01 rolf bw-dashboard
codes SUCCESS SUCCESS
why --at -2d olga bw-dashboard
codes SUCCESS SUCCESS
check "a day left" is days_left 1
expired=${told[next_change]}
check "then" is next_acct_mgmt PAM_NEW_AUTHTOK_REQD
why --at "$expired" olga bw-dashboard
codes SUCCESS NEW_AUTHTOK_REQD
why --at "$(second "$expired" -1)" olga bw-dashboard
codes SUCCESS SUCCESS
why wanda bw-dashboard
expires=${told[next_change]}
why --at "$(second "$expires" -1)" wanda bw-dashboard
codes SUCCESS SUCCESS
why --at "$expires" wanda bw-dashboard
codes SUCCESS NEW_AUTHTOK_REQD
why --at -2d dieter bw-dashboard
codes SUCCESS SUCCESS
why --at -5d dana bw-dashboard
warned=${told[next_change]}
why --at "$(second "$warned" -1)" dana bw-dashboard
check "no warning" is days_left None
why --at "$warned" dana bw-dashboard
check "the first warning" is days_left 14

# What is said of a date holds when the password is as old as that.
old=$(date -u -d '-101 days' +%Y%m%d%H%M%SZ)
root_modify <<END
dn: uid=dana,$people
changetype: modify
replace: pwdChangedTime
pwdChangedTime: $old
END
agrees bw-dashboard dana
codes SUCCESS NEW_AUTHTOK_REQD

# ---- what only the server knows --------------------------------------------

printf wrong >"$work/wrong"
for _ in 1 2 3 4 5; do
    ldapwhoami -x -H "$BWDIR_LDAPI" -D "uid=carl,$people" -y "$work/wrong" \
        >/dev/null 2>&1
done
agrees bw-dashboard carl
codes AUTH_ERR SUCCESS
check "locked" is authenticate_reason password
unlocked=${told[next_change]}
why --at "$unlocked" carl bw-dashboard
codes SUCCESS SUCCESS

for ((i = 0; i < 18; i++)); do
    printf 'pwdGraceUseTime: 202611010000%02d.000000Z\n' $i
done >"$work/grace"
{
    printf 'dn: uid=olga,%s\nchangetype: modify\nreplace: pwdGraceUseTime\n' \
        "$people"
    cat "$work/grace"
} | root_modify
agrees bw-dashboard olga
codes AUTHTOK_EXPIRED AUTHTOK_EXPIRED
check "reason" is authenticate_reason grace-used-up
root_modify <<END
dn: uid=olga,$people
changetype: modify
replace: pwdReset
pwdReset: TRUE
END
agrees bw-dashboard olga
codes SUCCESS NEW_AUTHTOK_REQD

root_modify <<END
dn: uid=gina,$people
changetype: modify
replace: pwdPolicySubentry
pwdPolicySubentry: cn=gone,ou=access,$BWDIR_BASE
END
agrees bw-dashboard gina
check "reason" is acct_mgmt_reason malformed-entry

# ---- PAM files and access records ------------------------------------------

line="[$top_builddir/pam_bw/module/.libs/pam_bw.so] [socket=$BWDIR_SOCKET]"
service () # NAME ARGUMENT...: a service file
{
    local name=$1
    shift
    printf '%s required %s %s\n' auth "$line" "$*" account "$line" "$*" \
        >"$BWDIR_PAM_CONFDIR/$name"
}

service admins require_level=admin
service readers require_role=reporting,ordering require_account=5500001
service writers require_role=porting
service oneshot one_phase
service unsaid
service mistyped acess=api
printf '%s include admins\n' auth account >"$BWDIR_PAM_CONFDIR/included"
for name in admins readers writers oneshot unsaid included; do
    agrees "$name" wanda
    agrees "$name" robot
done
why wanda writers
check "reason" is authenticate_reason role
why alice included
codes SUCCESS SUCCESS
printf '@include admins\n' >"$BWDIR_PAM_CONFDIR/debian"
why alice debian
codes SUCCESS SUCCESS
why --at +91d alice oneshot
codes AUTHTOK_EXPIRED NEW_AUTHTOK_REQD
agrees mistyped dana
codes SERVICE_ERR SERVICE_ERR
check "status" is authenticate_status config
run bwdir-why dana mistyped
check "the argument is shown" grep -q '"acess=api": no such argument' \
    "$work/out"

bw_service () # add|delete RECORD
{
    root_modify <<END
dn: cn=$2,ou=access,$BWDIR_BASE
changetype: modify
$1: bwService
bwService: unsaid
END
}
why robot unsaid
codes PERM_DENIED PERM_DENIED
bw_service add api
agrees unsaid robot
codes SUCCESS SUCCESS
check "kind" is kind api
check "no warning" is warnings 0
agrees unsaid bob
codes PERM_DENIED PERM_DENIED
why --access dashboard bob unsaid
codes SUCCESS SUCCESS
check "a conflict is told" is warnings 1
bw_service add dashboard
agrees unsaid robot
codes PERM_DENIED PERM_DENIED
check "a conflict is told" is warnings 1
bw_service delete dashboard
bw_service delete api

why --access api robot bw-dashboard
codes SUCCESS SUCCESS
run bwdir-why --json --access api robot nowhere
check "--access needs no PAM file" [ "$status" -eq 0 ]
codes SUCCESS SUCCESS
printf 'auth required %s access=api\n' "$line" >"$BWDIR_PAM_CONFDIR/half"
why robot half
check "authenticate" is authenticate PAM_SUCCESS
check "no account line" is acct_mgmt None

# ---- who asks --------------------------------------------------------------

as () # NAME COMMAND...: the tool as this user or program
{
    local name=$1 dn=uid=$1,$people
    shift
    [ "$name" != outbox ] || dn=cn=outbox,ou=services,$BWDIR_BASE
    bwdir-why --json -D "$dn" -y "$sandbox/secrets/$name" "$@"
}
expect 0 "an account admin" as alice wanda bw-dashboard
codes SUCCESS SUCCESS
check "days left" is days_left 10
expect 0 "the user himself" as wanda wanda bw-dashboard
codes SUCCESS SUCCESS
expect 67 "another user" as wanda robot bw-api
expect 67 "a user of another account" as alice carl bw-dashboard
says 'user name "carl": no such user, or you may not see it'
ldapmodify -Q -Y EXTERNAL -H "$BWDIR_LDAPI" >/dev/null <<END
dn: olcDatabase={1}mdb,cn=config
changetype: modify
add: olcAccess
olcAccess: {0}to attrs=bwAdministrationLevel
  by dn.base="cn=outbox,ou=services,$BWDIR_BASE" none by * break
END
expect 77 "who may read a part only" as outbox newt bw-dashboard
says 'bwAdministrationLevel is missing; one value wanted, or you may not read it'

# ---- exit codes ------------------------------------------------------------

expect 64 "no user" bwdir-why
expect 64 "no service" bwdir-why dana
expect 64 "a word too many" bwdir-why dana bw-api x
expect 64 "an option of bwdir-add" bwdir-why --first Dana dana bw-api
for at in tomorrow 2026-02-30 +1 '' 2026-12-24T18:00:00; do
    expect 65 "--at \"$at\"" bwdir-why --at "$at" dana bw-api
    says "--at \"$at\":"
done
expect 65 "--access both" bwdir-why --access both dana bw-api
expect 65 "a path" bwdir-why dana ../pam/bw-api
expect 67 "nobody" bwdir-why nobody-here bw-api
for name in DANA 'a b' 'dana)(uid=*' ''; do
    expect 65 "the name \"$name\"" bwdir-why "$name" bw-api
    says "user name \"$name\": a lower-case letter wanted, then"
done
expect 67 "a local account" bwdir-why root bw-api
says 'a local account'
expect 78 "no such service" bwdir-why dana bw-nothing
says 'service "bw-nothing": there is no PAM file of that name, so that "other"'
printf 'auth required pam_deny.so\n' >"$BWDIR_PAM_CONFDIR/strange"
expect 78 "a service without the module" bwdir-why dana strange
says 'service "strange": its PAM file has no pam_bw.so line'
printf '@include gone\n' >"$BWDIR_PAM_CONFDIR/broken"
expect 78 "an include that is missing" bwdir-why dana broken
printf '@include circle\n' >"$BWDIR_PAM_CONFDIR/circle"
expect 78 "an include of itself" bwdir-why dana circle
expect 78 "no configuration" bwdir-why --config "$work/none" dana bw-api
sed 's,^uri = .*,uri = { "ldaps://127.0.0.1:1" },' "$BWDIR_CONF" \
    >"$work/elsewhere"
expect 69 "a server that is not there" bwdir-why --json \
    --config "$work/elsewhere" dana bw-api
check "told in the object" is exit 69

# ---- the manual page's examples --------------------------------------------

run_examples "$top_srcdir/tools/bwdir-why.8"

finish
