# dana, whom the tests of bwdir-mod change; sourced by them after
# sandbox.bash.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # names from and for the tests
dana=uid=dana,$people
account=cn=5500001,ou=accounts,$BWDIR_BASE
roles=ou=roles,$BWDIR_BASE

# dana, verified and with what she had; nothing owed.
restore ()
{
    ldapmodify -Q -Y EXTERNAL -H "$BWDIR_LDAPI" -e '!relax' \
        >/dev/null <<END || exit 99
dn: $dana
changetype: modify
replace: bwMailOwed
-
replace: bwMailSent
-
replace: owner
-
replace: givenName
givenName: Dana
-
replace: sn
sn: Dyer
-
replace: mail
mail: dana@example.com
-
replace: bwWorkPhone
bwWorkPhone: 9195550103
-
replace: bwAdministrationLevel
bwAdministrationLevel: basic
-
replace: bwVerificationState
bwVerificationState: verified
-
replace: bwRole
bwRole: cn=ordering,$roles
-
replace: bwAccount
bwAccount: $account
-
replace: pwdPolicySubentry
pwdPolicySubentry: cn=dashboard,ou=access,$BWDIR_BASE

dn: $account
changetype: modify
replace: bwAccountAdmin
bwAccountAdmin: uid=alice,$people
END
    ldapsearch -Q -LLL -Y EXTERNAL -H "$BWDIR_LDAPI" -b "$dana" -s one 1.1 |
        sed -n 's/^dn: //p' |
        ldapdelete -Q -Y EXTERNAL -H "$BWDIR_LDAPI"
    rm -f "$BWDIR_MAILDIR"/new/*
}

# entry LINE...: dana's entry has them, and has not those after "-".
entry ()
{
    local line
    for line; do
        if [ "${line#-}" = "$line" ]; then
            check "dana has $line" holds "$dana" "^$line\$"
        else
            check "dana has no ${line#-}" lacks "$dana" "^${line#-}\$"
        fi
    done
}
