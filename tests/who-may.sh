#!/bin/bash
# Who may add, put back, install and look behind the rules: every identity
# tries, with the same command.  The other tools' tests do so too.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck source-path=SCRIPTDIR
# Not cheap: bwdir-check is to find slapd's own hashes as they are shipped.
sandbox_options=(--hash ssha)
. "$(dirname "$0")/sandbox.bash" || exit 99

foreign='account "5500001": no such account, or you do not administer it'
user=(--no-prompt --first Jane --mail jdoe@example.com --phone 9195551234
      --level basic --access dashboard --account 5500001)
away () # NAME
{
    ldapdelete -r -Q -Y EXTERNAL -H "$BWDIR_LDAPI" "uid=$1,$people" || exit 99
}

# ---- a secret that an option names, and that is not fit ----

while read -r -a words; do
    tool=${words[0]}
    expect 65 "$tool: a file that is not there" "${words[@]}" \
        -D "uid=alice,$people" -y "$work/none" </dev/null
    says "$tool: -y $work/none: cannot open"
    expect 65 "$tool: a user name in the place of a DN" "${words[@]}" \
        -D alice -w x </dev/null
    says "$tool: -D \"alice\": a DN wanted, for example uid=alice,$people"
done <<END
bwdir-account list
bwdir-add ${user[*]} --last Doe jdoe
bwdir-check
bwdir-del --yes dana
bwdir-disable dana
bwdir-enable dana
bwdir-init
bwdir-list
bwdir-mail
bwdir-mod --first Dana dana
bwdir-passwd --reset dana
bwdir-remind
bwdir-resend newt
bwdir-role list
bwdir-show dana
bwdir-unlock dana
bwdir-why dana bw-dashboard
END
expect 65 "no DN, and no name of a user either" bwdir-list -D 'Alice!' -w x
says "-D \"Alice!\": a DN wanted, for example uid=jdoe,$people"
expect 65 "bwdir-add --password-file: one that is not there" bwdir-add \
    "${user[@]}" --last Doe --password-file "$work/none" jdoe
says "--password-file $work/none: cannot open"
expect 65 "bwdir-passwd --password-file: one that is not there" as dana \
    bwdir-passwd --password-file "$work/none" dana
says "--password-file $work/none: cannot open"

# ---- to add ----------------------------------------------------------------

proof ()
{
    local line
    for line in 'sn: Doe' 'mail: jdoe@example.com' 'bwWorkPhone: 9195551234' \
        'bwAdministrationLevel: basic' 'bwVerificationState: unverified' \
        "bwAccount: cn=5500001,ou=accounts,$BWDIR_BASE"; do
        check "jdoe has $line" holds "uid=jdoe,$people" "^$line\$"
    done
    check "jdoe has a code" [ -n "$(credential jdoe)" ]
}
restore () { away jdoe; new_day; }
grid "adding jdoe" bwdir-add "${user[@]}" --last Doe jdoe <<END
root 0 jdoe: added
alice 0 jdoe: added
bob 77 $foreign
dana 77 $foreign
nobody 77 $stranger
END
grid "making sure of jdoe" bwdir-add --ensure "${user[@]}" --last Doe jdoe <<END
root 0 jdoe: added
alice 0 jdoe: added
bob 77 $foreign
dana 77 $foreign
nobody 77 $stranger
END
bwdir-add "${user[@]}" --last Doe --no-mail jdoe >/dev/null
proof () { check "jdoe has the name" holds "uid=jdoe,$people" '^sn: Roe$'; }
restore () { bwdir-mod --last Doe jdoe >/dev/null; }
grid "making jdoe another" bwdir-add --ensure "${user[@]}" --last Roe jdoe <<END
root 0 jdoe: changed
alice 0 jdoe: changed
bob 77 $foreign
dana 73 user name "jdoe": already taken
nobody 77 $stranger
END
unset -f proof restore
grid "making sure of jdoe as he is" bwdir-add --ensure "${user[@]}" \
    --last Doe jdoe <<END
