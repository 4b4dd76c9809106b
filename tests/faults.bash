# A kernel that fails: strace plays it, in a sandbox that this starts, and finds
# the call to spoil in the trace of a run that goes well.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # shared with the tests
needs=(strace)
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/sandbox.bash" || exit 99

# A sanitizer's leak check cannot trace what strace does.  The tools are not
# dumpable, so an ordinary user's strace sees numbers and no texts.  libtool
# keeps its script, with calls of its own, out of the trace.
traced=(env ASAN_OPTIONS=detect_leaks=0 "$top_builddir/libtool"
        --mode=execute strace -qq)
trace=$work/trace

# The how-manieth of its name is the first call on a descriptor in the trace,
# from where a file is made on, or from a line that has FROM.
place () # CALL DESCRIPTOR [FROM]
{
    awk -v call="$1(" -v number="$2" -v from="${3:-O_EXCL}" '
        index($0, call) == 1 { n++ }
        index($0, from) { there = 1 }
        there && (index($0, call number ",") == 1 ||
            index($0, call number ")") == 1) { print n; exit }' "$trace"
}

# The descriptor of the file that is made, in a trace; of its directory.
file_of ()
{
    sed -nE 's/^openat\(.*O_EXCL.* = ([0-9]+)$/\1/p' "$1"
}
folder_of ()
{
    sed -nE 's/^openat\(([0-9]+), .*O_EXCL.*/\1/p' "$1"
}
