#!/bin/bash
# bwdird with a directory server that misbehaves: see hostile.py.
#   hostile.sh [all]
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/sandbox.bash" || exit 99

# LeakSanitizer needs to trace, and bwdird forbids that.
export ASAN_OPTIONS=detect_leaks=0
openssl req -x509 -nodes -newkey rsa:2048 -subj /CN=localhost -days 1 \
    -addext subjectAltName=IP:127.0.0.1 -keyout "$home/strange.key" \
    -out "$home/strange.pem" 2>/dev/null || exit 99
# shellcheck disable=SC2154 # of sandbox.bash
PYTHONDONTWRITEBYTECODE=1 python3 "$top_srcdir/tests/hostile.py" "$sandbox" \
    "$top_builddir" "$@"
