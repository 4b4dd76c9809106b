# What the stages of contrib/check share; sourced by them.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
set -u

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
