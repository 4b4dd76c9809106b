#!/bin/bash
# bwdir-verify(1) against a directory: the way from the mail to the login, and
# everything that must not get through.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/sandbox.bash" || exit 99

password=Marker-password-1
refused='code or phone: refused; either one is wrong,'

# ---- add, mail, verify, login ----------------------------------------------

check "bwdir-add" add_user vera 9195550101
code=$(code_for vera@example.com)
# Each refusal costs the server the decoy's hash, whoever and whatever it is.
decoys=0
same_work ()
{
    decoys=$((decoys + 1))
    check "at the same cost" [ "$(grep -c \
        '^[^"]*BIND dn="cn=decoy,.*method=128' "$sandbox/slapd.log")" -eq \
        $decoys ]
}
expect 77 "a wrong code" verify vera AAAAA-AAAAA-AAAAA-AAAAA 9195550101 \
    "$password" "$password"
says "$refused"
cp "$work/err" "$work/wrong-code"
same_work
expect 77 "a wrong code of the same first group" verify vera \
    "${code%%-*}-AAAAA-AAAAA-AAAAA" 9195550101 "$password"
check "in the same words" diff "$work/wrong-code" "$work/err"
same_work
expect 77 "a wrong phone" verify vera "$code" 9195550102 "$password"
check "in the same words" diff "$work/wrong-code" "$work/err"
same_work
expect 77 "an unknown user" verify nobody "$code" 9195550101 "$password"
check "in the same words" diff "$work/wrong-code" "$work/err"
same_work
expect 77 "a verified user" verify dana "$code" 9195550101 "$password"
check "in the same words" diff "$work/wrong-code" "$work/err"
same_work
expect 77 "a strange name" verify 'vera)(uid=*' "$code" 9195550101 "$password"
check "in the same words" diff "$work/wrong-code" "$work/err"

for phone in 919-555-0101 '919 555 0101' +19195550101 19195550101 919555010 \
    '9195550101 ' ''; do
    expect 65 "the phone \"$phone\"" verify vera "$code" "$phone" "$password"
    says "phone \"$phone\": ten digits wanted, for example 9195551234"
done
for bad in '' AAAAA "$code-A" "${code%?}0" 'uid=x'; do
    expect 65 "the code \"$bad\"" verify vera "$bad" 9195550101 "$password"
    says 'XXXXX-XXXXX-XXXXX-XXXXX'
done
expect 65 "two different passwords" verify vera "$code" 9195550101 \
    "$password" "${password}x"
expect 65 "a short password" verify vera "$code" 9195550101 short short
expect 65 "a password of a code's shape" verify vera "$code" 9195550101 \
    "$code" "$code"
expect 64 "no password" verify vera "$code" 9195550101
expect 64 "no answers" bwdir-verify --no-prompt vera </dev/null
expect 64 "no user name" bwdir-verify --no-prompt </dev/null
sed 's,^uri = .*,uri = { "ldaps://127.0.0.1:1" },' "$BWDIR_CONF" \
    >"$work/elsewhere"
expect 69 "a server that is not there" bwdir-verify --no-prompt \
    --config "$work/elsewhere" vera < <(printf '%s\n' "$code" 9195550101)
check "vera is unverified still" [ "$(state_of vera)" = unverified ]

expect 0 "code, phone and password" verify vera "$code" 9195550101 \
    "$password" "$password" 'an extra line' 'and another'
check "it says so" grep -qx 'vera: verified, the new password is set' \
    "$work/out"
check "vera is verified" [ "$(state_of vera)" = verified ]
check "the password works" password_is vera "$password"
add_user full 9195550112
printf '%s\n' "$(code_for full@example.com)" 9195550112 "$password" |
    bwdir-verify --no-prompt full >/dev/full 2>"$work/err"
check "a result that is lost: 0, for the user is verified" [ $? -eq 0 ]
says 'standard output: cannot be written'
check "and is" [ "$(state_of full)" = verified ]
check "the credential is gone" lacks "uid=vera,$people" \
    '^objectClass: bwVerification'
expect 77 "the same code again" verify vera "$code" 9195550101 "$password"
check "in the same words" diff "$work/wrong-code" "$work/err"
if [ -x "$top_builddir/pam_bw/bwdird/bwdird" ]; then
    run "$top_builddir/contrib/try-pam" bw-dashboard vera <<<"$password"
    check "through PAM at a dashboard service" [ "$status" -eq 0 ]
    run "$top_builddir/contrib/try-pam" bw-api vera auth <<<"$password"
    check "not through PAM at an API service" \
        grep -q PERM_DENIED "$work/out"
fi

# ---- other spellings, other users ------------------------------------------

add_user lower 9195550103
code=$(code_for lower@example.com | tr 'A-Z' 'a-z' | tr -d -)
expect 0 "the code in small letters without hyphens, the password once" \
    verify lower "$code" 9195550103 "$password"

