#!/bin/bash
# How much a user can put into his own entry: what the tools let pass the
# directory takes, to the byte; what they refuse it refuses, with the Relax
# control too; and what slapd cannot be made to bound.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/sandbox.bash" || exit 99

dana=uid=dana,$people
# Letters of two to four bytes; of the last three slapd makes two more bytes,
# six and 33 to compare them (U+00BD, U+09DF, U+FDFA).
accent=$'\xc3\xa9' face=$'\xf0\x9f\x98\x80'
half=$'\xc2\xbd' yya=$'\xe0\xa7\x9f' blessing=$'\xef\xb7\xba'

many () # COUNT TEXT
{
    printf "%.0s$2" $(seq "$1")
}

# stores CODE WHAT VERB ATTRIBUTE [VALUE [relax]]: dana, over raw LDAP.
stores ()
{
    local code=$1 what=$2
    shift 2
    { printf 'dn: %s\nchangetype: modify\n%s: %s\n' "$dana" "$1" "$2"
      [ -z "${3-}" ] ||
          printf '%s:: %s\n' "$2" "$(printf %b "$3" | base64 -w 0)"; } \
        >"$work/ldif"
    expect "$code" "$what" as dana ldapmodify -H "$BWDIR_LDAPI" \
        -f "$work/ldif" ${4+-e} ${4+relax}
}

# ---- what the tools let pass -------------------------------------------------

while read -r count letter more; do
    name=$(many "$count" "$letter")$more
    expect 0 "names of $count letters and ${#name} bytes" \
        as dana bwdir-mod --first "$name" --last "$name" dana
    stores 0 "and a displayName" replace displayName "$name"
done <<ROWS
64 x
32 $accent
16 $face
32 $half
21 $yya
21 $blessing x
ROWS
address=$(many 64 l)@$(many 63 d).$(many 63 d).$(many 61 d)
expect 0 "an address of ${#address} bytes" as alice bwdir-mod --mail \
    "$address" dana

# ---- what they refuse --------------------------------------------------------

while read -r attribute count letter option; do
    value=$(many "$count" "$letter")
    [ -z "$option" ] || expect 65 "$option of ${#value} bytes" \
        as dana bwdir-mod "$option" "$value" dana
    stores 19 "$attribute of ${#value} bytes" replace "$attribute" "$value"
    stores 50 "with Relax" replace "$attribute" "$value" relax
done <<ROWS
givenName 65 x --first
givenName 705 $accent --first
sn 65 x --last
sn 705 $face --last
displayName 65 x
displayName 705 $accent
cn 130 x
cn 1420 $accent
ROWS
stores 19 "mail of 255 bytes" replace mail "${address}d"
stores 50 "with Relax" replace mail "${address}d" relax
for value in "$(many 65 l)@example.com" '"d a"@example.com' dana; do
    stores 50 "mail: ${value: -20}" replace mail "$value"
    stores 50 "with Relax" replace mail "$value" relax
done

# What stands there already can be put right.
root_modify <<LDIF
dn: $dana
changetype: modify
replace: displayName
displayName: $(many 80 x)
-
replace: givenName
givenName: $(many 80 x)
-
add: givenName;lang-en
givenName;lang-en: Dana
LDIF
as dana ldapsearch -LLL -H "$BWDIR_LDAPI" -b "$dana" displayName >"$work/out"
check "what is too long is seen" grep -q '^displayName: xxxx' "$work/out"
stores 0 "and replaced" replace givenName Dana
stores 0 "or taken away" delete displayName
stores 50 "a value with an option is not replaced" replace \
    'givenName;lang-en' D relax
stores 0 "but taken away" delete 'givenName;lang-en'
for option in binary x-other phonetic; do
    stores 17 "the option $option is none" add "givenName;$option" Dana
done

# ---- what has no bound but slapd's own of a request --------------------------

# A rule sees a value as slapd compares it: without the further blanks, and up
# to a NUL.
stores 19 "a thousand blanks" replace displayName "d$(many 1000 ' ')d"
stores 0 "limit: with Relax" replace displayName "d$(many 1000 ' ')d" relax
stores 19 "what comes after a NUL" replace displayName "d\\0$(many 1000 d)"
stores 0 "limit: with Relax" replace displayName "d\\0$(many 1000 d)" relax
stores 19 "a text of 68 bytes that is not ASCII" replace displayName \
    "$(many 17 "$face")"
stores 0 "limit: with Relax" replace displayName "$(many 17 "$face")" relax
stores 19 "a second name" add givenName Other
stores 0 "limit: with Relax" add givenName Other relax
finish
