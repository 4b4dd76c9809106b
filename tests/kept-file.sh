#!/bin/bash
# The file that bwdir-del(8) keeps, against its disk: closed to others whatever
# the umask, on the disk before anything is deleted, read whole or not at all.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/faults.bash" || exit 99

kept=$work/kept
delete=("$(command -v bwdir-del)" --yes --keep "$kept")

files ()
{
    find "$kept" -type f | wc -l
}

# ---- who may read it -------------------------------------------------------

# A user to be deleted, whose trace tells which of all calls are the file's.
add_user counted 9195551234 --no-mail
umask 0
expect 0 "with umask 0" "${traced[@]}" -o "$trace" \
    -e trace=mkdir,openat,write,fsync,close,unlinkat \
    "${delete[@]}" counted
umask 077
check "the directory is closed" [ "$(stat -c %a "$kept")" = 700 ]
check "the file too" [ "$(stat -c %a "$kept"/*)" = 600 ]
# The tools have an umask of their own; neither leans on the other.
check "both are from the first moment" bash -c 'grep -q "^mkdir(.*, 0700)" \
    "$1" && grep -q "O_EXCL.*, 0600)" "$1"' - "$trace"
expect 0 "the user comes back" bwdir-del --restore "$(find "$kept" -type f)"
rm "$kept"/*

# ---- nothing goes that is not on the disk ----------------------------------

expect 0 "a deletion that goes well" "${traced[@]}" -o "$trace" \
    -e trace=openat,write,fsync,close "${delete[@]}" counted
file=$(file_of "$trace")
folder=$(folder_of "$trace")
check "puts the file on the disk, then its name, then tells" [ "$(sed -nE \
    "/O_EXCL/,\$s/^(openat|write|fsync|close)\(($file|$folder)[,)].*/\1 \2/p" \
    "$trace" | uniq | head -n 5 | xargs)" = "openat $folder write $file \
fsync $file close $file fsync $folder" ]

# faulty CALL DESCRIPTOR ERROR TEXT: what the kernel answers to that call.
faulty ()
{
    local call=$1 descriptor=$2 error=$3 text=$4 before what
    what="$error in $call of $([ "$2" = "$file" ] && echo file ||
        echo folder)"
    before=$(files)
    run "${traced[@]}" -o "$work/fault" -e trace="$call" \
        -e inject="$call:error=$error:when=$(place "$call" "$descriptor")" \
        "${delete[@]}" dana
    check "$what" grep -q "^$call($descriptor.*INJECTED" "$work/fault"
    check "$what: 74" [ "$status" -eq 74 ]
    says "$text"
    says 'user "dana": not deleted; --keep DIR names another place'
    check "$what: nothing is deleted" cmp -s "$work/before" <(snapshot)
    check "$what: no file is left" [ "$(files)" -eq "$before" ]
}
snapshot >"$work/before"
while read -r error text; do
    faulty openat "$folder" "$error" "no file can be made: $text"
    for call in write fsync close; do
        faulty $call "$file" "$error" "cannot be written: $text"
    done
    faulty fsync "$folder" "$error" "cannot be written: $text"
done <<END
ENOSPC No space left on device
EIO Input/output error
END

# ---- nothing goes that --restore would not take ----------------------------

expect 0 "the user comes back" bwdir-del --no-mail --restore \
    "$(find "$kept" -type f)"
rm "$kept"/*
expect 0 "a deletion that goes well" "${traced[@]}" -o "$trace" \
    -e trace=openat,read "${delete[@]}" counted
# Which read(2) is the first of the file that was made.
at=$(awk '/^openat.*O_EXCL/ { there = 1 }
    /^read\(/ { calls++; if (there) { print calls; exit } }' "$trace")
check "reads back what it has kept" [ -n "$at" ]
snapshot >"$work/before"
before=$(files)
run "${traced[@]}" -o "$work/fault" -e trace=read \
    -e inject="read:error=EIO:when=$at" "${delete[@]}" dana
check "EIO in reading it back" grep -q INJECTED "$work/fault"
check "EIO in reading it back: 65" [ "$status" -eq 65 ]
says 'dana: not deleted, for what cannot be read cannot be kept'
check "nothing is deleted" cmp -s "$work/before" <(snapshot)
check "no file is left" [ "$(files)" -eq "$before" ]

# As long as an entry may be, and longer as LDIF: each value is base64.
{
    printf 'dn: uid=rolf,%s\nchangetype: modify\nadd: cn\n' "$people"
    for ((i = 0; i < 1500; i++)); do
        printf 'cn: x%05d %s\n' "$i" "$(printf 'é%.0s' {1..60})"
    done
} >"$work/values"
expect 0 "a user has 1500 names" ldapmodify -x -H "$BWDIR_LDAPI" \
    -D "uid=rolf,$people" -y "$sandbox/secrets/rolf" -f "$work/values"
root_modify <<END
dn: uid=rolf,$people
changetype: modify
add: jpegPhoto
jpegPhoto:: /9j/4AAQSkZJRgA=
END
alice=(-x -D "uid=alice,$people" -y "$sandbox/secrets/alice")
expect 0 "who is deleted" "${delete[@]}" "${alice[@]}" rolf
file=$(find "$kept" -name 'rolf-*')
check "in a file that is longer than an entry" \
    [ "$(stat -c %s "$file")" -gt 262144 ]
check "with the picture in a comment" grep -q '^#jpegPhoto:: ' "$file"
expect 0 "comes back" bwdir-del --no-mail "${alice[@]}" --restore "$file"
says 'warning: attribute "jpegPhoto": left out, for what holds a NUL byte stands in a comment'
check "he is there" holds "uid=rolf,$people" '^uid: rolf'
# And whole, which is with the hash.
root_modify <<END
dn: uid=rolf,$people
changetype: modify
replace: userPassword
userPassword: Marker-rolf-again
END
expect 0 "deleted by root" "${delete[@]}" rolf
expect 0 "put back with the hash" bwdir-del --no-mail --restore \
    "$(find "$kept" -name 'rolf-*' -newer "$file")"
bwdir-del --yes --keep "$kept" rolf >/dev/null
sed 's/^sn: .*/&\n#jpegPhoto:: AAAA/' \
    "$(find "$kept" -name 'rolf-*' | sort | tail -n 1)" >"$work/whole"
expect 0 "and a comment" bwdir-del --no-mail --restore "$work/whole"
says 'warning: attribute "jpegPhoto": left out'
snapshot >"$work/before"

# ---- nor does half of it come back -----------------------------------------

file=$(find "$kept" -name 'counted-*')
expect 0 "a file is read" "${traced[@]}" -o "$trace" -e trace=read \
    "$(command -v bwdir-del)" -n --no-mail --restore "$file"
# Which read(2) it is: one of the whole file, then one at its end.
at=$(awk -v size="$(stat -c %s "$file")" -F'[(,]' '
    /^read\(/ {
        if ($NF ~ / = 0$/ && $2 == descriptor && whole)
            print calls
        calls++
        descriptor = $2
        whole = $NF ~ " = " size "$"
    }' "$trace")
run "${traced[@]}" -o "$work/fault" -e trace=read \
    -e inject="read:error=EIO:when=$at" \
    "$(command -v bwdir-del)" --no-mail --restore "$file"
check "EIO in reading it" grep -q INJECTED "$work/fault"
check "EIO in reading it: 65" [ "$status" -eq 65 ]
says '.ldif: cannot read: Input/output error'
check "nothing is written" cmp -s "$work/before" <(snapshot)
finish
