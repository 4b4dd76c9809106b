# Prints "PASSED FAILED SKIPPED" for stage logs and automake .trs files; the
# cases of a test are taken from the log beside its .trs file.
# SPDX-License-Identifier: BSD-2-Clause

# Cases of one test's log: cmocka's lines, or ok - / not ok - / skip - lines.
function cases(file,    line, running)
{
    ok = bad = skip = 0
    while ((getline line < file) > 0) {
        if (line ~ /^\[=+\] Running/) running = 1
        else if (line ~ /^\[=+\] .* run\.$/) running = 0
        else if (running && line ~ /^\[ +OK \]/) ok++
        else if (running && line ~ /^\[ +FAILED +\]/) bad++
        else if (running && line ~ /^\[ +SKIPPED \]/) skip++
        else tap(line)
    }
    close(file)
}

function tap(line)
{
    if (line ~ /^ok ([0-9]+ )?- /) ok++
    else if (line ~ /^not ok ([0-9]+ )?- /) bad++
    else if (line ~ /^skip - /) skip++
}

# One test: its result stands where its log names no cases that explain it.
function test(file, result,    log_file)
{
    log_file = file
    sub(/\.trs$/, ".log", log_file)
    cases(log_file)
    if (result == "SKIP") skip += (skip == 0)
    else if (result != "PASS") bad += (bad == 0)
    else ok += (ok + bad + skip == 0)
    passed += ok; failed += bad; skipped += skip
}

FILENAME ~ /\.trs$/ {
    if ($1 == ":test-result:") test(FILENAME, $2)
    next
}

{
    ok = bad = skip = 0
    tap($0)
    passed += ok; failed += bad; skipped += skip
}

END { print passed + 0, failed + 0, skipped + 0 }
