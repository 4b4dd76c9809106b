#!/bin/bash
# bwdir-add(8), bwdir-verify(1) and bwdir-passwd(1) with a person at a
# terminal: what is asked, asked again, confirmed, and not shown.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/sandbox.bash" || exit 99

python=/usr/bin/python3
[ -x $python ] || python=python3

# at_terminal STATUS WHAT COMMAND...: the script is standard input.
at_terminal ()
{
    local wanted=$1 what=$2
    shift 2
    run $python "$top_srcdir/tests/at-terminal.py" "$@"
    check "$what: $wanted" [ "$status" -eq "$wanted" ]
    [ "$status" -eq "$wanted" ] || sed "s/^/    $status: /" "$work/out"
}

shows ()
{
    check "it shows: $1" grep -qF -e "$1" "$work/out"
}

# ---- bwdir-add -------------------------------------------------------------

at_terminal 0 "everything is asked for" bwdir-add <<'END'
> User name:
< Jane
> a lower-case letter wanted
> User name:
< dana
> user name "dana": already taken; choose another
> User name:
< jane
> First name:
< Jane
> Last name:
< Doe
> Mail address:
< jane
> mail "jane": an address wanted
> Mail address:
< jane@example.com
> Work phone
< 919-555-0101
> ten digits wanted, for example 9195551234
> Work phone
< 9195550101
> Administration level
< basic
> Access method
<
> dashboard or api wanted
> Access method
< dashboard
> Account numbers
< 5500001, 5599999
> account "5599999": no such account, or you do not administer it
> Account numbers
< 5500001
> Roles
< ordering, sleeping
> role "sleeping": one of configuration,
> Roles
< ordering, reporting
> The user name "jane" can never be changed.
> Repeat it to save the user:
< jnae
> that is another name
> Repeat it to save the user:
< jane
> jane: added
> jane: sign-up code mailed to jane@example.com
END
check "jane is there" [ "$(state_of jane)" = unverified ]
check "with both roles" \
    [ "$(entries "uid=jane,$people" | grep -c '^bwRole: ')" -eq 2 ]

at_terminal 0 "only what is missing is asked for" bwdir-add --first Joe \
    --last Doe --mail joe@example.com --phone 9195550102 --level basic \
    --access api --account 5500001 --set-password joe <<'END'
> New password:
? echo
< Marker-1
> too short
> New password:
< Marker-password-1
> Repeat the new password:
? echo
< Marker-password-2
> the repetition differs
> New password:
< Marker-password-1
> Repeat the new password:
< Marker-password-1
> Repeat it to save the user:
? echo
< joe
> joe: added
END
check "echo is off for passwords and on again" \
    [ "$(grep '^echo' "$work/out" | paste -sd ' ')" = \
      "echo off echo off echo on" ]
check "the password is not shown" \
    bash -c '! grep -q Marker "$1"' - "$work/out"
check "the password is set" password_is joe Marker-password-1

user=(--first Jill --last Doe --mail jill@example.com --phone 9195550103
      --level basic --access dashboard --account 5500001)
snapshot >"$work/before"
at_terminal 65 "another name at each repetition" bwdir-add "${user[@]}" jill \
    <<'END'
> Repeat it to save the user:
< jil
> that is another name
> Repeat it to save the user:
< Jill
> that is another name
> Repeat it to save the user:
< jim
> user "jill": not repeated; nothing was written
END
at_terminal 73 "a name of the command line that is taken, at once" bwdir-add \
    dana <<'END'
> user name "dana": already taken; choose another
END
at_terminal 77 "an account that is not there, at once" bwdir-add --account \
    5599999 jill <<'END'
> account "5599999": no such account, or you do not administer it
END
at_terminal 65 "a role that is not there, at once" bwdir-add --role sleeping \
    jill <<'END'
> role "sleeping": one of configuration,
END
at_terminal 65 "a wrong value from the command line" bwdir-add \
    "${user[@]}" --role '!' jill </dev/null
shows 'role "!": '
at_terminal 64 "the end of the input" bwdir-add --first Jill <<END
> User name:
< $(printf '\004')
END
at_terminal 130 "an interrupt" bwdir-add "${user[@]}" --set-password jill \
    <<'END'
> New password:
^ SIGINT
END
# Every signal that ends a program, but SIGKILL and SIGPIPE, which is ignored:
# the terminal is as before.
for signal in ALRM HUP IO PROF PWR QUIT RTMIN SEGV SYS TERM TRAP USR1 \
    USR2 VTALRM XCPU XFSZ ABRT; do
    # A sanitizer has an end of its own for this one.
    [ "$signal${TEST_MEMORY_TOOL:+ in a tool}" != "SEGV in a tool" ] ||
        continue
    wanted=$((128 + $(kill -l "$signal")))
    at_terminal $wanted "SIG$signal" bwdir-add "${user[@]}" --set-password \
        jill <<END
