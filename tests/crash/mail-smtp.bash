# bwdir-mail that sends to a mail server: as mail.bash, and so no mail that was
# taken between the end of the mail and the mark is sent more than once again.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # shared with tests/crash/run
# shellcheck source=mail.bash
. "$cases/mail.bash"
# shellcheck source=../smtp.bash
. "$top_srcdir/tests/smtp.bash"
serve good
export BWDIR_CONF=$work/conf

# The server's, newest last; without CR, as mail.bash reads them.
mails_to () # ADDRESS
{
    local mail
    for mail in "$box"/*.mail; do
        [ ! -e "$mail" ] || [ -e "$mail.text" ] ||
            tr -d '\r' <"$mail" >"$mail.text"
    done
    grep -lE "^To: (.*<)?$1>?\$" "$box"/*.text 2>/dev/null | sort -V
}
