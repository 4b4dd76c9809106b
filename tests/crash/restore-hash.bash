# bwdir-del --restore of a file with the hash: as restore.bash, but whoever is
# put back is verified and has his password from the first moment on.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # shared with tests/crash/run
# shellcheck source=restore.bash
. "$cases/restore.bash"
what='each is put back once, with all rights and the password that he had'
printf Marker_password >"$work/kept-password"

prepare ()
{
    new_admin "$1" --password-file "$work/kept-password" &&
        root_modify <<END && goes "$1" && grep -q ^userPassword: \
            "$work/kept.$1/$1"-*.ldif
dn: uid=$1,$people
changetype: modify
replace: bwVerificationState
bwVerificationState: verified
END
}

killed ()
{
    is_gone "$1" || { disabled_again "$1" &&
        must "$1: without the password" holds "uid=$1,$people" \
            '^userPassword:'; }
}

settled ()
{
    has_his_rights "$1"
    must "$1: not verified" [ "$(state_of "$1")" = verified ]
    must "$1: another password" password_is "$1" Marker_password
}
