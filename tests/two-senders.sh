#!/bin/bash
# Two who send a code to the same user at once, and somebody who takes the
# credential away while its mail is on its way: no code that has arrived is
# made void by an older one, and no place of the day comes back.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/sandbox.bash" || exit 99
one_day

# office NAME: a sendmail that takes a mail and ends when it is told to.
office ()
{
    local dir=$work/$1
    mkdir "$dir"
    cat >"$dir/sendmail" <<END
#!/bin/bash
PATH=/usr/bin:/bin
cat >"$dir/mail"
touch "$dir/there"
for ((tries = 0; tries < 500; tries++)); do
    [ ! -e "$dir/go" ] || exit 0
    sleep 0.02
done
exit 75
END
    chmod 700 "$dir/sendmail"
    sed -e 's/transport = .*/transport = sendmail/' \
        -e "s,maildir = .*,sendmail = \"$dir/sendmail\"," "$BWDIR_CONF" \
        >"$dir/conf"
}
office one
office two
office=one
declare -A slow

# slowly COMMAND...: in the background, by the present office, up to where its
# mail is on its way.
slowly ()
{
    local tries dir=$work/$office
    rm -f "$dir/there" "$dir/go"
    "$@" --config "$dir/conf" >"$dir/slow" 2>&1 &
    slow[$office]=$!
    children+=("$!")
    for ((tries = 0; tries < 500; tries++)); do
        [ ! -e "$dir/there" ] || break
        sleep 0.02
    done
    check "a mail of ${*: -2} is on its way" [ -e "$dir/there" ]
}

# then_ends STATUS TEXT: it goes on, and says that.
then_ends ()
{
    touch "$work/$office/go"
    wait "${slow[$office]}"
    check "it ends: $1" [ $? -eq "$1" ]
    check "it says: $2" grep -qF "$2" "$work/$office/slow"
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
    check "as a reset" grep -q "^$name: reset mailed to " \
        "$work/one/slow" "$work/out"
    check "nothing is owed" lacks "uid=$name,$people" '^bwMailOwed'
done

# ---- verified meanwhile ------------------------------------------------------

for sender in "as alice bwdir-resend nina" "bwdir-mail nora"; do
    name=${sender##* }
    check "$name has a code" add_user "$name" 9195550146
    owe_notice "$name" sign-up
    # shellcheck disable=SC2086 # words
    slowly $sender
    expect 0 "that one is redeemed meanwhile" verify "$name" \
        "$(code_for "$name@example.com")" 9195550146 Marker-password-1
    touch "$work/one/go"
    wait "${slow[one]}"
    check "the other is said to be void" grep -qF \
        "or the user has redeemed one" "$work/one/slow"
done
check "and does not stand" [ -z "$(credential nina)" ]
# The outbox sees nothing of who is verified.
expect 0 "whose password is reset" bwdir-passwd --reset --no-mail nora
check "has no code that is older" [ -z "$(credential nora)" ]
new_day

# ---- both end well ---------------------------------------------------------

# What is owed is gone when the second wants to take it away.
for sender in "as alice bwdir-resend seth" "bwdir-mail saul"; do
    name=${sender##* }
    check "$name is owed a code" add_user "$name" 9195550144 --no-mail
    office=one
    slowly as alice bwdir-resend "$name"
    code_ages "$name"
    office=two
    # shellcheck disable=SC2086 # words
    slowly $sender
    office=one
    then_ends 0 "$name: sign-up code mailed to "
    office=two
    then_ends 0 "$name: sign-up "
    check "nothing is owed" lacks "uid=$name,$people" '^bwMailOwed'
    check "nobody has $name in hand" lacks "uid=$name,$people" \
        '^bwMailNotBefore'
    expect 0 "bwdir-mail has nothing to do" bwdir-mail "$name"
done
office=one

# ---- both issue before either marks ----------------------------------------

# at_once NAME: two, each of whom has seen no code of the other's.
at_once ()
{
    check "$1 is owed a code" add_user "$1" 9195550145 --no-mail
    rm -f "$work/issues" "$work/passes"
    relay before-add "touch '$work/issues'; for i in \$(seq 500); do
        [ ! -e '$work/passes' ] || break; sleep 0.02; done"
    rm -f "$work/two/there" "$work/two/go"
    as alice bwdir-resend -H "$relay_uri" --config "$work/two/conf" "$1" \
        >"$work/two/slow" 2>&1 &
    slow[two]=$!
    for _ in $(seq 500); do
        [ ! -e "$work/issues" ] || break
        sleep 0.02
    done
    office=one
    slowly as alice bwdir-resend "$1"
    code_ages "$1"
    touch "$work/passes"
    for _ in $(seq 500); do
        [ ! -e "$work/two/there" ] || break
        sleep 0.02
    done
    check "two codes stand" [ "$(credential "$1" | wc -l)" -eq 2 ]
}
at_once olaf
then_ends 0 'olaf: sign-up code mailed to '
office=two
then_ends 0 'olaf: sign-up code mailed to '
check "the later one stands" [ "$(credential olaf | wc -l)" -eq 1 ]
at_once otto
office=two
then_ends 0 'otto: sign-up code mailed to '
check "the later one stands" [ "$(credential otto | wc -l)" -eq 1 ]
office=one
then_ends 75 "$void"
check "and still" holds "$(credential otto)" '^bwDelivered: '

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
rm "$work/one/mail"
expect 75 "there is no fourth mail" bwdir-mail --config "$work/one/conf" dora
check "none is sent" [ ! -e "$work/one/mail" ]
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
