#!/bin/bash
# TLS of the directory layer: which servers it takes, and that neither the
# environment nor a file of libldap's can make it take another.
#
# SPDX-License-Identifier: BSD-2-Clause
set -u
export LC_ALL=C
connect=${top_builddir:-$PWD}/tests/connect
top=$(mktemp -d /tmp/bw.XXXXXX) || exit 1
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$top"' EXIT
cd "$top" || exit 1
failures=0

note() { # RC DESCRIPTION
    if [ "$1" -eq 0 ]; then
        echo "ok - $2"
    else
        echo "not ok - $2: $(cat "$top/out")"
        failures=$((failures + 1))
    fi
}

# ---- certificates -----------------------------------------------------------

key() { # NAME ALGORITHM...
    openssl genpkey -quiet -out "$1.key" -algorithm "${@:2}" 2>/dev/null ||
        openssl genpkey -out "$1.key" -algorithm "${@:2}" 2>/dev/null
}

authority() { # NAME
    openssl req -x509 -new -key rsa.key -subj "/CN=$1" -days 30 \
        -addext basicConstraints=critical,CA:TRUE -out "$1.pem"
}

# DAYS may be negative: already over.
certificate() { # NAME KEY CA SUBJECT SAN DAYS
    openssl req -new -key "$2.key" -subj "/CN=$4" -out csr.pem
    if [ -n "$5" ]; then
        echo "subjectAltName=$5" >extensions
    else
        echo "basicConstraints=CA:FALSE" >extensions
    fi
    openssl x509 -req -in csr.pem -CA "$3.pem" -CAkey rsa.key -days "$6" \
        -set_serial "$RANDOM" -extfile extensions -out "$1.pem" 2>/dev/null
}

key rsa RSA -pkeyopt rsa_keygen_bits:2048
key ec EC -pkeyopt ec_paramgen_curve:P-256
authority ca
authority stranger
certificate good rsa ca server IP:127.0.0.1 30
certificate curve ec ca server IP:127.0.0.1 30
certificate strange rsa stranger server IP:127.0.0.1 30
certificate other-host rsa ca 127.0.0.1 IP:127.0.0.2 30
certificate other-name rsa ca server DNS:ldap.example.com 30
certificate no-san rsa ca 127.0.0.1 "" 30
certificate over rsa ca server IP:127.0.0.1 -1
openssl req -x509 -new -key rsa.key -subj /CN=self -days 30 \
    -addext subjectAltName=IP:127.0.0.1 -out self.pem

# ---- servers ----------------------------------------------------------------

# A server with this certificate and key; sets $server and $uri.
serve() { # CERTIFICATE KEY OPTION...
    local cert=$1 key=$2
    shift 2
    : >log
    openssl s_server -accept 127.0.0.1:0 -cert "$cert.pem" -key "$key.key" \
        "$@" >log 2>&1 < <(exec tail --pid=$$ -f /dev/null) &
    server=$!
    until grep -q '^ACCEPT' log; do
        kill -0 "$server" 2>/dev/null || { cat log; return 1; }
        sleep 0.01
    done
    uri=ldaps://127.0.0.1:$(sed -n 's/^ACCEPT.*:\([0-9]*\)$/\1/p' log)
}

stop() {
    kill "$server"
    wait "$server" 2>/dev/null
    server=
}

takes() { # DESCRIPTION SERVER...
    serve "${@:2}" || { note 1 "$1"; return; }
    "$connect" "$uri" "$top/ca.pem" >out
    note $? "taken: $1"
    stop
}

refuses() { # DESCRIPTION SERVER...
    serve "${@:2}" || { note 1 "$1"; return; }
    "$connect" "$uri" "$top/ca.pem" >out
    [ $? -eq 4 ]
    note $? "refused: $1"
    stop
}

takes "a certificate of the CA" good rsa
takes "a P-256 key" curve ec
takes "TLS 1.2" good rsa -tls1_2
takes "TLS 1.3" good rsa -tls1_3
refuses "another CA (row 24)" strange rsa
refuses "signed by itself (row 24)" self rsa
refuses "expired (row 24)" over rsa
refuses "another address (row 25)" other-host rsa
refuses "another name (row 25)" other-name rsa
refuses "the address as CN alone (row 25)" no-san rsa
refuses "TLS 1.1 (row 26)" good rsa -tls1_1 -cipher ALL:@SECLEVEL=0
refuses "TLS 1.0 (row 26)" good rsa -tls1 -cipher ALL:@SECLEVEL=0
refuses "static RSA (row 26)" good rsa -tls1_2 \
    -cipher AES128-GCM-SHA256:@SECLEVEL=0

# ---- environment ------------------------------------------------------------

serve strange rsa || exit 1
mkdir home
printf 'TLS_REQCERT never\nTLS_CACERT %s\n' "$top/stranger.pem" >weak
cp weak home/ldaprc
cp weak home/.ldaprc
cp weak ldaprc

# A variable that would have libldap take the server.
unmoved() { # DESCRIPTION VARIABLE...
    env "${@:2}" "$connect" "$uri" "$top/ca.pem" >out
    [ $? -eq 4 ]
    note $? "not weakened by $1"
}

unmoved "./ldaprc"
rm ldaprc
unmoved "\$HOME/.ldaprc" HOME="$top/home"
unmoved "LDAPTLS_REQCERT" LDAPTLS_REQCERT=never
unmoved "LDAPTLS_REQCERT=allow" LDAPTLS_REQCERT=allow
unmoved "LDAPTLS_CACERT" LDAPTLS_CACERT="$top/stranger.pem"
unmoved "LDAPTLS_CACERTDIR" LDAPTLS_CACERTDIR="$top"
unmoved "LDAPRC" LDAPRC="$top/weak"
unmoved "LDAPRC in \$HOME" HOME="$top/home" LDAPRC=ldaprc
unmoved "LDAPCONF" LDAPCONF="$top/weak"
unmoved "an empty LDAPNOINIT" LDAPNOINIT= LDAPTLS_REQCERT=never
stop

serve no-san rsa || exit 1
unmoved "LDAPTLS_REQSAN" LDAPTLS_REQSAN=never
stop
serve good rsa -tls1_2 -cipher AES128-GCM-SHA256:@SECLEVEL=0 || exit 1
unmoved "LDAPTLS_CIPHER_SUITE" LDAPTLS_CIPHER_SUITE=NORMAL
stop

echo "# $failures failures"
[ "$failures" -eq 0 ]