printf %s "$password" >"$work/pw"
add_user given 9195550104 --password-file "$work/pw" --access api
expect 0 "a password that is set already is not asked for" verify given \
    "$(code_for given@example.com)" 9195550104 'another password'
check "it says so" grep -qx 'given: verified' "$work/out"
check "the password stays" password_is given "$password"

add_user object 9195550105
expect 0 "--json" bash -c 'printf "%s\n" "$1" 9195550105 "$2" |
    bwdir-verify --json --no-prompt object' - \
    "$(code_for object@example.com)" "$password"
check "--json: the object" /usr/bin/python3 -c 'import json, sys
o = json.load(open(sys.argv[1]))
sys.exit(0 if o["ok"] and o["user"] == "object" and o["verified"] and
         o["password_set"] and o["exit"] == 0 else 1)' "$work/out"

# ---- a code that must not work any more ------------------------------------

add_user moved 9195550106
code=$(code_for moved@example.com)
root_modify <<END
dn: uid=moved,$people
changetype: modify
replace: mail
mail: elsewhere@example.com
END
expect 77 "the mail has changed since" verify moved "$code" 9195550106 \
    "$password"
check "still unverified" [ "$(state_of moved)" = unverified ]

# What the server objects to is told in a sentence; its own words with -v.
add_user double 9195550111
code=$(code_for double@example.com)
"$top_srcdir/tests/edit-entry" uid=double,ou=people \
    'add mail other@example.com'
run verify double "$code" 9195550111 "$password"
check "an entry that the server objects to: 65 or 77" \
    [ "$status" -eq 65 -o "$status" -eq 77 ]
check "it says one sentence, without names of entries and rules" \
    bash -c '[ "$(wc -l <"$1")" -eq 1 ] && ! grep -qE "uid=|onstraint" "$1"' \
    - "$work/err"
if [ "$status" -eq 65 ]; then
    says 'please tell your administrator'
    code=$(code_for double@example.com)
    run bash -c 'printf "%s\n" "$@" | bwdir-verify -v --no-prompt double' - \
        "$code" 9195550111 "$password"
    says "uid=double,$people: "
fi
check "still unverified" [ "$(state_of double)" = unverified ]

add_user late 9195550107
code=$(code_for late@example.com)
set_time "$(credential late)" pwdChangedTime '-72 hours -2 seconds'
expect 77 "a code past its 72 hours" verify late "$code" 9195550107 \
    "$password"
check "in the same words" diff "$work/wrong-code" "$work/err"
check "still unverified" [ "$(state_of late)" = unverified ]
add_user ontime 9195550108
code=$(code_for ontime@example.com)
set_time "$(credential ontime)" pwdChangedTime '-71 hours -58 minutes'
expect 0 "a code within its 72 hours" verify ontime "$code" 9195550108 \
    "$password"

add_user locked 9195550109
code=$(code_for locked@example.com)
wrong_tries () # N
{
    local i
    for ((i = 0; i < $1; i++)); do
        verify locked "${code%%-*}-AAAAA-AAAAA-AAAAA" 9195550109 "$password" \
            >/dev/null 2>&1
    done
}
wrong_tries 9
check "not locked after nine wrong tries" lacks \
    "$(credential locked)" '^pwdAccountLockedTime: '
wrong_tries 1
check "locked after ten" holds \
    "$(credential locked)" '^pwdAccountLockedTime: '
expect 77 "the right code after ten wrong tries" verify locked "$code" \
    9195550109 "$password"
check "in the same words" diff "$work/wrong-code" "$work/err"
check "still unverified" [ "$(state_of locked)" = unverified ]

# ---- twenty at a time ------------------------------------------------------

add_user many 9195550110
code=$(code_for many@example.com)
mkdir "$work/many"
running=()
for i in $(seq 20); do
    (
        verify many "$code" 9195550110 "$password$i" >"$work/many/$i.out" 2>&1
        echo $? >"$work/many/$i"
    ) &
    running+=($!)
done
wait "${running[@]}"
check "of 20 at a time one succeeds" \
    [ "$(cat "$work"/many/? "$work"/many/?? | grep -cx 0)" -eq 1 ]
check "and 19 are refused" \
    [ "$(cat "$work"/many/? "$work"/many/?? | grep -cx 77)" -eq 19 ]
winner=$(grep -lx 0 "$work"/many/? "$work"/many/??)
check "the password is that of the one" \
    password_is many "$password${winner##*/}"

# ---- EXAMPLES of the man page ----------------------------------------------

add_user jdoe 9195551234
printf '%s\n' "$(code_for jdoe@example.com)" 9195551234 "$password" \
    "$password" >"$work/answers"
cd "$work" || exit 99
command=$(sed -n 's/^\$ \(bwdir-verify --no-prompt jdoe <answers\)$/\1/p' \
    "$top_srcdir/tools/bwdir-verify.1")
run bash -c "${command:?}"
check "the example of the man page runs" [ "$status" -eq 0 ]
check "and prints what it says" grep -qxF "$(cat "$work/out")" \
    "$top_srcdir/tools/bwdir-verify.1"
finish
