#!/bin/sh
# Tables that are named one by one, as DATABASE.TABLE. Part of seed-dump.sh, seed-load.sh and tables.sh. Their names have letters, digits, _, - and $ alone:
# such a name is a word of a shell, of SQL between backquotes, and of a dump program, and nothing else.

# named_tables NAME...: `HEX(DATABASE) HEX(TABLE)`, with a tab between, a line each. Fails where a name has another form.
named_tables() {
  printf '%s\n' "$@" | awk '
    BEGIN { for (i = 33; i < 127; i++) hex[sprintf("%c", i)] = sprintf("%02X", i) }
    function in_hex(text,   i, out) { for (i = 1; i <= length(text); i++) out = out hex[substr(text, i, 1)]; return out }
    !/^[A-Za-z0-9_][A-Za-z0-9_$-]*\.[A-Za-z0-9_][A-Za-z0-9_$-]*$/ { exit 1 }
    { at = index($0, "."); print in_hex(substr($0, 1, at - 1)) "\t" in_hex(substr($0, at + 1)) }'
}
databases_of() { printf '%s\n' "$@" | sed 's/\..*//' | sort -u; }
# quoted NAME: `DATABASE`.`TABLE`
# shellcheck disable=SC2016  # quotes of SQL
quoted() { printf '`%s`.`%s`' "${1%%.*}" "${1#*.}"; }

# statements_of NAMED FILE: of the rows of sum_statements in FILE, those of the tables in NAMED.
statements_of() { awk -F '\t' 'NR == FNR { named[$1 "\t" $2]; next } ($1 "\t" $2) in named' "$1" "$2"; }

# has_data_directory FILE: an option of the table, or of a part of it: not the words in a comment, a name or a value, all of which have quotes.
has_data_directory() { tr '\n' ' ' <"$1" | sed -E "s/'[^']*'|\`[^\`]*\`//g" | grep -q 'DATA DIRECTORY'; }
