# Turns access.rules into access.ldif: the values of olcAccess, in order.
# A line that starts with a blank continues the one before it.
#
# SPDX-License-Identifier: BSD-2-Clause

# Replaces the defined words in LINE, and those in what they mean.
function expand(line,    out, word, rest)
{
    out = ""
    while (match(line, /[A-Z][A-Z_]*[A-Z]/)) {
        word = substr(line, RSTART, RLENGTH)
        rest = substr(line, RSTART + RLENGTH)
        out = out substr(line, 1, RSTART - 1)
        if (word in meaning && out !~ /[a-zA-Z0-9@]$/ &&
            rest !~ /^[a-zA-Z0-9@]/)
            out = out expand(meaning[word])
        else
            out = out word
        line = rest
    }
    return out line
}

BEGIN {
    print "# Made from access.rules by rules2ldif.awk; change that file, not" \
        " this one."
}
/^define / {
    word = $2
    sub(/^define +[A-Z_]+ +/, "")
    meaning[word] = $0
    next
}
/^#/ { print; next }
/^$/ { print "#"; next }
/^to / { print "olcAccess: " expand($0); next }
/^[ \t]+by / { sub(/^[ \t]+/, ""); print "  " expand($0); next }
{
    print FILENAME ":" FNR ": neither define, to, by nor comment" \
        > "/dev/stderr"
    exit 1
}
