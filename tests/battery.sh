#!/bin/bash
# The hostile battery: every identity tries every act on the directory, over
# raw LDAP.  tests/battery/battery.py tells what that means.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck source-path=SCRIPTDIR
if ! /usr/bin/python3 -c 'import ldap' 2>/dev/null; then
    echo "skip - no python3-ldap for /usr/bin/python3"
    exit 77
fi
. "$(dirname "$0")/sandbox.bash" || exit 99
PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 "$top_srcdir/tests/battery/battery.py" "$@"
