#!/bin/bash
# What is wrong with one entry, or what the server has against it, stops no
# mail, list or sign-in of anybody else: an entry that its own user has made
# longer than anybody reads, one that may not be written, a directory that goes
# away in the middle.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/sandbox.bash" || exit 99

dana=uid=dana,$people
too_long="entry $dana: longer than 256 KiB"
others="alice bob bothy carl dieter gina newt olga robot rolf wanda"

# by_himself NAME: LDIF on standard input, as that user.
by_himself ()
{
    ldapmodify -x -H "$BWDIR_LDAPI" -D "uid=$1,$people" \
        -y "$sandbox/secrets/$1" >/dev/null
}

# The mails in the box, by the local part of their address.
boxes ()
{
    grep -h -m 1 '^To: ' "$BWDIR_MAILDIR"/new/* 2>/dev/null |
        sed 's/.*[ <]\([a-z]*\)@.*/\1/' | sort | xargs
}

# owe NAME...: a notice each, at once and whatever went out today.
owe ()
{
    local name
    for name; do
        root_modify <<END
dn: uid=$name,$people
changetype: modify
replace: bwMailSent
-
replace: bwMailNotBefore
END
        owe_notice "$name" access-changed
    done
}

# sign_in USER: the results of authenticate and acct_mgmt.
sign_in ()
{
    { cat "$sandbox/secrets/$1" && echo; } |
        "$top_builddir/contrib/try-pam" "bw-${2:-dashboard}" "$1" |
        sed -n 's/^pam_[a-z_]*: \(PAM_[A-Z_]*\) .*/\1/p' | xargs
}

# Connections that slapd has taken from the daemon's identity.
binds ()
{
    grep -c 'BIND dn="cn=bwdird,.*method=128' "$sandbox/slapd.log"
}

# ---- as many mails as he likes ---------------------------------------------

