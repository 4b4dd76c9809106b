#!/bin/bash
# A hostile environment changes nothing of what a tool or bwdird decides: what
# libldap, GnuTLS, OpenSSL, libcurl, GLib, libc and getopt heed elsewhere, an
# ldaprc in the working directory and in HOME, and six time zones.  Every tool
# that is built is asked, so that a new one is not forgotten.  (Rows 53, 54, 81,
# 84 and 85 of the catalogue; tests/programs does it for su and sudo.)
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/sandbox.bash" || exit 99
. "$(dirname "$0")/daemon.bash" || exit 99

evil=$work/evil
mkdir "$evil"
for name in ldaprc .ldaprc .netrc .curlrc krb5.conf openssl.cnf p11-kit.conf; do
    printf '%s\n' "URI ldap://127.0.0.1:1" "BASE dc=evil" \
        "TLS_REQCERT never" "TLS_CACERT $work/strange.pem" >"$evil/$name"
done
hostile=(
    HOME="$evil" TMPDIR="$evil" XDG_CONFIG_HOME="$evil" CURL_HOME="$evil"
    LDAPURI=ldap://127.0.0.1:1 LDAPHOST=127.0.0.1 LDAPPORT=1 LDAPBASE=dc=evil
    LDAPBINDDN=cn=evil LDAPCONF="$evil/ldaprc" LDAPRC=ldaprc LDAPNOINIT=
    LDAPREFERRALS=on LDAPNETWORK_TIMEOUT=9999 LDAPTIMELIMIT=1 LDAPSIZELIMIT=1
    LDAPDEREF=always LDAPVERSION=2 LDAPSASL_SECPROPS=minssf=256
    LDAPSASL_MECH=PLAIN LDAPTLS_REQCERT=never LDAPTLS_REQSAN=never
    LDAPTLS_CACERT="$work/strange.pem" LDAPTLS_CACERTDIR="$evil"
    LDAPTLS_CIPHER_SUITE=NULL LDAPTLS_PROTOCOL_MIN=0
    SASL_CONF_PATH="$evil" SASL_PATH="$evil" KRB5_CONFIG="$evil/krb5.conf"
    SSL_CERT_FILE="$work/strange.pem" SSL_CERT_DIR="$evil"
    OPENSSL_CONF="$evil/openssl.cnf" OPENSSL_MODULES="$evil"
    SSLKEYLOGFILE="$evil/keys" GNUTLS_SYSTEM_PRIORITY_FILE=/dev/null
    GNUTLS_SYSTEM_PRIORITY_FAIL_ON_INVALID=1 GNUTLS_FORCE_FIPS_MODE=1
    P11_KIT_STRICT=yes CURL_CA_BUNDLE="$work/strange.pem"
    http_proxy=http://127.0.0.1:1 ALL_PROXY=socks5://127.0.0.1:1
    RES_OPTIONS="timeout:30" HOSTALIASES="$evil/ldaprc" LOCALDOMAIN=evil
    LANG=tr_TR.UTF-8 LC_ALL=tr_TR.UTF-8 LANGUAGE=tr NLSPATH="$evil/%N"
    CHARSET=ISO-8859-9 G_DEBUG=fatal-warnings G_MESSAGES_DEBUG=all
    POSIXLY_CORRECT=1 COLUMNS=1 TZ=:/etc/shadow TZDIR="$evil" IFS=/
    MALLOC_PERTURB_=85 LD_BIND_NOW=1 EVENT_NOEPOLL=1 EVENT_SHOW_METHOD=1
    BWDIR_SOCKET=/dev/null BWDIR_LEVEL=admin BWDIR_ROLES=user-administrator
)

# A server with a certificate of nobody's, which "never" would take.
openssl req -x509 -nodes -newkey rsa:2048 -subj /CN=localhost -days 1 \
    -addext subjectAltName=IP:127.0.0.1 -keyout "$work/strange.key" \
    -out "$work/strange.pem" 2>/dev/null
