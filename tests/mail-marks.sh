#!/bin/bash
# The marks of mail that is owed, asked with raw LDAP: who may owe a user what,
# who may take it back, and that nobody can make the outbox write to an
# address that is not the user's.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/sandbox.bash" || exit 99

id=20261124120000Z.0123456789abcdef

# may|may_not WHO USER OP ATTRIBUTE VALUE: one change, by a user of the sandbox
# or a service.
write_mark ()
{
    local dn="uid=$1,$people"
    [ "$1" != outbox ] || dn=cn=outbox,ou=services,$BWDIR_BASE
    printf 'dn: uid=%s,%s\nchangetype: modify\n%s: %s\n%s: %s\n' "$2" \
        "$people" "$3" "$4" "$4" "$5" >"$work/ldif"
    ldapmodify -x -H "$BWDIR_LDAPI" -D "$dn" -y "$sandbox/secrets/$1" \
        -f "$work/ldif" >/dev/null 2>"$work/err"
}

may ()
{
    check "$1 may $3 for $2: $4 $5" write_mark "$@"
}

may_not ()
{
    write_mark "$@"
    check "$1 may not $3 for $2: $4 $5" [ $? -eq 50 ]
}

for who in dana alice; do
    may_not $who dana add bwMailOwed "address-changed $id victim@example.org"
    may_not $who dana add bwMailOwed "confirm $id text"
    may_not $who dana add bwMailOwed "mail-refused $id dana"
    may_not $who dana add bwMailOwed "password-expired $id"
    may_not $who dana add bwMailOwed "Buy this"
    may_not $who dana add bwMailNotBefore 20991231000000Z
    may_not $who dana add bwMailAttempts 0
    may_not $who dana add bwMailReminder "14 20261224180000Z"
    may_not $who dana add bwMailRefused "$id dana@example.com 550"
    may_not $who dana add bwMailSent "20261124.1 victim@example.org"
done

# ---- what a change owes ----------------------------------------------------

may dana dana add bwMailOwed "confirm $id"
may_not dana dana delete bwMailOwed "confirm $id"
may alice dana delete bwMailOwed "confirm $id"
may dana dana add bwMailOwed "address-changed $id Dana@example.com"
may_not dana dana delete bwMailOwed "address-changed $id dana@example.com"
may_not alice dana delete bwMailOwed "address-changed $id dana@example.com"
may outbox dana delete bwMailOwed "address-changed $id dana@example.com"
may alice dana add bwMailOwed "address-changed $id dana@example.com"
for kind in reset sign-up sign-up-confirm; do
    may_not dana dana add bwMailOwed "$kind $id"
    may alice dana add bwMailOwed "$kind $id"
    may alice dana delete bwMailOwed "$kind $id"
done
may_not dana dana add bwMailOwed "access-changed $id"
may alice dana add bwMailOwed "access-changed $id"
may_not alice dana delete bwMailOwed "access-changed $id"
may outbox dana delete bwMailOwed "access-changed $id"
may_not bob dana add bwMailOwed "access-changed $id"
may_not dana carl add bwMailOwed "access-changed $id"
may alice gina add bwMailOwed "access-changed $id"
may_not alice gina add bwMailOwed "reset $id"
may_not alice gina add bwMailOwed "address-changed $id gina@example.com"
for owed in "password-expiring $id" "password-expired $id" \
    "mail-refused $id dana" "reset $id" "confirm $id"; do
    may outbox alice add bwMailOwed "$owed"
done

# Every character that an address may hold is one for the rules too.
odd="!#\$%&'*+-/=?^_\`{|}~.x"
root_modify <<END
dn: uid=dana,$people
changetype: modify
replace: mail
mail: $odd@example.com
END
may dana dana add bwMailOwed "address-changed $id $odd@example.com"
may_not dana dana add bwMailOwed "address-changed $id x@example.com"
root_modify <<END
dn: uid=dana,$people
changetype: modify
replace: mail
mail: dana@example.com
END

# ---- three a day to an address ---------------------------------------------

may alice dana add bwMailSent "20261124.1 dana@example.com"
may_not alice dana delete bwMailSent "20261124.1 dana@example.com"
may_not dana dana add bwMailSent "20261124.2 dana@example.com"
may_not alice dana add bwMailSent "20261124.3 dana@example.com"
may_not alice dana add bwMailSent "20261124.4 dana@example.com"
write_mark outbox bob add bwMailSent "20261124.1 DANA@example.com"
check "a place is taken once, whoever the user: 19" [ $? -eq 19 ]
may outbox bob add bwMailSent "20261124.2 dana@example.com"
may outbox dana delete bwMailSent "20261124.1 dana@example.com"
may outbox bob add bwMailSent "20261124.1 dana@example.com"

# ---- the rest --------------------------------------------------------------

may outbox dana add bwMailRefused "$id dana@example.com 550 no such mailbox"
may_not dana dana delete bwMailRefused \
    "$id dana@example.com 550 no such mailbox"
may_not bob dana delete bwMailRefused \
    "$id dana@example.com 550 no such mailbox"
may alice dana delete bwMailRefused "$id dana@example.com 550 no such mailbox"
may outbox dana add bwMailNotBefore 20261124120000Z
write_mark outbox dana add bwMailNotBefore 20261124120001Z
check "who claims a user second does not get him" [ $? -ne 0 ]
may_not alice dana delete bwMailNotBefore 20261124120000Z
may outbox dana add bwMailAttempts 3
may outbox dana add bwMailReminder "14 20261224180000Z"

# ---- values that only raw LDAP writes --------------------------------------
# The server ignores case; what no version can read is taken away; what a later
# one may know is left; and none of them keeps mail back.

may wanda wanda add bwMailOwed "CONFIRM ${id^^}"
may wanda wanda add bwMailOwed "confirm 20269999000000Z.0123456789ABCDEF"
may wanda wanda add bwMailOwed "confirm  ${id/0123/4567}"
check "and behind a NUL" ldapmodify -x -H "$BWDIR_LDAPI" \
    -D "uid=wanda,$people" -y "$sandbox/secrets/wanda" <<END
dn: uid=wanda,$people
changetype: modify
add: bwMailOwed
bwMailOwed:: $(printf 'confirm %s\0x' "${id/0123/89ab}" | base64 -w0)
END
root_modify <<END
dn: uid=wanda,$people
changetype: modify
add: bwMailOwed
bwMailOwed: Buy this
bwMailOwed: greeting $id
END
expect 0 "a reset" as alice bwdir-passwd --reset --no-mail wanda
expect 0 "bwdir-show" bwdir-show wanda
expect 0 "bwdir-resend" as alice bwdir-resend wanda
expect 0 "bwdir-mail" bwdir-mail wanda
mark_of wanda bwMailOwed >"$work/left"
check "a later version's is left" grep -qx "greeting $id" "$work/left"
check "and nothing else that is text" [ "$(wc -l <"$work/left")" -eq 1 ]
expect 0 "the code is valid" verify wanda "$(code_for wanda@example.com)" \
    "$(mark_of wanda bwWorkPhone | head -n 1)" Marker-wanda-password
finish
