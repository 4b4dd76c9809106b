#!/bin/bash
# The hostile battery: every identity tries every act on the directory, over
# raw LDAP.  tests/battery/battery.py tells what that means.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck source-path=SCRIPTDIR
needs=(python3:ldap)
. "$(dirname "$0")/sandbox.bash" || exit 99
PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 "$top_srcdir/tests/battery/battery.py" "$@"