: >"$work/fault"
PYTHONDONTWRITEBYTECODE=1 python3 "$top_srcdir/tests/hostile_ldap.py" \
    "$sandbox/ldapi" "$work/strange.pem" "$work/strange.key" "$work/fault" \
    >"$work/port" &
children+=($!)
await test -s "$work/port"
sed "s|^uri = .*|uri = { 'ldaps://127.0.0.1:$(cat "$work/port")' }|" \
    "$BWDIR_CONF" >"$work/strange.conf"

today=$(date -u +%FT%TZ)
then=$(date -u -d "85 days" +%FT%TZ)

# What a tool is asked beside the rest; it changes nothing.
questions_of () # TOOL
{
    case $1 in
    bwdir-add) echo "-n --no-prompt --first Test --last User --mail \
t@example.com --phone 9195550123 --level basic --access dashboard --account \
5500001 tess" ;;
    bwdir-why) for user in dana olga robot dieter newt wanda rolf; do
        echo "--at $today $user bw-dashboard"
        echo "--json --at $then $user bw-api"
        done ;;
    bwdir-show) printf '%s\n' dana "--json olga" ;;
    bwdir-list) echo --json ;;
    bwdir-disable) echo "-n --at 2038-01-19 dana" ;;
    bwdir-enable) echo "-n dieter" ;;
    bwdir-unlock) echo "-n carl" ;;
    esac
}

# outcome COMMAND...: its exit status and all that it says, but for how long
# something took.
outcome ()
{
    "$@" >"$work/out" 2>"$work/err" </dev/null
    echo "exit $?"
    sed -E 's/[0-9]+ ms/N ms/' "$work/out" "$work/err"
}

# unmoved WHAT TOOL QUESTION...: the same outcome, hostile or not.
unmoved ()
{
    local what=$1
    shift
    outcome "$@" >"$work/plain"
    outcome env -C "$evil" "${hostile[@]}" "$@" >"$work/hostile"
    check "$what" same
}

same ()
{
    cmp -s "$work/plain" "$work/hostile" ||
        { diff "$work/plain" "$work/hostile" | sed 's/^/    /'; false; }
}

# The programs themselves, for libtool's wrappers are scripts for a shell.
export LD_LIBRARY_PATH=$top_builddir/libbwdir/.libs
told_nothing ()
{
    ! grep -qxE 'exit (0|67)' "$work/hostile"
}

tools=()
for program in "$top_builddir"/tools/bwdir-*; do
    name=${program##*/}
    case $name in
    *.*) continue ;;
    esac
    [ ! -x "$top_builddir/tools/.libs/$name" ] ||
        program=$top_builddir/tools/.libs/$name
    [ ! -x "$program" ] || tools+=("$program")
