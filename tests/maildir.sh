#!/bin/bash
# A Maildir that takes nothing: the mail stays owed, none is half written, and
# who has got none is sent another.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/faults.bash" || exit 99

add_user full 9195551234 --no-mail
mv "$BWDIR_MAILDIR" "$BWDIR_MAILDIR.away"
expect 75 "no Maildir" bwdir-mail full
mv "$BWDIR_MAILDIR.away" "$BWDIR_MAILDIR"

# deliver LOG STRACE-OPTION... NAME: bwdir-mail's one mail, traced.
deliver ()
{
    "${traced[@]}" -o "$1" "${@:2:$#-2}" "$(command -v bwdir-mail)" "${!#}"
}

# ---- a mail that is not there ----------------------------------------------

# A delivery that goes well makes the same calls: on the mail in tmp/, on the
# Maildir, on the folder new/, which is synced last.
add_user counted 9195551234 --no-mail
expect 0 "a delivery that goes well" deliver "$trace" \
    -e trace=openat,write,fsync,linkat counted
mail=$(file_of "$trace")
root=$(folder_of "$trace")
new=$(sed -nE "/^linkat/,\$s/^openat\($root,.*O_DIRECTORY.* = ([0-9]+)$/\1/p" \
    "$trace")
check "puts the mail on the disk, then its name in new/" [ "$(sed -nE \
    "/O_EXCL/,\$s/^(openat|write|fsync|linkat)\(($mail|$root|$new)[,)].*/\1 \2/p" \
    "$trace" | uniq | xargs)" = "openat $root write $mail fsync $mail \
linkat $root openat $root fsync $new" ]

# faulty CALL DESCRIPTOR ERROR: what the kernel answers to that call.
faulty ()
{
    local call=$1 descriptor=$2 error=$3
    wait_over full
    run deliver "$work/fault" -e trace="$call" \
        -e inject="$call:error=$error:when=$(place "$call" "$descriptor")" full
    check "$error in $call of the mail" \
        grep -q "^$call($descriptor,\?.* = -1 $error .*INJECTED" "$work/fault"
    check "$call, $error: 75" [ "$status" -eq 75 ]
    says 'full: sign-up to full@example.com is deferred: Maildir '
    check "$call, $error: nothing half written, nothing delivered" [ \
        -z "$(ls "$BWDIR_MAILDIR/tmp"; mails_to full@example.com)" ]
}
for error in ENOSPC EIO; do
    faulty openat "$root" $error
    faulty write "$mail" $error
    faulty fsync "$mail" $error
    faulty linkat "$root" $error
done
wait_over full
expect 0 "then it is delivered" bwdir-mail full
check "once" [ "$(mails_to full@example.com | wc -l)" -eq 1 ]

# ---- a mail that may be there ----------------------------------------------

# Its name stands in new/, though the disk may forget it: it may have arrived, counts,
# and is sent once more.
add_user doubt 9195551234 --no-mail
run deliver "$work/fault" -e trace=fsync \
    -e inject="fsync:error=EIO:when=$(place fsync "$new" linkat)" doubt
check "fsync of new/ fails" grep -q "^fsync($new).*INJECTED" "$work/fault"
check "which has the mail" [ "$(mails_to doubt@example.com | wc -l)" -eq 1 ]
check "which is no delivery: 75" [ "$status" -eq 75 ]
wait_over doubt
code_ages doubt
expect 0 "and is made up" bwdir-mail doubt
check "with one mail too many at most" [ \
    "$(mails_to doubt@example.com | wc -l)" -eq 2 ]
expect 0 "the last code is good" verify doubt "$(code_for doubt@example.com)" \
    9195551234 Marker-password-2
finish
