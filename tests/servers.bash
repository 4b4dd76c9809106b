# More servers of the sandbox's directory, for shell tests on top of
# daemon.bash; sourced.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # the names are for the tests

# copy_server NAME: a directory of its own with the sandbox's configuration
# and data as they are now; nothing is replicated.
copy_server ()
{
    local copy=$home/$1
    mkdir -p "$copy/db" "$copy/conf"
    slapcat -n0 -F "$sandbox/conf" 2>/dev/null |
        sed "s,\"$sandbox/db\",\"$copy/db\"," >"$copy/config.ldif" &&
        slapadd -n0 -F "$copy/conf" -l "$copy/config.ldif" 2>/dev/null &&
        slapcat -n1 -F "$sandbox/conf" 2>/dev/null |
        slapadd -q -n1 -F "$copy/conf" 2>/dev/null
}

# run_server NAME: $NAME_pid, at the socket whose URI uri_of tells; returns
# when it answers.
run_server ()
{
    local copy=$home/$1
    slapd -d 0 -F "$copy/conf" -h "$(uri_of "$1")" 2>"$copy/err" &
    printf -v "$1_pid" %s $!
    children+=($!)
    await server_answers "$1"
}

uri_of () # NAME
{
    echo "ldapi://${home//\//%2F}%2F$1%2Fldapi"
}

server_answers () # NAME
{
    ldapwhoami -Q -Y EXTERNAL -H "$(uri_of "$1")" >/dev/null 2>&1
}

# end_server PID: at once, without a farewell.
end_server ()
{
    kill -KILL "$1"
    wait "$1" 2>/dev/null
}

# on_servers NAME=VALUE... URI...: the configuration with these servers, and
# options of bwdird, in $work/conf.
on_servers ()
{
    local settings=() uris=
    while [ "${1#ldap}" = "$1" ]; do
        settings+=("$1")
        shift
    done
    variant "socket='$work/own.sock'" "${settings[@]}"
    uris=$(printf "'%s', " "$@")
    sed -i "s|^uri = .*|uri = { ${uris%, } }|" "$work/conf"
}
