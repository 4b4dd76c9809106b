#!/bin/bash
# What bash offers behind each tool, as made from the option table; --help of
# each tool fits a screen; its man page has each of its options, and the exit
# statuses that every tool has.
# SPDX-License-Identifier: BSD-2-Clause
set -u
export LC_ALL=C
top_srcdir=$(cd "${top_srcdir:-$(dirname "$0")/..}" && pwd) || exit 99
top_builddir=$(cd "${top_builddir:-.}" && pwd) || exit 99
work=$(mktemp -d /tmp/bw.XXXXXX) || exit 99
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 99
failures=0
check ()
{
    local what=$1
    shift
    if "$@"; then
        echo "ok - $what"
    else
        echo "not ok - $what"
        failures=$((failures + 1))
    fi
}

# shellcheck disable=SC1091 # made by the build
. "$top_builddir/tools/bwdir.bash" || exit 99

# offered WORD...: what is offered in the place of the last word, in one line.
offered ()
{
    COMP_WORDS=("$@")
    COMP_CWORD=$(($# - 1))
    COMPREPLY=()
    _bwdir "$1"
    printf '%s\n' "${COMPREPLY[@]}" | sort | paste -sd ' '
}
is () # WHAT WANTED WORD...
{
    local what=$1 wanted=$2 got
    shift 2
    got=$(offered "$@")
    check "$what" [ "$got" = "$wanted" ]
    [ "$got" = "$wanted" ] || echo "    $got"
}

# The options that stand in a page, or in the one to which it leaves others.
explained () # PAGE
{
    local common
    # Words of mdoc(7): "Fl W | w Ar password", "Fl n , -dry-run", "Fl WxZ".
    awk '/^\./ {
        inside = 0
        for (i = 1; i <= NF; i++) {
            if ($i ~ /^\.?[A-Z][a-z]$/) inside = $i ~ /Fl/
            else if (inside && $i ~ /^-[a-z]/) print "-" $i
            else if (inside && $i ~ /^[A-Za-z]+$/)
                for (n = 1; n <= length($i); n++) print "-" substr($i, n, 1)
        }
    }' "$1"
    common=$(grep -A 1 'are those of$' "$1" |
        sed -n 's/^\.Xr \([^ ]*\) \([1-8]\).*/\1.\2/p')
    [ -z "$common" ] || explained "$top_srcdir/tools/$common"
}

# The exit statuses that stand in a page, in their order.
statuses () # PAGE
{
    awk '/^\.Sh / { inside = /EXIT STATUS/ }
        inside && /^\.It [0-9]/ { print $2 }' "$1"
}

# Those that any tool may end with: its work is done, the command line, a value
# or the configuration is at fault, --help cannot be printed; the directory is
# not there, or does not let the caller in, which bwdir-check tells in a line.
common_statuses () # TOOL
{
    printf '%s\n' 0 64 65 74 78
    [ "$1" = bwdir-check ] || printf '%s\n' 69 77
}

# The tools that were built, and each option that its --help names.
tools=0
for path in "$top_builddir"/tools/bwdir-*; do
    tool=${path##*/}
    [[ -x $path && $tool != *.* ]] || continue
    tools=$((tools + 1))
    "$path" --help >"$work/help" 2>&1
    check "$tool --help: 0" [ $? -eq 0 ]
    check "$tool --help fits 24 lines" [ "$(wc -l <"$work/help")" -le 24 ]
    check "$tool --help fits 80 columns" \
        bash -c '! grep -qE "^.{81}" "$1"' - "$work/help"
    check "$tool --help: no blanks at the end of a line" \
        bash -c '! grep -q "[[:blank:]]$" "$1"' - "$work/help"
    sed 1,2d "$work/help" | grep -oE '(^| )--?[A-Za-z][a-z-]*( |,|$)' |
        tr -d ' ,' | sort -u | grep -v '^-[a-z]-' >"$work/options"
    check "$tool --help names options" [ -s "$work/options" ]
    offered "$tool" - | tr ' ' '\n' | sort -u >"$work/offered"
    check "$tool: all options of --help are offered" \
        [ -z "$(comm -23 "$work/options" "$work/offered")" ]
    comm -23 "$work/options" "$work/offered" | sed 's/^/    missing: /'
    explained "$top_srcdir/tools/$tool".[18] | sort -u >"$work/explained"
    check "$tool: its man page has all options" \
        [ -z "$(comm -23 "$work/offered" "$work/explained")" ]
    comm -23 "$work/offered" "$work/explained" | sed 's/^/    missing: /'
    statuses "$top_srcdir/tools/$tool".[18] >"$work/statuses"
    check "$tool: its man page has the common exit statuses" \
        [ -z "$(common_statuses "$tool" | grep -vxFf "$work/statuses")" ]
    common_statuses "$tool" | grep -vxFf "$work/statuses" |
        sed 's/^/    missing: /'
    check "$tool: its man page has them in order, each once" \
        sort -nuC "$work/statuses"
    check "$tool is completed" \
        bash -c '. "$1" && complete -p "$2" >/dev/null' - \
        "$top_builddir/tools/bwdir.bash" "$tool"
done
check "there are tools" [ "$tools" -ge 8 ]

is "a beginning" '--role' bwdir-add --ro
is "an option of another tool" '' bwdir-add --state
is "levels" 'admin basic' bwdir-add --level ''
is "a beginning of one" 'admin' bwdir-add --level a
is "a beginning behind =" 'admin' bwdir-add --level = a
is "nothing yet behind =" 'admin basic' bwdir-add --level =
is "methods" 'api dashboard' bwdir-mod --access ''
is "methods of a list" 'api dashboard dashboard-api' bwdir-list --access ''
is "states" 'unverified' bwdir-list --state unv
is "a further state" 'locked,unverified' bwdir-list --state locked,unv
is "columns" 'last level' bwdir-list --columns l
is "a further column, behind =" 'user,days' bwdir-list --columns = user,d
is "by its path" '--reset' /usr/bin/bwdir-passwd --res
mkdir -p "$work/some dir"
: >"$work/some file"
is "files" 'some dir some file' bwdir-add --password-file some
is "a file behind a letter" 'some dir some file' bwdir-show -y some
is "directories" 'some dir' bwdir-del --keep some
is "nothing that would take a look into the directory" '' bwdir-show ''
is "verbs" 'add admins list products show' bwdir-account ''
is "a beginning of one" 'add admins' bwdir-account --json a
is "no second verb" '' bwdir-account show ''
is "what an option takes is no verb" 'add admins list products show' \
    bwdir-account --why show ''
is "nor behind an equals sign" 'add admins list products show' \
    bwdir-account --why = show ''
is "the verb comes behind it" '--force' bwdir-account --why show admins --fo
is "the other tool's verbs" 'list show' bwdir-role ''
is "options behind a verb" '--csv' bwdir-role list --cs
is "none that only others have" '' bwdir-role show --cs
is "those of a verb alone" '--force' bwdir-account --json admins 5500001 --fo
is "not behind another" '' bwdir-account products 5500001 --fo
is "before the verb that of any" '--force' bwdir-account --fo
printf '%s\n' "base = 'dc=example'" "uri = { 'ldapi://%2Fnone/' }" \
    >"$work/bwdir.conf"
for tool in bwdir-account bwdir-role; do
    verbs=$("$top_builddir/tools/$tool" --config "$work/bwdir.conf" 2>&1 |
        sed -n 's/.*one of \(.*\) wanted$/\1/p' | tr -d , | xargs -n 1 | sort)
    is "$tool has the verbs that are offered" "$(paste -sd ' ' <<<"$verbs")" \
        "$tool" ''
    while read -r verb; do
        "$top_builddir/tools/$tool" --config "$work/bwdir.conf" "$verb" \
            5500001 >"$work/said" 2>&1
        check "$tool $verb is one" bash -c '! grep -q "one of" "$1"' - \
            "$work/said"
        # Each long option is offered behind the verb or refused there.
        for option in $(offered "$tool" --); do
            case $option in
            --csv | --dry-run | --force) words=("$option") ;;
            --add | --remove | --display-name | --why) words=("$option" x) ;;
            *) continue ;;
            esac
            "$top_builddir/tools/$tool" --config "$work/bwdir.conf" "$verb" \
                "${words[@]}" >"$work/said" 2>&1
            grep -qF -e "$option: not with \"$verb\"" "$work/said"
            refused=$?
            [ -z "$(offered "$tool" "$verb" "$option")" ]
            check "$tool $verb $option is offered or refused" \
                [ "$?" -eq "$refused" ]
        done
    done <<<"$verbs"
done
is "nothing for a text" '' bwdir-add --first ''
[ "$failures" -eq 0 ]
