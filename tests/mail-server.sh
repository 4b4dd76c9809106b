#!/bin/bash
# A mail server that serves nobody: bwdir-mail says at a terminal that it
# waits, and leaves the rest to the next run.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck source-path=SCRIPTDIR
needs=(python3:aiosmtpd)
. "$(dirname "$0")/sandbox.bash" || exit 99
. "$(dirname "$0")/smtp.bash" || exit 99

# ---- silent ----------------------------------------------------------------

serve hang
owe_notice dana access-changed
run /usr/bin/python3 "$top_srcdir/tests/at-terminal.py" bwdir-mail \
    --config "$work/conf" dana <<END
> bwdir-mail: still waiting for an answer
$ kill $server
> bwdir-mail: dana: access-changed to dana@example.com is deferred: 
END
check "at a terminal it is waited for with a word: 75" [ "$status" -eq 75 ]
serve good
wait_over dana
expect 0 "bwdir-mail" bwdir-mail --config "$work/conf" dana
check "no word without a terminal, and no wait" [ ! -s "$work/err" ]
check "dana has her mail" [ "$(taken)" -eq 1 ]
stop_server

# ---- refuses everybody -----------------------------------------------------

serve refuse
for user in alice bob dana robot bothy olga wanda rolf dieter newt carl gina; do
    [ $user = newt ] || owe_notice $user access-changed
done
expect 75 "eleven notices" bwdir-mail --config "$work/conf"
says 'the mail server refuses everybody; the rest is left to the next run'
check "ten are tried" [ "$(grep -c ' is refused: ' "$work/err")" -eq 10 ]
check "one is owed as it was" [ "$(ldapsearch -Q -LLL -Y EXTERNAL \
    -H "$BWDIR_LDAPI" -b "$people" '(bwMailOwed=access-changed*)' 1.1 |
    grep -c '^dn: ')" -eq 1 ]
finish