> New password:
? echo
^ SIG$signal
! ended
? echo
END
    check "SIG$signal: echo is off, then on" \
        [ "$(grep '^echo' "$work/out" | paste -sd ' ')" = "echo off echo on" ]
done
at_terminal 130 "stopped and continued" bwdir-add "${user[@]}" \
    --set-password jill <<'END'
> New password:
? echo
^ SIGTSTP
! stopped
? echo
^ SIGCONT
> New password:
? echo
^ SIGPIPE
< Marker-password-5
> Repeat the new password:
^ SIGTSTP
! stopped
? echo
^ SIGCONT
> Repeat the new password:
? echo
^ SIGINT
! ended
? echo
END
check "stopped: echo is on, and off again where it is asked again" \
    [ "$(grep '^echo' "$work/out" | paste -sd ' ')" = \
      "echo off echo on echo off echo on echo off echo on" ]
check "the directory is unchanged" diff "$work/before" <(snapshot)
at_terminal 0 "-W" bwdir-add "${user[@]}" -W -D "uid=alice,$people" -n jill \
    <<END
> Enter LDAP Password:
? echo
< $(cat "$sandbox/secrets/alice")
> dn: uid=jill,
END
check "echo is off for -W" grep -qx 'echo off' "$work/out"
at_terminal 0 "--no-prompt" bwdir-add --no-prompt "${user[@]}" jill </dev/null

# ---- bwdir-verify ----------------------------------------------------------

at_terminal 0 "bwdir-verify asks" bwdir-verify jane <<END
> Code from the mail:
? echo
< QQQQQ-QQQQQ
> five letters and digits four times wanted
> Code from the mail:
< $(code_for jane@example.com)
> Work phone, ten digits:
? echo
< 919-555-0101
> ten digits wanted
> Work phone, ten digits:
< 9195550101
> New password:
< $(printf 'A%.0s' {1..20})
> looks like a sign-up code
> New password:
? echo
< Marker-password-3
> Repeat the new password:
< Marker-password-3
> jane: verified, the new password is set
END
check "echo is off for code and password, on for the phone" \
    [ "$(grep '^echo' "$work/out" | paste -sd ' ')" = \
      "echo off echo on echo off" ]
check "neither is shown" \
    bash -c '! grep -v XXXXX-XXXXX "$1" |
        grep -qE "Marker|AAAAA|([A-Z0-9]{5}-){3}"' - "$work/out"
check "the password is set" password_is jane Marker-password-3

at_terminal 65 "three codes that are none" bwdir-verify jill <<END
> Code from the mail:
< one
> wanted
> Code from the mail:
< two
> wanted
> Code from the mail:
< three
> wanted
END
at_terminal 65 "three passwords that are not fit" bwdir-verify jill <<END
> Code from the mail:
< $(code_for jill@example.com)
> Work phone, ten digits:
< 9195550103
> New password:
< one
> too short
> New password:
< two
> too short
> New password:
< three
> too short
END
check "jill is unverified" [ "$(state_of jill)" = unverified ]
at_terminal 0 "the code is valid still" bwdir-verify jill <<END
> Code from the mail:
< $(code_for jill@example.com)
> Work phone, ten digits:
< 9195550103
> New password:
< Marker-password-4
> Repeat the new password:
< Marker-password-4
> jill: verified
END
at_terminal 0 "a password that is set is not asked for" bwdir-verify joe <<END
> Code from the mail:
< $(code_for joe@example.com)
> Work phone, ten digits:
< 9195550102
> joe: verified
END

# ---- bwdir-passwd ----------------------------------------------------------

at_terminal 0 "bwdir-passwd asks" bwdir-passwd joe <<END
> Current password:
? echo
< Marker-password-1
> New password:
? echo
< short
> too short
> New password:
< Marker-password-5
> Repeat the new password:
< Marker-password-5
> joe: the new password is set
END
check "echo is off for both" \
    [ "$(grep '^echo' "$work/out" | paste -sd ' ')" = "echo off echo off" ]
check "neither is shown" bash -c '! grep -q Marker "$1"' - "$work/out"

# ---- what takes long -------------------------------------------------------

slapd=$(cat "$sandbox/slapd.pid")
kill -STOP "$slapd"
at_terminal 0 "a directory that takes its time" bwdir-show dana <<END
> bwdir-show: still waiting for an answer
$ kill -CONT $slapd
> Dana Dyer
END
kill -STOP "$slapd"
{ sleep 2; kill -CONT "$slapd"; } &
children+=("$!")
expect 0 "the same without a terminal" bwdir-show dana
check "says nothing of it" [ ! -s "$work/err" ]
finish
