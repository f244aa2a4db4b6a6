#!/bin/sh
# Whether only root can change what a path leads to. A fragment of hook.sh, and of what has server-reads.sh or log-reader.sh.

# others_on_way PATH folders|program: ends with 0 if only root can write to each part of the path as it is written, and of where its links lead;
# else says which part another account can change. folders: what the path ends at may be of any account. program: it is root's too, and so are links; in
# a sticky folder no account can move or remove what is root's. If a part has an ACL, the bits of its group are the most that any entry there can
# give. Without an answer of namei it ends with 1.
others_on_way() {
  timeout -k 1 5 namei -l -- "$1" 2>/dev/null </dev/null | awk -v to="$2" '
    NR == 1 && /^f: / { next }
    / - No such file or directory$/ && to == "folders" { next }
    {
      name = $0
      sub(/^[^ ]+ +[^ ]+ +[^ ]+ +/, "", name)
      if (/^l/) sub(/ -> .*/, "", name)
      is_folder = /^d/
      is_judged = is_folder || to == "program"
      others_write = !/^l/ && (substr($1, 6, 1) == "w" || substr($1, 9, 1) == "w")
      if (is_folder && to == "program" && substr($1, 10, 1) ~ /[tT]/) others_write = 0
      if (!/^[-dlpcbs]/) why = "its way can not be seen to its end"
      else if (is_judged && $2 != "root") why = name " belongs to another account than root"
      else if (is_judged && others_write) why = "other accounts can write to " name
      if (is_folder) seen = 1
      if (why != "") exit
    }
    END {
      if (why == "" && !seen) why = "namei does not tell which accounts can change it"
      if (why != "") print why
      exit why != ""
    }'
}
