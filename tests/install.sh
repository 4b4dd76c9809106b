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

# The surface of the module as it is installed; what a sanitizer brings with
# it is not looked at.
surface ()
{
    local status
    "$top_srcdir/tests/module-surface.sh" "$dest${dir[pamdir]}/pam_bw.so" |
        sed 's/^skip - \(.*\)/left out where \1: the surface of the module/'
    status=${PIPESTATUS[0]}
    [ "$status" -eq 0 ] || [ "$status" -eq 77 ]
}

check "make install" \
    make -s -C "$top_builddir" install DESTDIR="$dest"
check "the files of install.list and no others" \
    diff <(wanted) <(installed)
check "units start what is installed" units_point_right
check "nothing is left to put in" nothing_left_over
check "the surface of the module" surface
case ${dir[pamdir]} in
/usr/lib/*|/lib/*) check "libpam looks there" pam_finds_module ;;
esac
check "make uninstall" \
    make -s -C "$top_builddir" uninstall DESTDIR="$dest"
check "nothing stays behind" [ -z "$(installed)" ]
exit $failed
