# What the stages of contrib/check share; sourced by them.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
set -u

# shellcheck disable=SC2034 # for stages
test_jobs=$((2 * JOBS)) # most tests wait, for servers and for deadlines

# shellcheck disable=SC2034
memcheck="valgrind -q --error-exitcode=99 --leak-check=full --num-callers=40 \
    --show-leak-kinds=definite --errors-for-leak-kinds=definite \
    --suppressions=$SRC/contrib/check.d/valgrind.supp"

# try WHAT COMMAND...: one check, told in the form that contrib/check counts.
try ()
{
    local what=$1
    shift
    if "$@"; then
        echo "ok - $what"
    else
        echo "not ok - $what"
        return 1
    fi
}

# Configures and builds in $WORK/build/NAME, where it is not done already, and
# goes there.
build ()
{
    local name=$1
    shift
    if [ ! -e "$WORK/build/$name/built" ]; then
        mkdir -p "$WORK/build/$name" && cd "$WORK/build/$name" || exit 1
        try "$name: configure" "$SRC/configure" -q "$@" || exit 1
        try "$name: build" make -s -j"$JOBS" || exit 1
        touch built
    fi
    cd "$WORK/build/$name" || exit 1
}

# The plain build, which several stages use, with directories as in Debian.
build_gcc ()
{
    build gcc --enable-werror CC=gcc --prefix=/usr --sysconfdir=/etc \
        --localstatedir=/var --libdir="/usr/lib/$(gcc -print-multiarch)"
}

# Drives programs (tests/programs) and holds the table in README's section
# HEADING to what was shown; ends the stage.
drive () # HEADING PROGRAM...
{
    local heading=$1 results status
    shift
    if [ "$(id -u)" -ne 0 ]; then
        echo "not ok - driving programs takes root, and this is uid $(id -u)"
        exit 1
    fi
    "$SRC/contrib/packages" full >&2 || {
        echo "not ok - the programs are installed (contrib/packages full)"
        exit 1
    }
    build_gcc
    results=$WORK/programs
    : >"$results"
    top_builddir=. "$SRC/tests/programs/run" "$results" "$@"
    status=$?
    try "README's table is what the tests have shown" \
        "$SRC/tests/programs/table" "$results" "$heading" "$SRC/README" ||
        status=1
    exit $status
}

# The tests but for those of a list of make's, for make's TESTS.
tests_without () # LIST
{
    make -s print-tests | tr ' ' '\n' |
        grep -vxF -f <(make -s "print-$1" | tr ' ' '\n') | paste -sd ' '
}
