#!/bin/bash
# Many owed mails: each is delivered once, in one run whose memory is bounded.
#
#   mail-many.sh [N]    N: the many, by default 10000
#
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck source-path=SCRIPTDIR
many=${1:-10000}
few=$((many / 10))
sandbox_options=(--users "$many")
. "$(dirname "$0")/sandbox.bash" || exit 99

# The first N users are owed a notice, and have got none today.
owe_users () # N
{
    local now
    now=$(date -u +%Y%m%d%H%M%SZ)
    awk -v count="$1" -v people="$people" -v now="$now" 'BEGIN {
        for (i = 1; i <= count; i++)
            printf "dn: uid=u%07d,%s\nchangetype: modify\nadd: bwMailOwed\n" \
                   "bwMailOwed: access-changed %s.%016x\n-\n" \
                   "replace: bwMailSent\n\n",
                   i, people, now, i }' | root_modify
}

# deliver_all N [OPTION]: delivers the N mails that are owed; sets peak, the
# most memory that it took, in KiB.
deliver_all ()
{
    local start=$SECONDS
    # shellcheck disable=SC2016 # Python's
    run /usr/bin/python3 -c '
import resource, subprocess, sys
with open(sys.argv[1], "wb") as said:
    code = subprocess.call(["bwdir-mail"] + sys.argv[2:], stdout=said)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(code)' "$work/said" "${@:2}"
    peak=$(cat "$work/out")
    echo "    $1 mails${2:+, $2}: $((SECONDS - start)) s, $peak KiB"
    check "$1 owed mails are delivered in one run" [ "$status" -eq 0 ]
}

# flat OPTION...: FEW mails, then MANY, in the same memory but for the list of
# the names; each is told of.
flat ()
{
    local first
    find "$BWDIR_MAILDIR/new" -type f -delete
    owe_users "$few"
    deliver_all "$few" "$@"
    first=$peak
    check "each of $few users has got one" [ "$(shares)" = "1:$few" ]
    find "$BWDIR_MAILDIR/new" -type f -delete
    owe_users "$many"
    deliver_all "$many" "$@"
    check "each of $many users has got one" [ "$(shares)" = "1:$many" ]
    check "each is told of${1:+ with $1}" [ \
        "$(grep -c '\<u[0-9]\{7\}\>' "$work/said")" -eq "$many" ]
    check "a mail costs less than 100 bytes of memory${1:+ with $1}" \
        [ "$peak" -le $((first + (many - few) / 10 + 300)) ]
}

# How often N addresses have got a mail: "TIMES:ADDRESSES" for each number.
shares ()
{
    find "$BWDIR_MAILDIR/new" -type f -print0 | xargs -0 grep -h -m 1 '^To: ' |
        sort | uniq -c | awk '{ n[$1]++ }
            END { for (i in n) printf "%d:%d\n", i, n[i] }' | sort | xargs
}

flat
flat --json
expect 0 "nobody is owed anything" bwdir-mail
check "and nobody got anything" [ "$(shares)" = "1:$many" ]
finish
