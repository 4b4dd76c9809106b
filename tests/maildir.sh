#!/bin/bash
# A Maildir that takes nothing: the mail stays owed, none is half written, and
# who has got none is sent another.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/sandbox.bash" || exit 99

add_user full 9195551234 --no-mail
mv "$BWDIR_MAILDIR" "$BWDIR_MAILDIR.away"
expect 75 "no Maildir" bwdir-mail full
mv "$BWDIR_MAILDIR.away" "$BWDIR_MAILDIR"

# The tools are not dumpable: only root's strace sees what their files are.
# contrib/check has both kinds of users.

# A sanitizer's leak check cannot trace what strace does.
traced=(env ASAN_OPTIONS=detect_leaks=0 strace -y)

# place CALL FOLDER: the how-manieth of that call is the first one there.
place ()
{
    grep "^$1(" "$work/trace" | grep -nE -m 1 \
        "[\"/]$2/?[0-9]*[\">.]" | cut -d: -f1
}

# Which of its calls are those on the mail in tmp/, and on the folder new/: a
# delivery that goes well makes the same ones.
faulty_maildir ()
{
    local call folder error at calls=openat,write,fsync,linkat
    add_user counted 9195551234 --no-mail
    expect 0 "a delivery is traced" "${traced[@]}" -qq -o "$work/trace" \
        -e trace=$calls bwdir-mail counted
    while read -r call folder error; do
        wait_over full
        at=$(place "$call" "$folder")
        run "${traced[@]}" -o "$work/fault" -e trace="$call" \
            -e inject="$call:error=$error:when=${at:-none}" bwdir-mail full
        check "$call in $folder/ fails with $error" \
            grep -qE "[\"/]$folder/?[0-9]*[\">.].*= -1 $error .*INJECTED" \
            "$work/fault"
        check "$call, $error: 75" [ "$status" -eq 75 ]
        says 'full: sign-up to full@example.com is deferred: Maildir '
        check "$call, $error: nothing half written, nothing delivered" [ \
            -z "$(ls "$BWDIR_MAILDIR/tmp"; mails_to full@example.com)" ]
    done <<END
openat tmp ENOSPC
openat tmp EIO
write tmp ENOSPC
write tmp EIO
fsync tmp ENOSPC
fsync tmp EIO
linkat tmp ENOSPC
linkat tmp EIO
END
}

# A mail that stands in new/, though the disk may forget it, may have arrived:
# it counts, and is sent once more.
doubtful_mail ()
{
    add_user doubt 9195551234 --no-mail
    run "${traced[@]}" -o "$work/fault" -e trace=fsync \
        -e inject="fsync:error=EIO:when=$(place fsync new)" bwdir-mail doubt
    check "fsync in new/ fails" grep -qE '/new>.*INJECTED' "$work/fault"
    check "which is no delivery: 75" [ "$status" -eq 75 ]
    wait_over doubt
    code_ages doubt
    expect 0 "and is made up" bwdir-mail doubt
    check "with one mail too many at most" [ \
        "$(mails_to doubt@example.com | wc -l)" -eq 2 ]
    expect 0 "the last code is good" verify doubt "$(code_for doubt@example.com)" \
        9195551234 Marker-password-2
}

[ "$(id -u)" -ne 0 ] || faulty_maildir
wait_over full
expect 0 "then it is delivered" bwdir-mail full
check "once" [ "$(mails_to full@example.com | wc -l)" -eq 1 ]
[ "$(id -u)" -ne 0 ] || doubtful_mail
finish