done
check "there are tools" [ ${#tools[@]} -gt 3 ]

for program in "${tools[@]}"; do
    tool=${program##*/}
    # Some have work to do then, and have done it the second time.
    outcome "$program" >/dev/null
    unmoved "$tool without an argument" "$program"
    unmoved "$tool --help" "$program" --help
    unmoved "$tool of a user who is not there" "$program" nobody-here
    while read -r -a words; do
        unmoved "$tool ${words[*]}" "$program" "${words[@]}"
    done < <(questions_of "$tool")
    # What a script's own variable, not set, makes of ours.
    for name in BWDIR_CONF BWDIR_PAM_CONFDIR BWDIR_SCHEMADIR; do
        expect 78 "$tool with an empty $name" env "$name=" "$program"
        says "$name: empty; give a path, or leave it out"
    done
    expect 78 "$tool with an empty --config" "$program" --config ''
    says "--config: empty"
    expect 0 "$tool --help with an empty BWDIR_CONF" env BWDIR_CONF= \
        "$program" --help
    # Not the configured server: none at all.
    BWDIR_CONF=$work/strange.conf
    unmoved "$tool of nobody, strange certificate" "$program" nobody-here
    check "which tells nothing" told_nothing
    while read -r -a words; do
        unmoved "$tool, strange certificate" "$program" "${words[@]}"
        check "which is refused" grep -qx 'exit 69' "$work/hostile"
    done < <(questions_of "$tool" | head -n 1)
    BWDIR_CONF=$sandbox/bwdir.conf
done
check "no tool has written anything there" [ "$(find "$evil" -type f |
    wc -l)" -eq 7 ]

# verify in that place, with its answers on standard input.
expect 77 "bwdir-verify, a wrong code" env -C "$evil" "${hostile[@]}" \
    bash -c 'printf "%s\n" ABCDE-FGHJK-LMNPQ-RSTUV 9195550110 x x |
        "$1" --no-prompt newt' - "$top_builddir/tools/.libs/bwdir-verify"
printf 'not yet seen by anybody' >"$work/new"
expect 0 "bwdir-verify, the right one" env -C "$evil" "${hostile[@]}" \
    bash -c 'printf "%s\n" "$(cat "$2")" 9195550110 "$(cat "$3")" \
        "$(cat "$3")" | "$1" --no-prompt newt' - \
    "$top_builddir/tools/.libs/bwdir-verify" "$secrets/newt" "$work/new"
check "newt has the password" password_is newt "$(cat "$work/new")"

# ---- six time zones ----------------------------------------------------------

# Half a day to both sides, one with daylight saving, one with a half hour,
# one that is no zone, one a mile of nonsense.
zones=(Pacific/Kiritimati Pacific/Pago_Pago America/New_York Asia/Kolkata
    :/etc/shadow "$(printf 'X%.0s' {1..100000})")
# When the verdicts change is a date, in UTC.
explanations ()
{
    local user
    for user in dana olga wanda; do
        outcome bwdir-why --json --at "$today" "$user" bw-dashboard
    done
    outcome bwdir-why --at 2038-01-19T03:14:08Z dana bw-dashboard
}
explanations >"$work/plain"
for zone in "${zones[@]}"; do
    TZ=$zone explanations >"$work/hostile"
    check "TZ=${zone:0:20}: bwdir-why says the same" same
done

# ---- bwdird ------------------------------------------------------------------

# verdicts: of users of each age, by the daemon at $work/own.sock.
verdicts ()
{
    local user
    for user in dana olga wanda; do
        ask "$work/own.sock" authenticate $user password="$secrets/$user"
        ask "$work/own.sock" account $user
    done | sed -E 's/^([0-9]+ -?[0-9]+) [0-9]+/\1/'
}

# daemon_in VARIABLE...: with that environment, in that place.
daemon_in ()
{
    env -C "$evil" "$@" "$bwdird" -c "$work/conf" 2>"$work/err" &
    daemon=$!
    children+=("$daemon")
    await listening_or_ended "$work/own.sock" && kill -0 "$daemon"
}

end_daemon ()
{
    kill "$daemon"
    wait "$daemon"
}

variant "socket='$work/own.sock'" "workers=1" "log='$work/log'"
check "bwdird" start_daemon "$work/conf" "$work/own.sock"
verdicts >"$work/plain"
end_daemon
check "bwdird in a hostile environment" daemon_in "${hostile[@]}"
verdicts >"$work/hostile"
end_daemon
check "decides the same" same
check "among it what must be changed, and warned of" \
    [ "$(grep -cE '^(17 |0 10 )' "$work/plain")" -ge 2 ]
for zone in "${zones[@]}"; do
    daemon_in TZ="$zone" || check "bwdird with TZ=${zone:0:20}" false
    verdicts >"$work/hostile"
    end_daemon
    check "bwdird with TZ=${zone:0:20} decides the same" same
done
sed -i "s|^uri = .*|uri = { 'ldaps://127.0.0.1:$(cat "$work/port")' }|" \
    "$work/conf"
check "bwdird, strange certificate" daemon_in "${hostile[@]}"
check "which is refused" unavailable_within 1000 ask -a "$work/own.sock" \
    authenticate robot password="$secrets/robot"
end_daemon
finish