rm -f "$BWDIR_MAILDIR"/new/*
owe alice wanda
{
    printf 'dn: %s\nchangetype: modify\nadd: bwMailOwed\n' "$dana"
    printf 'bwMailOwed: confirm 20260101000000Z.%016x\n' {1..6500}
} | by_himself dana || exit 99
expect 65 "bwdir-mail -n" bwdir-mail -n
check "two others are due" [ "$(grep -c ': due$' "$work/out")" -eq 2 ]
expect 65 "bwdir-mail" bwdir-mail
check "the others have their mail" [ "$(boxes)" = "alice wanda" ]
check "it names dana, once" [ "$(cat "$work/err")" = \
    "bwdir-mail: $too_long" ]
expect 0 "nobody else is owed anything" bwdir-mail alice wanda
expect 0 "a list does not ask for it" bwdir-list dana
for command in bwdir-show "bwdir-del --yes"; do
    # shellcheck disable=SC2086 # words
    expect 65 "$command dana" $command dana
    says "$too_long"
done
says "dana: not deleted, for what cannot be read cannot be kept; "
expect 0 "she can be disabled" bwdir-disable dana
expect 0 "and enabled" bwdir-enable dana
run bwdir-check
check "bwdir-check tells of it" grep -qF \
    "FAIL  users entries: $too_long -> ldapmodify the entry" "$work/out"
check "and of nothing else about users" [ \
    "$(grep -c '^FAIL  users' "$work/out")" -eq 1 ]

# ---- a name without end ----------------------------------------------------

{
    printf 'dn: %s\nchangetype: modify\nreplace: givenName\ngivenName: ' \
        "$dana"
    head -c 300000 /dev/zero | tr '\0' x
    echo
} | root_modify || exit 99
for uri in "$BWDIR_LDAPI" "$BWDIR_LDAPS"; do
    expect 65 "bwdir-list, ${uri%%:*}" as alice bwdir-list -H "$uri" --csv \
        --columns user
    says "$too_long"
    check "all others of alice are listed" [ "$(tr -d '\r' <"$work/out" |
        grep -v '^user$' | sort | xargs)" = \
        "$(tr ' ' '\n' <<<"$others" | grep -v '^\(bob\|carl\)$' | xargs)" ]
done
expect 65 "bwdir-list" bwdir-list --csv --columns user
check "all others are listed" [ "$(tr -d '\r' <"$work/out" |
    grep -v '^user$' | sort | xargs)" = "$others" ]
expect 65 "bwdir-remind" bwdir-remind
says "$too_long"
check "the others are reminded" [ \
    "$(cut -d: -f1 "$work/out" | sort | xargs)" = "olga wanda" ]
for command in bwdir-show "bwdir-mod --first Dana" "bwdir-del --yes"; do
    # shellcheck disable=SC2086 # words
    expect 65 "$command dana" $command dana
    says "$too_long"
done
says "dana: not deleted, for what cannot be read cannot be kept; ldapmodify(1) \
puts the entry right, ldapdelete -r takes it away as it is"
check "what is not deleted is not kept" [ \
    -z "$(find "$sandbox/deleted" -type f 2>/dev/null)" ]
check "dana may sign in, for nobody asks for that" [ "$(sign_in dana)" = \
    "PAM_SUCCESS PAM_SUCCESS" ]

# ---- signing in ------------------------------------------------------------

{
    printf 'dn: %s\nchangetype: modify\nadd: bwRole\n' "$dana"
    printf "bwRole: cn=%s,ou=roles,$BWDIR_BASE\n" {10001..17500}
} | root_modify || exit 99
for _ in 1 2 3 4 5 6 7 8; do # each of the workers
    sign_in wanda >"$work/ready"
done
before=$(binds)
for _ in 1 2 3 4 5; do
    check "dana is refused" [ "$(sign_in dana)" = \
        "PAM_PERM_DENIED PAM_PERM_DENIED" ]
    check "wanda is not" [ "$(sign_in wanda)" = "PAM_SUCCESS PAM_SUCCESS" ]
done
check "and the daemon's connections stay" [ "$(binds)" -eq "$before" ]
expect 0 "bwdir-why" bwdir-why --access dashboard dana sshd
check "says why" grep -q "entry  *malformed-entry  *$too_long" "$work/out"

# ---- an account ------------------------------------------------------------

account=cn=5500001,ou=accounts,$BWDIR_BASE
{
    printf 'dn: %s\nchangetype: modify\nadd: bwAccountAdmin\n' "$account"
    printf "bwAccountAdmin: uid=%s,$people\n" {10001..17500}
} | root_modify || exit 99
expect 65 "bwdir-account list" bwdir-account list
says "entry $account: longer than 256 KiB"
check "the other account is listed" grep -q '^5500002 ' "$work/out"
{
    printf 'dn: %s\nchangetype: modify\ndelete: bwAccountAdmin\n' "$account"
    printf "bwAccountAdmin: uid=%s,$people\n" {10001..17500}
} | root_modify || exit 99
expect 0 "it is read again" bwdir-account list

# ---- and without him -------------------------------------------------------

expect 0 "ldapdelete -r" ldapdelete -r -Q -Y EXTERNAL -H "$BWDIR_LDAPI" "$dana"
expect 0 "the list is whole again" bwdir-list
run bwdir-check
check "nothing is wrong with the users" [ \
    "$(grep -c '^FAIL  users' "$work/out")" -eq 0 ]
expect 0 "nobody is owed mail but who was reminded" bwdir-mail
check "olga and wanda" [ "$(boxes)" = "alice olga wanda wanda" ]

# ---- one who may not be written --------------------------------------------

# The rules of the sandbox, with one before them.
ldapmodify -Q -Y EXTERNAL -H "$BWDIR_LDAPI" >/dev/null <<END || exit 99
dn: olcDatabase={1}mdb,cn=config
changetype: modify
add: olcAccess
olcAccess: {0}to dn.base="uid=alice,$people"
  attrs=bwMailNotBefore,bwMailReminder
  by dn.base="cn=outbox,ou=services,$BWDIR_BASE" read
  by * break
END
rm -f "$BWDIR_MAILDIR"/new/*
new_day
owe alice bob wanda
expect 75 "one who may not be written" bwdir-mail
says 'alice: '
check "the others have their mail" [ "$(boxes)" = "bob wanda" ]
for name in alice bob; do
    set_time "uid=$name,$people" pwdChangedTime '-85 days'
done
expect 77 "one who may not be reminded" bwdir-remind
check "bob is all the same" grep -q '^bob: 7-day' "$work/out"
ldapmodify -Q -Y EXTERNAL -H "$BWDIR_LDAPI" >/dev/null <<END || exit 99
dn: olcDatabase={1}mdb,cn=config
changetype: modify
delete: olcAccess
olcAccess: {0}
END
new_day
expect 0 "when he may be" bwdir-mail
check "he has his mail, and bob the reminder" [ \
    "$(boxes)" = "alice bob bob wanda" ]

# ---- a directory that goes away --------------------------------------------

# A sendmail that keeps count, and takes slapd away at its second mail; it
# comes back at once where $work/back is there.
cat >"$work/sendmail" <<END
#!/bin/bash
PATH=/usr/bin:/bin
cat >/dev/null
echo >>"$work/sent"
[ "\$(wc -l <"$work/sent")" -eq 2 ] || exit 0
slapd=\$(cat "$sandbox/slapd.pid")
kill "\$slapd"
while kill -0 "\$slapd" 2>/dev/null; do sleep 0.01; done
[ ! -e "$work/back" ] || BWDIR_BUILDDIR='$top_builddir' \
    '$top_srcdir/contrib/sandbox' start '$sandbox' ${sandbox_options[*]} >&2
END
chmod 700 "$work/sendmail"
sed -e 's/transport = .*/transport = sendmail/' \
    -e "s,maildir = .*,sendmail = \"$work/sendmail\"," "$BWDIR_CONF" \
    >"$work/conf"
owe alice bob carl olga wanda
touch "$work/back"
expect 75 "a directory that is restarted" bwdir-mail --config "$work/conf"
check "it shows in one user" [ "$(grep -c '^bwdir-mail: bob: ' "$work/err")" \
    -eq "$(grep -c '^bwdir-mail: ' "$work/err")" ]
check "everybody has been mailed" [ "$(wc -l <"$work/sent")" -eq 5 ]
rm "$work/back" "$work/sent"
owe alice bob carl olga wanda
expect 69 "a directory that is gone" bwdir-mail --config "$work/conf"
check "the run has ended" [ "$(wc -l <"$work/sent")" -eq 2 ]
finish
