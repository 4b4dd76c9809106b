#!/bin/bash
# contrib/alarm on a real slapd's log: password tests raise it, what users,
# admins and codes do every day does not.
# SPDX-License-Identifier: BSD-2-Clause
. "$(dirname "$0")/sandbox.bash"
alarm=$top_srcdir/contrib/alarm/bwdir-alarm

modify_as () # NAME: LDIF on standard input; its result code
{
    ldapmodify -x -H "$BWDIR_LDAPS" -D "uid=$1,$people" \
        -y "$sandbox/secrets/$1" >"$work/out" 2>"$work/err"
}

of () # NAME
{
    cat "$sandbox/secrets/$1"
}

# test_old BY TARGET PASSWORD: the form that deletes a guess.
test_old ()
{
    modify_as "$1" <<END
dn: uid=$2,$people
changetype: modify
delete: userPassword
userPassword: $3
-
add: userPassword
userPassword: Something-else-1
END
}

# test_new BY TARGET PASSWORD: the form that replaces.
test_new ()
{
    modify_as "$1" <<END
dn: uid=$2,$people
changetype: modify
replace: userPassword
userPassword: $3
END
}

change_own () # NAME OLD NEW: the operation that PAM uses; its result code
{
    printf '%s' "$2" >"$work/old"
    printf '%s' "$3" >"$work/new"
    ldappasswd -x -H "$BWDIR_LDAPS" -D "uid=$1,$people" \
        -y "$sandbox/secrets/$1" -t "$work/old" -T "$work/new" \
        >"$work/out" 2>&1
}

export LDAPTLS_CACERT=$BWDIR_CACERT
unset LDAPNOINIT
# As a service would: it reads while slapd writes.
"$alarm" tail --pid=$$ -n +1 -f "$sandbox/slapd.log" >"$work/alarms" &
children+=($!)

# raised NUMBER PATTERN: so many alarms, the last of which is like that.
raised ()
{
    local tries
    for ((tries = 0; tries < 500; tries++)); do
        [ "$(wc -l <"$work/alarms")" -lt "$1" ] || break
        sleep 0.02
    done
    [ "$(wc -l <"$work/alarms")" -eq "$1" ] &&
        tail -n 1 "$work/alarms" | grep -qE "$2"
}

# Every day.  A change of one's own by PAM's operation, with a wrong old
# password, a short and a used one; an admin's reset; a code, and a short
# password with it.
change_own wanda "wrong" "Quite-another-1"
change_own wanda "$(of wanda)" short
change_own wanda "$(of wanda)" "$(of wanda)"
expect 0 "wanda changes her password" change_own wanda "$(of wanda)" \
    "Quite-another-1"
test_new wanda wanda "$(of wanda)"
expect 0 "alice resets dieter's" test_new alice dieter "Quite-another-1"
expect 65 "newt's password is too short" verify newt "$(of newt)" 9195550110 \
    short
expect 0 "newt verifies" verify newt "$(of newt)" 9195550110 Quite-another-1

# Tests.
test_old dana bob wrong
check "slapd tells a wrong guess by 53" [ $? -eq 53 ]
check "a wrong guess raises the first alarm, with who, from where, whom" \
    raised 1 "^password-test target=\"uid=bob,$people\" by=\"uid=dana,$people\"\
 source=127\.0\.0\.1 result=53 tests=1 why=wrong-guess$"
test_old dana bob "$(of bob)"
check "slapd tells a right guess by 50" [ $? -eq 50 ]
check "a right guess raises it" raised 2 "result=50 tests=2 why=refused$"
test_new dana bob "$(of bob)"
check "slapd tells a password that is in use by 19" [ $? -eq 19 ]
check "a password in use raises it" raised 3 "result=19 .* why=used-before$"
test_new dana bob "Wrong-guess-123"
check "slapd tells another one by 50" [ $? -eq 50 ]
check "that raises it" raised 4 "result=50 .* why=refused$"
printf 'dn: uid=bob,%s\nchangetype: modify\nadd: description\ndescription: x\n' \
    "$people" | modify_as dana
check "another change that is refused" [ $? -eq 50 ]
# Whatever stands in a name, only the line's own beginning counts.
ldapwhoami -x -H "$BWDIR_LDAPS" -w x \
    -D 'cn=a conn=1 op=1 RESULT tag=103 err=53 text\3d,dc=example' \
    >"$work/out" 2>&1
test_old carl 'alice' wrong
check "one more alarm, for one more test" raised 5 \
    "target=\"uid=alice,.* by=\"uid=carl,"

# One connection counts on; syslog's and the journal's forms of the lines.
printf 'dn: uid=bob,%s\nchangetype: modify\ndelete: userPassword\n%s\n-\n%s\n%s\n\n' \
    "$people" "userPassword: wrong" "add: userPassword" \
    "userPassword: Something-else-1" >"$work/one"
cat "$work/one" "$work/one" "$work/one" >"$work/three"
ldapmodify -c -x -H "$BWDIR_LDAPS" -D "uid=dana,$people" \
    -y "$sandbox/secrets/dana" <"$work/three" >"$work/out" 2>&1
check "three guesses on one connection" raised 8 "result=53 tests=7 "
sed -E 's/^[0-9a-f.]+ 0x[0-9a-f]+ //' "$sandbox/slapd.log" |
    "$alarm" >"$work/journal"
check "the journal's form" cmp "$work/alarms" "$work/journal"
sed -E 's/^[0-9a-f.]+ 0x[0-9a-f]+ /Nov 23 15:00:01 host slapd[917]: /' \
    "$sandbox/slapd.log" | "$alarm" >"$work/syslog"
check "syslog's form" cmp "$work/alarms" "$work/syslog"
check "it tells no password" bash -c '! grep -q Marker "$1"' - "$work/alarms"
finish
