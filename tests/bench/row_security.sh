#!/usr/bin/env bash
# What row-level security costs: the same question with and without it, in one session each.
#
#   tests/bench/row_security.sh URL [STATEMENTS] [ROUNDS]
#
# URL names a database of caunoi's on this machine, as a superuser, whom policies do not bind: the measure of "without".
# Writes nothing. Rounds take turns, so that a busy machine disturbs all alike; the medians are told, per question:
# CPU of the server's process (from /proc, in ticks of 10 ms, so ask a few thousand times) and elapsed time, both in µs.
set -euo pipefail
url=${1:?a URL}
statements=${2:-4000}
rounds=${3:-7}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

columns="province_id, number, code, version, publication, published_at_us, updated_at_us, pending, last_version, content, first_earliest"
newest="ORDER BY first_earliest DESC, province_id DESC, number DESC LIMIT 50"
published="slot = 'PUBLISHED'"
of_province="(slot = 'PUBLISHED' AND (pending IS NULL OR NOT province_id = 1) OR slot = 'WORKING' AND province_id = 1)"
of_ministry="(slot = 'PUBLISHED' AND (pending IS NULL OR NOT province_id = 0 AND pending <> 'SUBMITTED')
    OR slot = 'WORKING' AND (province_id = 0 OR publication = 'SUBMITTED'))"
in_force="EXISTS (SELECT 1 FROM agreement_span AS span WHERE span.province_id = agreement.province_id
    AND span.number = agreement.number AND span.slot = agreement.slot AND span.status = 'IN_FORCE'
    AND span.from_on <= DATE '2026-01-01' AND span.to_on >= DATE '2026-01-01')"
found="(province_id, number, slot) IN (SELECT province_id, number, slot FROM search_word
    WHERE kind = 'AGREEMENT' AND word >= 'thoa' AND word < 'thoa~')"

page="SELECT $columns FROM agreement WHERE"
# NAME|ROLE|BEFORE EACH|QUESTION|AFTER EACH
cases=(
    "50 agreements, without|none||$page $published $newest|"
    "50 agreements, public|caunoi_public||$page $published $newest|"
    "50 in force, without|none||$page $published AND $in_force $newest|"
    "50 in force, public|caunoi_public||$page $published AND $in_force $newest|"
    "50 by a word, without|none||$page $published AND $found $newest|"
    "50 by a word, public|caunoi_public||$page $published AND $found $newest|"
    "50 of a province, without|none||$page $of_province AND province_id = 1 $newest|"
    "50 of a province, setting of the session|caunoi_app||$page $of_province AND province_id = 1 $newest|"
    "50 of a province, of each transaction|caunoi_app|BEGIN; SET LOCAL app.province = 1;|$page $of_province AND province_id = 1 $newest|COMMIT;"
    "one of a province, without|none||$page $of_province AND code = 'AGR-0001'|"
    "one of a province, setting of the session|caunoi_app||$page $of_province AND code = 'AGR-0001'|"
    "one of a province, of each transaction|caunoi_app|BEGIN; SET LOCAL app.province = 1;|$page $of_province AND code = 'AGR-0001'|COMMIT;"
    "50 submitted in force, without|none||$page $of_ministry AND publication = 'SUBMITTED' AND $in_force $newest|"
    "50 submitted in force, ministry|caunoi_ministry||$page $of_ministry AND publication = 'SUBMITTED' AND $in_force $newest|"
)

run() {
    local role before question after
    IFS='|' read -r -d '' _ role before question after < <(tr '\n' ' ' <<<"$1") || true
    {
        echo "\\set QUIET 1"
        echo "SET ROLE $role; SET app.province = 1; SET plan_cache_mode = force_generic_plan;"
        echo "PREPARE asked AS $question;"
        echo "SELECT pg_backend_pid() AS pid \\gset"
        echo "\\setenv PID :pid"
        echo "\\o /dev/null"
        for _ in 1 2 3; do echo "$before EXECUTE asked; $after"; done
        echo "\\! awk '{print \$14 + \$15}' /proc/\$PID/stat; date +%s%N"
        # One statement a line, so that each is a round trip of its own.
        for ((i = 0; i < statements; i++)); do
            printf '%s\nEXECUTE asked;\n%s\n' "${before// SET/$'\n'SET}" "$after"
        done
        echo "\\! awk '{print \$14 + \$15}' /proc/\$PID/stat; date +%s%N"
    } >"$folder/script"
    psql -X -q -v ON_ERROR_STOP=1 -d "$url" -f "$folder/script" |
        awk -v n="$statements" 'NR == 1 {cpu = $1} NR == 2 {at = $1} NR == 3 {cpu = ($1 - cpu) * 10000 / n} NR == 4 {at = ($1 - at) / 1000 / n}
            END {printf "%.0f %.0f\n", cpu, at}'
}

for ((round = 0; round < rounds; round++)); do
    for i in "${!cases[@]}"; do run "${cases[$i]}" >>"$folder/case.$i"; done
done
median() { awk -v column="$2" '{print $column}' "$1" | sort -n | awk '{all[NR] = $1} END {print all[int((NR + 1) / 2)]}'; }
printf '%-45s %10s %10s\n' question 'CPU µs' 'elapsed µs'
for i in "${!cases[@]}"; do
    printf '%-45s %10s %10s\n' "${cases[$i]%%|*}" "$(median "$folder/case.$i" 1)" "$(median "$folder/case.$i" 2)"
done
