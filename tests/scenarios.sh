#!/bin/sh
# Plays the scenarios: tests/scenarios.sh [AREA ...], from the build directory.
# Each area gets a sandbox of its own.  SCENARIOS: where the areas are.
# SPDX-License-Identifier: BSD-2-Clause
set -u
export LC_ALL=C

top_builddir=$(cd "${top_builddir:-.}" && pwd -P) || exit 1
top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/.." && pwd -P)} || exit 1
home=${SCENARIOS:-$top_srcdir/tests/scenarios}
export BWDIR_BUILDDIR="$top_builddir"
export PAM_BW="$top_builddir/pam_bw/module/.libs/pam_bw.so"
export PAM_HAND="$top_builddir/tests/.libs/pam_hand.so"

sandbox=
leave() {
    [ -z "$sandbox" ] || "$top_srcdir/contrib/sandbox" stop "$sandbox" --remove
    sandbox=
}
trap leave EXIT
trap 'exit 130' INT TERM

# No secret of the sandbox, and none that a scenario types, has gone where it
# can be read: logs, mail, arguments and environment of the daemons.
keeps_secrets() {
    for file in "$sandbox"/secrets/*; do
        cat "$file"
        echo
    done >"$sandbox/patterns"
    echo Marker- >>"$sandbox/patterns"
    ! {
        cat "$sandbox/log" "$sandbox/slapd.log"
        for file in "$sandbox"/*.pid; do
            tr '\0' '\n' <"/proc/$(cat "$file")/cmdline"
            # bwdird's is shown to root only.
            tr '\0' '\n' 2>/dev/null <"/proc/$(cat "$file")/environ"
        done
    } | grep -qF -f "$sandbox/patterns"
}

# play AREA: false when a file of it fails.
play() {
    sandbox=$(mktemp -d /tmp/bw.XXXXXX) || return 1
    export SANDBOX_START="'$top_srcdir/contrib/sandbox' start $sandbox >&2"
    if ! sh -c "$SANDBOX_START"; then
        echo "not ok - $1: sandbox"
        return 1
    fi
    # shellcheck source=/dev/null
    (. "$sandbox/env" && PATH=$top_srcdir/tests:$PATH &&
        exec ${RUN_UNDER-} "$top_builddir/tests/scenario" "$sandbox" "$home/$1"/*)
    result=$?
    if keeps_secrets; then
        echo "ok - $1: no secret in a log, an argument or an environment"
    else
        echo "not ok - $1: no secret in a log, an argument or an environment"
        result=1
    fi
    rm "$sandbox/patterns"
    [ $result -eq 0 ] || tail -n 40 "$sandbox/log" | sed 's/^/# log: /'
    leave
    return $result
}

if [ $# -eq 0 ]; then
    cd "$home" || exit 1
    set -- */
fi
failed=0
for area; do
    play "${area%/}" || failed=$((failed + 1))
done
echo "# $# areas, $failed with failures"
[ $failed -eq 0 ]
