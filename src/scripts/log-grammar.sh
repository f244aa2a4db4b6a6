#!/bin/sh
# shellcheck disable=SC2016,SC2034  # of awk; log-events.sh has it
# What mysqlbinlog writes around the text of events, and what such a text may be. A fragment of salvage-look.sh, for log-events.sh. What is printed
# is what the client runs, so it is read as a client and a server read it; a text of which that is not certain is told as odd, and is not applied.
log_grammar_functions='
  function read_grammar(  gap) {
    numbers = "^(pseudo_thread_id|foreign_key_checks|sql_auto_is_null|unique_checks|autocommit|check_constraint_checks|sql_if_exists|sql_mode|auto_increment_increment|auto_increment_offset|default_collation_for_utf8mb4|lc_time_names|lc_messages|explicit_defaults_for_timestamp|system_versioning_insert_history|default_table_encryption|sql_require_primary_key)=-?[0-9]+$"
    charsets = "^(character_set_client|collation_connection|collation_server|collation_database)=(DEFAULT|[a-z0-9_]+)$"
    words = "^(time_zone|character_set_collations|binlog_row_value_options)=\047[A-Za-z0-9_+:=,/ -]*\047$"
    of_gtids = "^(original_commit_timestamp|original_server_version|immediate_server_version|server_id|gtid_domain_id|gtid_seq_no|skip_parallel_replication)=[0-9]+$"
    # What hides a letter from the server: strings, quoted names and comments. A comment of a version is one only for some servers: its quotes have to end in it.
    hiding = "\047([^\047\\\\]|\\\\(.|\n))*\047|\"([^\"\\\\]|\\\\(.|\n))*\"|`[^`]*`|#[^\n]*\n|--([\001-\011\013-\040][^\n]*)?\n" \
      "|/\\*([^*!M][^*]*)?\\*+([^/*][^*]*\\*+)*/|/\\*M?![0-9]*([^\047\"`\\\\;#*-]|\047[^\047\\\\*]*\047|`[^`\\\\*]*`)*\\*/"
    gap = "([ \t\n\r\f\v]|/\\*[^*]*\\*+([^/*][^*]*\\*+)*/|#[^\n]*\n|--[^\n]*\n|/\\*M?![0-9]*|\\*/)*"
    server_table = "(^|[^A-Z0-9_$])[`\"]?(MYSQL|SYS|PERFORMANCE_SCHEMA)[`\"]?" gap "\\."
  }
  # What mysqlbinlog sets before a statement, or before a GTID (`gtids`): these names, with a literal. Any other setting, as sql_log_bin, is the text of a statement.
  function is_set(part, gtids) { return gtids ? part ~ of_gtids : part ~ numbers || part ~ charsets || part ~ words }
  function is_setting(line, gtids,  parts, n, i) {
    if (!sub(/^SET @@session\./, "", line) || !sub(/\/\*!\*\/;$/, "", line)) return 0
    n = split(line, parts, /, ?@@session\./)
    for (i = 1; i <= n; i++) if (!is_set(parts[i], gtids)) return 0
    return 1
  }
  # The same in a comment of a version.
  function is_old_setting(line, gtids) {
    return sub(/^\/\*M?![0-9]+ SET @@session\./, "", line) && sub(/\*\/\/\*!\*\/;$/, "", line) && is_set(line, gtids)
  }
  # What mysqlbinlog writes around events.
  function is_frame(line) {
    return line ~ /^\/\*!(40019 SET @@session\.max_(insert_)?delayed_threads=0|50003 SET @OLD_COMPLETION_TYPE=@@COMPLETION_TYPE,COMPLETION_TYPE=0|50003 SET COMPLETION_TYPE=@OLD_COMPLETION_TYPE|50530 SET @@SESSION\.PSEUDO_(SLAVE|REPLICA)_MODE=[01])\*\/;$/ ||
      line ~ /^\/\*!50718 SET TRANSACTION ISOLATION LEVEL [A-Z ]+\*\/\/\*!\*\/;$/ || line ~ /^DELIMITER (;|\/\*!\*\/;)$/ || line ~ /^(COMMIT|ROLLBACK) \/\* added by mysqlbinlog \*\/;?( ?\/\*!\*\/;)?$/
  }
  function is_next_gtid(line) { return line ~ /^SET @@SESSION\.GTID_NEXT= \047[0-9a-zA-Z:_-]*\047 ?(\/\* added by mysqlbinlog \*\/)? ?\/\*!\*\/;$/ }
  # A variable of the user, as an event of its own: a literal.
  function is_variable(line) {
    return line ~ /^SET @`[^`]*`:=(NULL|-?[0-9][0-9.]*(e[+-]?[0-9]+)?|_[a-z0-9]+ (X\047[0-9A-Fa-f]*\047|0x[0-9A-Fa-f]+|\047\047) COLLATE `?[a-z0-9_]+`?)\/\*!\*\/;$/
  }
  # Before the text of a statement. What its strings are depends on two of these, which are kept.
  function is_before(line) {
    if (line ~ /^SET TIMESTAMP=[0-9]+(\.[0-9]+)?\/\*!\*\/;$/) return 1
    if (line ~ /^\/\*!\\C [a-z0-9_]+ \*\/\/\*!\*\/;$/) { split(line, parts_of_line, " "); said_charset = parts_of_line[2]; return 1 }
    if (!is_setting(line) && !is_old_setting(line)) return 0
    if (match(line, /[.]sql_mode=[0-9]+/)) { mode = substr(line, RSTART + 10, RLENGTH - 10) + 0; mode_known = 1 }
    if (match(line, /[.]character_set_client=[a-z0-9_]+/)) charset = substr(line, RSTART + 22, RLENGTH - 22)
    return 1
  }
  function has_bit(bit) { return int(mode / bit) % 2 }
  # Its letters of several bytes may end with a backslash or a backtick.
  function is_split(name) { return name ~ /^(big5|sjis|cp932|gbk|gb18030)/ || (name ~ /^[0-9]+$/ && (name % 1024) ~ /^(1|84|13|88|28|87|95|96|248|249|250)$/) }
  # Whether strings of this session may end elsewhere than those of others.
  function is_own_kind() { return has_bit(1048576) || is_split(charset) || is_split(said_charset) }
  function unsure_why(text) {
    if (index(text, "\\") && (!mode_known || has_bit(1048576) || (has_bit(4) && index(text, "\"")))) return "a backslash in a session whose sql_mode has NO_BACKSLASH_ESCAPES or ANSI_QUOTES, or is not told"
    if (text ~ /[\\`]/ && text ~ /[\200-\377]/ && (charset == "" || is_split(charset) || is_split(said_charset))) return "a session whose character set has letters that end with a backslash or a backtick"
    return ""
  }
  # The text without what hides letters, in `shown`; why it is not certain, or nothing.
  function shown_why(text) {
    shown = toupper(text) "\n"
    gsub(hiding, " ", shown)
    sub(/;[ \t\n\r]*$/, "", shown)
    gsub(/[\t\n\r\f\v]/, " ", shown)
    if (unsure_why(text) != "") return unsure_why(text)
    return shown ~ /[\047"`]|\/\*|\*\// ? "quotes or a comment that do not end" : ""
  }
  # Why the text could be more than one statement, which a client would say one after the other: a log has one. A routine has some in its body.
  # cut: its end is not in the text, and has a semicolon (`later`).
  function several_why(text, cut, later,  why) {
    if (!later && !index(text, ";")) return ""
    why = shown_why(text)
    if (shown ~ /^ *(CREATE|ALTER) +(OR +REPLACE +)?(DEFINER *= *[A-Z0-9_.%@() ]* )?(AGGREGATE +)?(PROCEDURE|FUNCTION|TRIGGER|EVENT|PACKAGE) /) return cut ? "" : why
    if (cut) return "a semicolon in a statement of more than 64 KiB"
    if (why != "") return why
    return shown ~ /;/ ? "more than one statement in one event" : ""
  }
  # Whether it names a table of the server itself.
  function names_server(text) {
    text = toupper(text)
    if (text !~ server_table) return 0
    # Perhaps in a string alone.
    if (text ~ /\/\*M?!/ || shown_why(text) != "") return 1
    gsub(/`MYSQL`|"MYSQL"/, "MYSQL", text); gsub(/`SYS`|"SYS"/, "SYS", text); gsub(/`PERFORMANCE_SCHEMA`|"PERFORMANCE_SCHEMA"/, "PERFORMANCE_SCHEMA", text)
    text = text "\n"
    gsub(hiding, " ", text)
    return text ~ server_table
  }
'
