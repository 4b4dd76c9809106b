#!/bin/bash
# Times in the directory as bwdird and bwdir-why take them, to the second, at
# the ends of what 32 bits hold, and in every form of RFC 4517.  (Rows 50 to 56
# of the catalogue; the tables themselves are tests/unit/gtime_rows.c and
# test_decision.c, six time zones are in environment.sh.)
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/sandbox.bash" || exit 99
. "$(dirname "$0")/daemon.bash" || exit 99

max_age=7776000
now=$(date +%s)

stamp () # SECONDS [FORMAT]
{
    date -u -d "@$1" "+${2-%Y%m%d%H%M%SZ}"
}

# dana_has ATTRIBUTE VALUE: in her entry, past every rule.
dana_has ()
{
    "$top_srcdir/tests/edit-entry" uid=dana,ou=people "replace $1 $2" ||
        check "$1: $2 can be stored" false
}

# decides STATUS REASON WHAT: of dana, with her password and without; 0 ok,
# 13 disabled, 17 must-change.
decides ()
{
    local status=$1 reason=$2 what=$3
    check "$what: $reason" grep -q "^$status " <(sign_in dana)
    check "and tells why" log_is dana "event=authenticate .*\
 reason=$reason ms=[0-9]+"
    check "without a password too" grep -q "^$status " \
        <(ask "$BWDIR_SOCKET" account dana)
}

# ---- the table of ages -------------------------------------------------------

while read -r age status reason what; do
    dana_has pwdChangedTime "$(stamp $((now - age)))"
    decides "$status" "$reason" "$what"
done <<END
60 0 ok a minute ago
$((max_age - 86400)) 0 ok 051 a day before the end
$((max_age + 60)) 17 expired 051 a minute after the end
$((400 * 86400)) 17 expired 400 days ago
-280 0 ok 052 less than 300 s ahead
-400 17 change-time-ahead 052 more than 300 s ahead
END

# To the second: it has expired in the second after.
end=$(($(date +%s) + 4))
dana_has pwdChangedTime "$(stamp $((end - max_age)))"
last=0 first=0
while [ $first -eq 0 ] && [ "$(date +%s)" -lt $((end + 20)) ]; do
    before=$(date +%s)
    case $(sign_in dana) in
    "0 "*) last=$before ;;
    "17 "*) first=$(date +%s) ;;
    esac
done
check "051 valid until the last second" [ "$last" -ge $((end - 2)) ]
check "and not after it" [ "$last" -le "$end" ]
check "expired in the second after, not before" [ "$first" -gt "$end" ]

# ---- 1901, 2038, 2106, 9999 --------------------------------------------------

# From 2106 on slapd itself takes the time for one long ago, and counts grace.
for far in 20380119031407Z 20380119031408Z 21060207062815Z 21060207062816Z \
    22620411234717Z 99991231235959Z; do
    dana_has pwdChangedTime $far
    decides 17 "(change-time-ahead|expired)" "056 changed $far"
done
for past in 19011213204551Z 19691231235959Z 19700101000000Z; do
    dana_has pwdChangedTime $past
    decides 17 expired "056 changed $past"
done
dana_has pwdChangedTime "$(stamp "$now")"
dana_has pwdEndTime 20380119031408Z
decides 0 ok "056 ends 20380119031408Z"
# slapd takes an end later than END_LAST of lifecycle.c for one that has
# passed: it refuses, and we do not grant what it refuses.
dana_has pwdEndTime 21060206062815Z
decides 0 ok "056 ends 21060206062815Z, the last that slapd knows"
for far in 21060206062816Z 99991231235959Z; do
    dana_has pwdEndTime $far
    check "056 ends $far: not granted" grep -q '^11 ' <(sign_in dana)
    check "and not disabled for us" grep -q '^0 ' \
        <(ask "$BWDIR_SOCKET" account dana)
done
# Before 1970 it is the other way: slapd lets in, and we refuse.
as_dana=(ldapwhoami -x -H "$BWDIR_LDAPI" -D "uid=dana,$people"
    -y "$sandbox/secrets/dana")
dana_has pwdEndTime 19691231235959Z
expect 0 "056 ended 19691231235959Z: slapd lets in" "${as_dana[@]}"
dana_has pwdEndTime 19700101000000Z
expect 49 "056 ended 19700101000000Z: slapd refuses" "${as_dana[@]}"
# So the tools write none of these.
for far in 2106-02-06T06:28:16Z 9999-12-31 +9999999d; do
    snapshot >"$work/before"
    expect 65 "056 disabled from $far on" bwdir-disable --at "$far" dana
    says 'wanted, as far as the directory counts'
    check "and nothing is written" cmp -s "$work/before" <(snapshot)
done
says '": a time from 1970-01-01T00:00:00Z to 2106-02-06T06:28:15Z wanted'
bwdir-enable dana >/dev/null
far=2106-02-06T06:28:15Z
expect 0 "056 disabled from $far on" bwdir-disable --at $far dana
expect 0 "until then dana signs in" "${as_dana[@]}"
dana_has pwdEndTime 19011213204551Z
check "056 ended 1901: disabled" grep -q '^13 ' \
    <(ask "$BWDIR_SOCKET" account dana)
"$top_srcdir/tests/edit-entry" uid=dana,ou=people "delete pwdEndTime"

# at DATE CODE WHAT: bwdir-why says so of acct_mgmt.
at ()
{
    run bwdir-why --json --at "$1" dana bw-dashboard
    check "$3" grep -q "\"acct_mgmt\": \"PAM_$2\"" "$work/out"
}
# Changed and looked at, on both sides of what 32 bits hold.
for edge in 2147483647 4294967295; do
    dana_has pwdChangedTime "$(stamp $((edge - max_age + 1)))"
    year=$(stamp $edge %Y)
    at "$(stamp $edge %FT%TZ)" SUCCESS "056 $year: the second before"
    at "$(stamp $((edge + 1)) %FT%TZ)" SUCCESS "056 $year: the last second"
    at "$(stamp $((edge + 2)) %FT%TZ)" NEW_AUTHTOK_REQD \
        "056 $year: the second after"
    at "$(stamp $((edge - max_age - 299)) %FT%TZ)" SUCCESS \
        "052 $year: 300 s ahead"
    at "$(stamp $((edge - max_age - 300)) %FT%TZ)" NEW_AUTHTOK_REQD \
        "052 $year: 301 s ahead"
done

# ---- forms -------------------------------------------------------------------

# The same hour, ten days ago, in the forms of RFC 4517 section 3.3.13.
day=$(stamp $((now - 10 * 86400)) %Y%m%d)
for form in "${day}12Z" "${day}1200Z" "${day}120000Z" "${day}120000.5Z" \
    "${day}120000,25Z" "${day}1200.5Z" "${day}12.5Z" "${day}13+01" \
    "${day}1730+0530" "${day}0700-0500" "${day}130000.0+0100"; do
    dana_has pwdChangedTime "$form"
    decides 0 ok "055 changed $form"
done
finish
