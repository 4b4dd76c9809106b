# Makes a scenario of each combination that a file of tests/matrix tells, and
# says which combination is told by none, and which by two.
#     awk -v to=DIRECTORY -f matrix.awk combinations SITUATION ...
# writes DIRECTORY/"SITUATION COMBINATION", and DIRECTORY/SITUATION of what is
# to be done once before; ends with 1 when there is a gap.
# SPDX-License-Identifier: BSD-2-Clause

function fail(text) {
    print "not ok - matrix: " text
    failed = 1
}

# "[a|b]": without, with a, with b; "a|b": with one of the two.
function alternatives(word, choices,    count) {
    sub(/\]$/, "", word)
    count = split(substr(word, word ~ /^\[/ ? 2 : 1), choices, "|")
    if (word ~ /^\[/)
        choices[++count] = ""
    return count
}

# Adds to made[] all combinations of words[at] and those behind it.
function combine(at, so_far,    choices, count, i) {
    if (at > word_count) {
        made[++made_count] = so_far
        return
    }
    count = alternatives(words[at], choices)
    for (i = 1; i <= count; i++)
        combine(at + 1, so_far (choices[i] == "" ? "" : " " choices[i]))
}

# The combinations of the fields from the second on, in the order of the words
# in the file "combinations", so that each has one name.
function read_case(    i) {
    word_count = NF - 2
    for (i = 3; i <= NF; i++)
        words[i - 2] = $i
    combine(1, $2)
}

function has(combination, word) {
    return index(" " combination " ", " " word " ") > 0
}

function arguments(combination,    list, i, count, text) {
    count = split(combination, list, " ")
    for (i = 2; i <= count; i++)
        if (!(list[i] in is_flag))
            text = text " " list[i]
    return text with
}

function flags(combination,    word, text) {
    for (word in is_flag)
        if (has(combination, word))
            text = text " " word
    return text
}

# What a module above has asked for is there when an argument says to take it.
function hands(combination,    first, text) {
    first = has(combination, "use_first_pass") ||
            has(combination, "try_first_pass")
    if (first)
        text = "stack auth required pam_hand.so authtok=" old "\n" \
               "stack password required pam_hand.so oldauthtok=" old "\n"
    if (has(combination, "use_authtok"))
        text = text "stack password required pam_hand.so authtok=" new "\n"
    return text
}

function play(combination,    file, text, type) {
    file = to "/" situation " " combination
    text = body
    gsub(/\$\{access\}/, has(combination, "access=api") ? "api" : "dashboard",
         text)
    gsub(/\$\{flags\}/, flags(combination), text)
    printf "%s%s", head, hands(combination) >file
    for (type = 1; type <= 4; type++)
        print "stack " types[type] " required pam_bw.so" \
              arguments(combination) >file
    printf "%s", text >file
    close(file)
}

# The cases that stand together have the text behind them in common.
function end_block(    i) {
    for (i = 1; i <= made_count; i++) {
        if (!(made[i] in wanted))
            fail(situation ": no such combination: " made[i])
        if (told[situation, made[i]]++)
            fail(situation ": told twice: " made[i])
        play(made[i])
    }
    made_count = 0
    body = ""
}

function end_file(    combination) {
    if (situation == "")
        return
    end_block()
    for (combination in wanted)
        if (!((situation, combination) in told))
            fail(situation ": not told: " combination)
}

BEGIN {
    split("auth account password session", types, " ")
    is_flag["silent"]
    is_flag["if-expired"]
}

FNR == 1 {
    end_file()
    situation = FILENAME
    sub(/.*\//, "", situation)
    if (situation == "combinations")
        situation = ""
    head = with = old = new = ""
    in_case = 0
}

situation == "" && $1 == "case" {
    read_case()
    for (i = 1; i <= made_count; i++)
        wanted[made[i]]
    made_count = 0
    next
}

situation == "" || /^#/ || NF == 0 { next }

$1 == "case" {
    if (body != "")
        end_block()
    in_case = 1
    read_case()
    next
}

in_case {
    if (/^(authenticate|acct_mgmt|chauthtok|setcred|open_session|close_session)/)
        body = body $0 "${flags}\n"
    else
        body = body $0 "\n"
    next
}

$1 == "once" {
    sub(/^once /, "")
    print >to "/" situation
    next
}
$1 == "with" { sub(/^with/, ""); with = $0; next }
$1 == "token" { old = $2; new = $3; next }
{ head = head $0 "\n" }

END {
    end_file()
    exit failed
}
