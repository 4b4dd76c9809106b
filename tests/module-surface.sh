#!/bin/sh
# What pam_bw.so shows to its host: two libraries needed, six symbols
# exported, nothing writable, hardened.  THREATS, figure 15.
# SPDX-License-Identifier: BSD-2-Clause
set -u
export LC_ALL=C

module=${1:-${top_builddir:-.}/pam_bw/module/.libs/pam_bw.so}
failures=0

# is WHAT WANTED FOUND
is() {
    if [ "$2" = "$3" ]; then
        echo "ok - $1"
    else
        echo "not ok - $1: wanted '$2', found '$3'"
        failures=$((failures + 1))
    fi
}

[ -r "$module" ] || { echo "no $module"; exit 1; }
case $(nm -D --undefined-only "$module") in
*__asan* | *__ubsan* | *__tsan*) echo "skip - built for a sanitizer"
    exit 77 ;;
esac

dynamic=$(readelf -dW "$module")
segments=$(readelf -lW "$module")

is "needs libpam and libc only" "libc.so.6 libpam.so.0" \
    "$(echo "$dynamic" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | sort |
        paste -sd ' ' -)"
is "exports the six services and nothing else" \
    "pam_sm_acct_mgmt pam_sm_authenticate pam_sm_chauthtok\
 pam_sm_close_session pam_sm_open_session pam_sm_setcred" \
    "$(nm -D --defined-only "$module" | awk '{ print $3 }' | sort |
        paste -sd ' ' -)"
is "binds at load" 1 "$(echo "$dynamic" | grep -c 'BIND_NOW')"
is "has RELRO" 1 "$(echo "$segments" | grep -c 'GNU_RELRO')"
is "has no executable stack" "RW" \
    "$(echo "$segments" | awk '/GNU_STACK/ { print $7 }')"
is "has no run-time library path" 0 \
    "$(echo "$dynamic" | grep -cE '\((RPATH|RUNPATH)\)')"
is "has no text relocations" 0 "$(echo "$dynamic" | grep -c TEXTREL)"
# What the C start-up files bring: __dso_handle and completed.
is "has no writable static data of its own" "8 8" \
    "$(size -A "$module" | awk '$1 == ".data" || $1 == ".bss" { print $2 }' |
        paste -sd ' ' -)"
is "has no thread-local data" 0 "$(echo "$segments" | grep -c ' TLS ')"
is "calls nothing that changes the host" "" \
    "$(nm -D --undefined-only "$module" | awk '{ print $2 }' |
        sed 's/@.*//' | grep -xE 'openlog|closelog|setlocale|setenv|putenv|umask|chdir|srand|signal|sigaction|sigprocmask|fork|system|popen|exec.*|atexit|pthread_.*|getenv|select' |
        paste -sd ' ' -)"

[ $failures -eq 0 ]
