#!/bin/sh
# Names of channels and other texts of a server, which may contain anything (a newline, a quote, a backslash), as
# hexadecimal only; and statements that contain them. A fragment of applier.sh, seed-account.sh and seed-before.sh. So
# no answer of a server is ever a line of a file, a statement, or a command of the client: a hostile server could make
# root run it.

# to_hex TEXT
to_hex() { printf '%s' "$1" | od -An -v -tx1 | tr -d ' \n' | tr a-f A-F; }

# prepared HEX: one statement for the client, with no word that the client itself would interpret (system, delimiter,
# \!).
prepared() { printf 'SET @reseed_words = CONVERT(0x%s USING utf8mb4);\nPREPARE reseed_words FROM @reseed_words;\nEXECUTE reseed_words;\n' "$1"; }

# quoted HEX: an SQL string for sql_mode ''.
quoted() { printf '27%s27' "$(printf '%s' "$1" | sed 's/../& /g; s/27 /2727 /g; s/5[Cc] /5C5C /g; s/ //g')"; }

# channel_words MYSQL_OR_MARIADB WORDS HEX [REST]: `WORDS REST FOR CHANNEL 'name'`, or `WORDS 'name' REST` of MariaDB, in hexadecimal.
channel_words() {
  case $1 in
    mariadb) printf '%s%s%s' "$(to_hex "$2 ")" "$(quoted "$3")" "$(to_hex "${4:+ $4}")" ;;
    *) printf '%s%s' "$(to_hex "$2${4:+ $4} FOR CHANNEL ")" "$(quoted "$3")" ;;
  esac
}

# plain_text HEX: for a message, with ? for everything but printable ASCII.
plain_text() {
  printf '%s\n' "$1" | awk '{
    for (i = 1; i < length($0); i += 2) {
      at = (index("0123456789ABCDEF", substr($0, i, 1)) - 1) * 16 + index("0123456789ABCDEF", substr($0, i + 1, 1)) - 1
      out = out (at < 32 || at > 126 ? "?" : sprintf("%c", at))
    }
    print out
  }'
}

# threads_told: SHOW ... STATUS as --batch prints it without --raw, on standard input -> for each channel `IO SQL
# IO_ERROR SQL_ERROR .HEX`: the states of the two threads (Yes, No, Connecting, ...), the numbers of their errors, and
# the name. Fails if the input is not that.
threads_told() {
  awk -F '\t' '
    function hex(text,    i, c, out) {
      out = ""
      for (i = 1; i <= length(text); i++) {
        c = substr(text, i, 1)
        if (c == "\\") {
          c = substr(text, ++i, 1)
          if (c == "0") { out = out "00"; continue }
          if (c == "n") c = "\n"
          if (c == "t") c = "\t"
        }
        out = out hex_of[c]
      }
      return out
    }
    function word(at) { return at && $at ~ /^[A-Za-z]+$/ ? $at : bad() }
    function number(at) { return at && $at ~ /^[0-9]+$/ ? $at : bad() }
    function bad() { failed = 1; exit 1 }
    BEGIN { for (i = 1; i < 256; i++) hex_of[sprintf("%c", i)] = sprintf("%02X", i) }
    NR == 1 {
      for (i = 1; i <= NF; i++) {
        if ($i ~ /^(Slave|Replica)_IO_Running$/) io = i
        if ($i ~ /^(Slave|Replica)_SQL_Running$/) sql = i
        if ($i == "Last_IO_Errno") io_error = i
        if ($i == "Last_SQL_Errno") sql_error = i
        if ($i ~ /^(Channel_Name|Connection_name)$/) name = i
      }
      if (!name) bad()
      next
    }
    NF < name { bad() }
    { print word(io) " " word(sql) " " number(io_error) " " number(sql_error) " ." hex($name) }
    END { exit failed }'
}
