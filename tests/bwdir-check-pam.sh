#!/bin/bash
# bwdir-check(8) of the daemon's socket and the PAM service files.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/check.bash" || exit 99

# ---- the daemon ------------------------------------------------------------

broken_mode 666 "$BWDIR_SOCKET" "a socket for everybody" \
    'FAIL daemon socket' "0660 wanted"
broken_mode 600 "$BWDIR_SOCKET" "a socket for root alone" \
    'WARN daemon socket' "its group cannot ask"
file=$(with_conf "s|^    socket = .*|    socket = '$work/none'|")
broken "no daemon" 'FAIL daemon answer
FAIL daemon socket
FAIL pam services' --config "$file"
tells "systemctl enable --now bwdird.socket"

# ---- PAM -------------------------------------------------------------------

module=$top_builddir/pam_bw/module/.libs/pam_bw.so
socket="[socket=$BWDIR_SOCKET]"

pam_file () # NAME <<LINES: "OURS" stands for the module
{
    sed "s|OURS|[$module] $socket|" >"$work/pam/$1"
}

pam_file argument <<'END'
auth    required OURS acces=api
account required OURS
END
pam_file no-account <<'END'
auth    required OURS access=api
account required pam_permit.so
END
pam_file before <<'END'
auth    required   OURS
account sufficient pam_unix.so
account required   OURS
END
pam_file jump <<'END'
auth    required OURS
account [success=1 default=ignore] pam_unix.so
account required OURS
account required pam_permit.so
END
pam_file ignored <<'END'
auth    required OURS
account sufficient OURS
account required pam_unix.so
END
pam_file sshd <<'END'
auth    required OURS one_phase
account required OURS
END
pam_file dash <<'END'
-auth   required OURS
account required OURS
END
pam_file module <<END
auth    required /none/pam_bw.so $socket
account required OURS
END
pam_file socket <<END
auth    required [$module]
account required OURS
END
pam_file cut <<'END'
auth    required
END
broken "ten services with a fault each" 'FAIL pam services
WARN pam services'
at=$work/pam
tells "argument: $at/argument:1: argument \"acces=api\": no such argument" \
    "no-account: $at/no-account:1: no account line" \
    "before: $at/before:3: pam_unix.so in line 2 says yes first" \
    "jump: $at/jump:3: pam_unix.so in line 2 says yes first" \
    "ignored: $at/ignored:2: control \"sufficient\": its refusals" \
    "sshd: $at/sshd:1: one_phase" "dash: $at/dash:1: with a leading -" \
    "module: $at/module:1: /none/pam_bw.so: No such file" \
    "socket: $at/socket:1: it asks at /run/bwdir/bwdird.sock" \
    "cut: $at/cut:1: a control and a module wanted"
rm "$work"/pam/*
cp "$sandbox"/pam/* "$work/pam"

# What the examples and pam-auth-update make is well.
for file in "$top_srcdir"/contrib/pam.d/*; do
    sed "s|pam_bw.so|[$module] $socket|" "$file" >"$work/pam/${file##*/}"
done
sed "s|pam_bw.so|[$module] $socket|" >"$work/pam/common-account" <<'END'
account [success=1 new_authtok_reqd=done default=ignore] pam_unix.so
account requisite pam_deny.so
account required  pam_permit.so
account [success=1 default=ignore] pam_succeed_if.so quiet uid < 1000
account [success=ok new_authtok_reqd=ok user_unknown=ignore default=bad] pam_bw.so access=dashboard
END
sed "s|pam_bw.so|[$module] $socket|" >"$work/pam/common-auth" <<'END'
auth [success=2 default=ignore] pam_unix.so
auth [success=1 user_unknown=ignore authinfo_unavail=ignore default=die] pam_bw.so access=dashboard
auth requisite pam_deny.so
auth required  pam_permit.so
END
printf '@include common-%s\n' auth account >"$work/pam/chfn"
run bwdir-check --json
judged 0 ''
check "a service by its includes" grep -q 'chfn: pam_bw.so in auth, account' \
    "$work/out"
check "what is included is no service" \
    bash -c '! grep -q "common-auth: " "$1"' - "$work/out"
finish
