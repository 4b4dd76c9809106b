#!/bin/bash
# pam_bw(8) shows the examples of contrib/pam.d as they are shipped.
# SPDX-License-Identifier: BSD-2-Clause
set -u
top_srcdir=${top_srcdir:-.}
page=$top_srcdir/pam_bw/module/pam_bw.8
failed=0

# The lines of an example but comments and session lines, as mdoc has them.
lines_of ()
{
    grep -vE '^(#|session|$)' "$1" | sed 's/\\/\\e/g'
}

# The page has these lines between .Bd and .Ed, and no others there.
shown () # EXAMPLE
{
    lines=$(lines_of "$1") awk '
        /^\.Bd/ { block = ""; inside = 1; next }
        /^\.Ed/ { inside = 0; if (block == ENVIRON["lines"] "\n") found = 1 }
        inside { block = block $0 "\n" }
        END { exit !found }' "$page"
}

for example in "$top_srcdir"/contrib/pam.d/*; do
    if shown "$example"; then
        echo "ok - pam_bw(8) shows contrib/pam.d/${example##*/}"
    else
        echo "not ok - pam_bw(8) shows contrib/pam.d/${example##*/}"
        failed=1
    fi
done
exit $failed
