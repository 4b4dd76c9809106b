#!/bin/sh
# Every situation of a sign-in in every combination of phase, argument and
# flag: tests/matrix.sh [SITUATION ...], from the build directory.
# SPDX-License-Identifier: BSD-2-Clause
set -u
export LC_ALL=C

top_srcdir=${top_srcdir:-$(cd "$(dirname "$0")/.." && pwd -P)} || exit 1
SCENARIOS=$(mktemp -d /tmp/bwm.XXXXXX) || exit 1
trap 'rm -rf "$SCENARIOS"' EXIT
trap 'exit 130' INT TERM
export SCENARIOS top_srcdir
mkdir "$SCENARIOS/matrix"

cd "$top_srcdir/tests/matrix" || exit 1
[ $# -gt 0 ] || set -- *
awk -v to="$SCENARIOS/matrix" -f ../matrix.awk combinations "$@" || exit 1
echo "ok - matrix: every combination is told once"
cd - >/dev/null || exit 1
"$top_srcdir/tests/scenarios.sh" matrix
