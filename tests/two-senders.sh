#!/bin/bash
# Two who send a code to the same user at once, and somebody who takes the
# credential away while its mail is on its way: no code that has arrived is
# made void by an older one, and no place of the day comes back.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/sandbox.bash" || exit 99

# A sendmail that takes a mail and ends when it is told to.
cat >"$work/sendmail" <<END
#!/bin/bash
PATH=/usr/bin:/bin
cat >"$work/mail"
touch "$work/there"
for ((tries = 0; tries < 500; tries++)); do
    [ ! -e "$work/go" ] || exit 0
    sleep 0.02
done
exit 75
END
chmod 700 "$work/sendmail"
sed -e 's/transport = .*/transport = sendmail/' \
    -e "s,maildir = .*,sendmail = \"$work/sendmail\"," "$BWDIR_CONF" \
    >"$work/conf"

# slowly COMMAND...: in the background, up to where its mail is on its way.
slowly ()
{
    local tries
    rm -f "$work/there" "$work/go"
    "$@" --config "$work/conf" >"$work/slow" 2>&1 &
    slow=$!
    children+=("$slow")
    for ((tries = 0; tries < 500; tries++)); do
        [ ! -e "$work/there" ] || break
        sleep 0.02
    done
    check "a mail of ${*: -2} is on its way" [ -e "$work/there" ]
}

# then_ends STATUS TEXT: it goes on, and says that.
then_ends ()
{
    touch "$work/go"
    wait "$slow"
    check "it ends: $1" [ $? -eq "$1" ]
    check "it says: $2" grep -qF "$2" "$work/slow"
}

void='is deferred: the mail is sent, but its code is void: '

# ---- a slower sender -------------------------------------------------------

overtaken () # STATUS NAME COMMAND...
{
    local wanted=$1 name=$2
    shift 2
    check "$name is owed a code" add_user "$name" 9195550141 --no-mail
    slowly "$@" "$name"
    expect 0 "bwdir-resend meanwhile" as alice bwdir-resend "$name"
    then_ends "$wanted" "$void"
    check "one code stands" [ "$(credential "$name" | wc -l)" -eq 1 ]
    check "and is marked" holds "$(credential "$name")" '^bwDelivered: '
    check "nothing is owed" lacks "uid=$name,$people" '^bwMailOwed'
    expect 0 "the code of who began last is valid" verify "$name" \
        "$(code_for "$name@example.com")" 9195550141 Marker-password-1
}
overtaken 0 vera bwdir-mail
overtaken 75 paul as alice bwdir-resend

# ---- a reset meanwhile -----------------------------------------------------

# What another admin has promised stays owed.
for sender in "as alice bwdir-resend rita" "bwdir-mail ruth"; do
    name=${sender##* }
    check "$name is owed a code" add_user "$name" 9195550143 --no-mail
    # shellcheck disable=SC2086 # words
    slowly $sender
    expect 0 "bwdir-passwd --reset meanwhile" bwdir-passwd --reset --no-mail \
        "$name"
    then_ends 0 "$name: sign-up "
    expect 0 "what was promised meanwhile is delivered too" bwdir-mail "$name"
    check "as a reset" grep -q "^$name: reset mailed to " "$work/slow" \
        "$work/out"
    check "nothing is owed" lacks "uid=$name,$people" '^bwMailOwed'
done

# ---- a credential that is taken away ---------------------------------------

# stolen NAME: an account admin takes the credential away meanwhile.
stolen ()
{
    slowly bwdir-mail "$1"
    expect 0 "ldapdelete" as alice ldapdelete -H "$BWDIR_LDAPI" \
        "$(credential "$1")"
    then_ends 75 "$void"
    wait_over "$1"
}
check "dora is owed a code" add_user dora 9195550142 --no-mail
for place in 2 1 3; do
    stolen dora
    check "place $place is spent" holds "uid=dora,$people" \
        "^bwMailSent: $(date -u +%Y%m%d).$place "
done
rm "$work/mail"
expect 75 "there is no fourth mail" bwdir-mail --config "$work/conf" dora
check "none is sent" [ ! -e "$work/mail" ]
expect 0 "bwdir-passwd --reset" as alice bwdir-passwd --reset --no-mail dana
stolen dana
check "a reset whose code is void is owed" holds "uid=dana,$people" \
    '^bwMailOwed: reset '
expect 0 "and told" bwdir-mail dana
expect 0 "by a code that is valid" verify dana "$(code_for dana@example.com)" \
    "$(mark_of dana bwWorkPhone | head -n 1)" Marker-password-2

# ---- the place that is the outbox's ----------------------------------------

new_day
for place in 1 2; do
    printf 'dn: uid=newt,%s\nchangetype: modify\nadd: bwMailSent\n' "$people"
    printf 'bwMailSent: %s.%d newt@example.com\n\n' "$(date -u +%Y%m%d)" $place
done | root_modify
owed="is saved, the mail to \"newt@example.com\" is deferred: "
expect 75 "a reset" as alice bwdir-passwd --reset newt
says "$owed"
promised=$(mark_of newt bwMailOwed)
expect 75 "another code" as alice bwdir-resend newt
says "$owed"
check "what was promised is owed" grep -qxF "$promised" \
    <(mark_of newt bwMailOwed)
expect 0 "the outbox delivers it" bwdir-mail newt
check "as a reset" grep -q '^newt: reset mailed to ' "$work/out"

finish
