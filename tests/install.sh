#!/bin/bash
# `make install` below a DESTDIR puts exactly the files of tests/install.list
# where they belong, and they point at each other rightly.
# SPDX-License-Identifier: BSD-2-Clause
set -u
unset MAKEFLAGS MFLAGS MAKELEVEL
top_srcdir=${top_srcdir:-.}
top_builddir=${top_builddir:-.}
dest=$(mktemp -d "${TMPDIR:-/tmp}/bwi.XXXXXX") || exit 99
trap 'rm -rf "$dest"' EXIT
failed=0

check ()
{
    local what=$1
    shift
    if "$@"; then
        echo "ok - $what"
    else
        echo "not ok - $what"
        failed=1
    fi
}

# The directories as configured: bindir, pamdir …
declare -A dir
while IFS='=' read -r name value; do
    dir[$name]=$value
done < <(make -s -C "$top_builddir" print-install-dirs)

# The list with the directories put in.
wanted ()
{
    local line name
    grep -v '^#' "$top_srcdir/tests/install.list" | while IFS= read -r line
    do
        for name in "${!dir[@]}"; do
            line=${line/"@$name@"/"${dir[$name]}"}
        done
        printf '%s\n' "$line"
    done | LC_ALL=C sort
}

installed ()
{
    (cd "$dest" && find . ! -type d -printf '/%P\n') | LC_ALL=C sort
}

# Each path that a unit names in ExecStart or the like exists.
units_point_right ()
{
    local path none=1
    while IFS= read -r path; do
        [ -x "$dest$path" ] || { echo "no $path"; return 1; }
        none=0
    done < <(sed -nE 's/^Exec[A-Za-z]*=[-@:+!]*([^ ]+).*/\1/p' \
             "$dest${dir[systemdsystemunitdir]}"/*.service)
    return "$none"
}

# In directories as Debian has them: where libpam looks without being told.
pam_finds_module ()
{
    local looks
    looks=$(pkg-config --variable=libdir pam)/security
    [ "$(realpath -m "${dir[pamdir]}")" = "$(realpath -m "$looks")" ]
}

# No file tells where it was built, and @words@ are all put in.
nothing_left_over ()
{
    ! grep -rIlE '@[A-Za-z_]+@' "$dest${dir[systemdsystemunitdir]}" \
        "$dest${dir[sysusersdir]}" "$dest${dir[tmpfilesdir]}" \
        "$dest${dir[sysconfdir]}/bwdir" "$dest${dir[mandir]}" \
        "$dest${dir[pkgconfigdir]}"
}

module_symbols ()
{
    local module=$dest${dir[pamdir]}/pam_bw.so
    nm -D --defined-only "$module" | awk '$2 == "T" { print $3 }' |
        LC_ALL=C sort | paste -sd ' '
}

module_needs ()
{
    readelf -d "$dest${dir[pamdir]}/pam_bw.so" |
        sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | LC_ALL=C sort |
        grep -v '^lib[au].*san' | paste -sd ' '
}

# Relocations read-only from the start, and a stack that holds no code.
module_is_hard ()
{
    local module=$dest${dir[pamdir]}/pam_bw.so
    readelf -d "$module" | grep -q BIND_NOW &&
        readelf -lW "$module" | grep -q GNU_RELRO &&
        readelf -lW "$module" | grep -qE 'GNU_STACK.* RW +0x'
}

six='pam_sm_acct_mgmt pam_sm_authenticate pam_sm_chauthtok'
six+=' pam_sm_close_session pam_sm_open_session pam_sm_setcred'

check "make install" \
    make -s -C "$top_builddir" install DESTDIR="$dest"
check "the files of install.list and no others" \
    diff <(wanted) <(installed)
check "units start what is installed" units_point_right
check "nothing is left to put in" nothing_left_over
check "the module exports six functions" [ "$(module_symbols)" = "$six" ]
check "the module needs libpam and libc only" \
    [ "$(module_needs)" = "libc.so.6 libpam.so.0" ]
case ${dir[linker]} in
*relro*) check "full RELRO, no executable stack" module_is_hard ;;
esac
case ${dir[pamdir]} in
/usr/lib/*|/lib/*) check "libpam looks there" pam_finds_module ;;
esac
check "make uninstall" \
    make -s -C "$top_builddir" uninstall DESTDIR="$dest"
check "nothing stays behind" [ -z "$(installed)" ]
exit $failed