root 0 jdoe: unchanged
alice 0 jdoe: unchanged
bob 77 $foreign
dana 73 user name "jdoe": already taken
nobody 77 $stranger
END

# ---- to put back -----------------------------------------------------------

as alice bwdir-del --yes jdoe >/dev/null
proof ()
{
    check "jdoe is back" holds "uid=jdoe,$people" '^sn: Doe$'
    check "in his account" holds "uid=jdoe,$people" '^bwAccount: cn=5500001,'
    check "and unverified" [ "$(state_of jdoe)" = unverified ]
}
restore () { away jdoe; new_day; }
grid "putting jdoe back" bwdir-del --restore \
    "$(find "$sandbox/deleted" -name 'jdoe-*')" <<END
root 0 jdoe: restored, unverified and without a password
alice 0 jdoe: restored, unverified and without a password
bob 77 none of the user's accounts is there, or you administer none of them
dana 77 $foreign
nobody 77 $stranger
END
unset -f proof restore

# ---- to look behind the rules ----------------------------------------------

grid "why dana is let in" bwdir-why dana bw-dashboard <<END
root 0 dana at bw-dashboard on
alice 0 dana at bw-dashboard on
bob 67 user name "dana": no such user, or you may not see it
dana 0 dana at bw-dashboard on
nobody 77 $stranger
END
grid "what bwdir-init would do" bwdir-init -n <<END
root 0 who=dn:cn=admin,$BWDIR_BASE
alice 77 cn=config: not visible to "dn:uid=alice,$people"
bob 77 cn=config: not visible to "dn:uid=bob,$people"
dana 77 cn=config: not visible to "dn:uid=dana,$people"
nobody 77 $stranger
END
while read -r who wanted text; do
    snapshot >"$work/before"
    expect "$wanted" "bwdir-check, by $who" as "$who" bwdir-check
    check "it says: $text" grep -qF -e "$text" "$work/out"
    check "bwdir-check, by $who: the directory is as before" \
        cmp -s "$work/before" <(snapshot)
done <<END
root 0 OK    server rules: 
alice 1 WARN  9 checks: not looked at: cn=config is hidden from you
bob 1 WARN  9 checks: not looked at: cn=config is hidden from you
dana 1 WARN  9 checks: not looked at: cn=config is hidden from you
nobody 2 the tools cannot sign in
END

run as alice bwdir-check
check "one line for each thing that an account admin does not see" \
    [ "$(grep -c '^WARN' "$work/out")" -eq 4 ]
check "none of which is in anything's way" \
    bash -c '! grep -q "mend" "$1"' - "$work/out"

# ---- a user of the host, of whom the directory knows nothing ----------------

if [ "$(id -u)" -eq 0 ]; then
    open=$home/open
    mkdir "$open" && chmod 755 "$home" "$open" "$sandbox"
    cp "$top_builddir"/tools/.libs/bwdir-{list,add,show} \
        "$top_builddir"/libbwdir/.libs/libbwdir.so* "$open"
    sed '/secret-file\|bind-dn/d' "$BWDIR_CONF" >"$open/bwdir.conf"
    chmod -R go+rX "$open"
    stranger=(setpriv --reuid=12345 --regid=12345 --clear-groups env
        LD_LIBRARY_PATH="$open" BWDIR_CONF="$open/bwdir.conf")
    plain='uid 12345 of this host: no user of the directory, which shows and'
    expect 77 "a stranger: bwdir-list" "${stranger[@]}" "$open/bwdir-list"
    says "$plain allows him nothing; sign in with -D uid=NAME,$people -W"
    says "in section tools of $open/bwdir.conf"
    check "without LDAP's words" bash -c '! grep -q "No such object" "$1"' - \
        "$work/err"
    expect 77 "a stranger: bwdir-show" "${stranger[@]}" "$open/bwdir-show" dana
    says "$plain"
    expect 77 "a stranger: bwdir-add" "${stranger[@]}" "$open/bwdir-add" -n \
        "${user[@]}" --last Doe jdoe
    says "$plain"
else
    echo "left out without root: a user of the host who is a stranger"
fi
finish
