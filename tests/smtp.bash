# Mail servers of several tempers (smtp-server.py) for shell tests that have
# sourced sandbox.bash.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash disable=SC2034,SC2154 # the names are the tests'

password=marker-smtp-password
printf '%s\n' "$password" >"$sandbox/secrets/smtp"

# A certificate for another name, and one of another authority.
certificate () # NAME SUBJECTALTNAME [-CA ... -CAkey ...]
{
    local name=$1 alternative=$2
    shift 2
    openssl req -x509 -nodes -days 2 -newkey ec \
        -pkeyopt ec_paramgen_curve:P-256 -subj "/CN=$name" \
        -addext "subjectAltName=$alternative" -keyout "$work/$name.key" \
        -out "$work/$name.pem" "$@" 2>/dev/null
}
ca=(-CA "$sandbox/tls/ca.pem" -CAkey "$sandbox/tls/ca.key")
certificate mail IP:127.0.0.1 "${ca[@]}"
certificate elsewhere DNS:mail.example.org "${ca[@]}"
certificate stranger IP:127.0.0.1

# serve MODE [CERTIFICATE]: starts a server, and writes a configuration that
# sends there to $work/conf.
serve ()
{
    local mode=$1 name=${2:-mail} scheme=smtp tries
    box=$(mktemp -d "$work/box.XXXX")
    printf %s "$password" >"$box/password"
    /usr/bin/python3 "$top_srcdir/tests/smtp-server.py" "$box" \
        "$work/$name.pem" "$work/$name.key" "$mode" 2>"$box/err" &
    children+=($!)
    server=$!
    for ((tries = 0; tries < 1000; tries++)); do
        [ ! -e "$box/port" ] || break
        sleep 0.01
    done
    [ "$mode" != smtps ] || scheme=smtps
    write_conf "$scheme://127.0.0.1:$(cat "$box/port")"
}

uri ()
{
    sed -n 's/^ *smtp-uri = "\(.*\)"/\1/p' "$work/conf"
}

write_conf () # URI
{
    sed '/^mail {/,/^}/d' "$BWDIR_CONF"
    cat <<END
mail {
    transport = smtp
    smtp-uri = "$1"
    smtp-ca-file = "$sandbox/tls/ca.pem"
    smtp-user = bwdir
    smtp-secret-file = "$sandbox/secrets/smtp"
    from = "Accounts <accounts@example.com>"
    template-dir = "$top_srcdir/tools/mail/templates"
}
END
} >"$work/conf"

# How many mails the server that was started last has taken.
taken ()
{
    find "$box" -name '*.mail' | wc -l
}

stop_server ()
{
    kill "$server" 2>/dev/null
    wait "$server" 2>/dev/null
}

# owe NAME [OPTION...]: a user who is owed a code.
owe ()
{
    local name=$1
    shift
    add_user "$name" 9195551234 --no-mail "$@"
}

# deliver STATUS WHAT [ARGUMENT...]
deliver ()
{
    local wanted=$1 what=$2
    shift 2
    expect "$wanted" "$what" bwdir-mail --config "$work/conf" "$@"
}
