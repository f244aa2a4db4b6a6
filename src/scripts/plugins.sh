#!/bin/sh
# What a server loads at each start because its own tables name it (INSTALL PLUGIN, INSTALL SONAME, INSTALL COMPONENT): a seed replaces these
# tables by the donor's. And the options of its next start: a server does not start with an option of a plugin that is not loaded. A
# fragment of seed-facts.sh, which has variables, value_of, defaults_file and socket. Reads only.

# shellcheck disable=SC2154  # of the script
plugins_client() { client_limit='timeout 10' sql_client "$defaults_file" "$socket" --batch --skip-column-names -e "$1" 2>&1; }

# tell_plugins: of a running server `own_plugin NAME LIBRARY STATUS MATURITY` for each row of mysql.plugin (STATUS `-`: it was not loaded;
# MATURITY `-`: MySQL has none), and `own_component URN`. `unanswered plugins`: the server did not tell.
tell_plugins() {
  # Only MariaDB has that variable, and that column.
  maturity="'-'"
  if [ -n "$(value_of plugin_maturity)" ]; then maturity="IFNULL(i.PLUGIN_MATURITY, '-')"; fi
  if ! told=$(plugins_client "SELECT CONCAT('own_plugin ', p.name, ' ', p.dl, ' ', IFNULL(i.PLUGIN_STATUS, '-'), ' ', $maturity) FROM mysql.plugin p
      LEFT JOIN information_schema.PLUGINS i ON LOWER(i.PLUGIN_NAME) = LOWER(p.name) ORDER BY p.name"); then
    echo 'unanswered plugins'
    return
  fi
  printf '%s\n' "$told" | sed -n '/^own_plugin /p'
  if told=$(plugins_client "SELECT CONCAT('own_component ', component_urn) FROM mysql.component ORDER BY component_urn"); then
    printf '%s\n' "$told" | sed -n '/^own_component /p'
  else
    # MariaDB and MySQL 5.7 have no components.
    case $told in *'ERROR 1146 '*) ;; *) echo 'unanswered plugins' ;; esac
  fi
}

# tell_libraries: `library FILE`, the files that the server could load.
tell_libraries() {
  find "$(value_of plugin_dir)" -maxdepth 1 -name '*.so' -printf 'library %f\n' 2>/dev/null | grep -E '^library [A-Za-z0-9_.+-]+$' | sort | head -n 300
}

# tell_options UNIT SECONDS: `option NAME` for each option that the next start reads, without those with loose-: it ignores these where it does not
# know them. No value, but `option_loads PLUGINS` of those that load plugins. `options_unread WHY`: not known.
tell_options() {
  # Another account may be unable to read all option files, and the program would ignore those.
  if [ "$(id -u)" != 0 ]; then echo 'options_unread only root reads all option files of a server' && return; fi
  if [ "$2" -lt 2 ]; then echo 'options_unread the other looks took all the time' && return; fi
  if ! given=$(stand_in "$1" "$2" && options_given); then
    # Otherwise it is the reason.
    case $given in *--* | '') given='its program did not tell which option files it reads' ;; esac
    printf '%s\n' "options_unread $given"
    return
  fi
  printf '%s\n' "$given" | awk '
    !sub(/^--/, "") { next }
    {
      at = index($0, "="); name = at ? substr($0, 1, at - 1) : $0; value = at ? substr($0, at + 1) : ""
      gsub(/-/, "_", name)
      is_loose = sub(/^loose_/, "", name)
      # It replaces what was said to load before.
      if (name == "plugin_load") n = 0
      if (name == "early_plugin_load") early = value
      else if (name ~ /^plugin_load(_add)?$/) loads[++n] = value
      else if (!is_loose && name ~ /^[A-Za-z0-9_.]+$/ && !(name in seen)) { seen[name] = 1; print "option " name }
    }
    END { if (early != "") print "option_loads " early; for (i = 1; i <= n; i++) if (loads[i] != "") print "option_loads " loads[i] }'
}
