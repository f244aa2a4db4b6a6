#!/bin/sh
# shellcheck disable=SC2154  # declare_words assigns the words; rename_by and its words: stage-folder.sh
# The target's side of a seed by MySQL's CLONE, while its own server runs on the old data: the new data is made by a server of the job's own.
#   seed-clone.sh run datadir=DATADIR job=JOB owner=OWNER host=HOST port=PORT rate=MIB compress=ON|OFF streams=N gtid=ON|OFF plugin=keep|remove program=PATH option=OPTION...
#     the work of a unit (unit.sh). OWNER: the account of the server, user:group; HOST PORT: the donor; RATE: MiB a second, 0: no limit;
#     plugin: whether the new data keeps the plugin clone, which comes with the data of the donor; PATH: of the program of
#     the target's own server; empty: not known; OPTION: for each server that is started, --innodb-page-size=16K
#   seed-clone.sh open job=JOB      from standard input the certificate of the donor's authority: the unit that waits for it goes on
#   seed-clone.sh limit job=JOB bytes=BYTES     of a clone that runs: bytes a second, of which it counts whole MiB; 0: no limit
# The unit's progress: `starting WORDS`, `hash HEX` (of the password that it has chosen: it waits for `open`), `copy ROWS` (of
# performance_schema.clone_progress: STAGE|STATE|ESTIMATE|DATA|NETWORK, each ended by a semicolon), `proving`. Its last lines tell where the data stands:
# log FILE POSITION, gtid SET, lsn NUMBER, bytes NUMBER.
# In the mounts of the unit alone, DATADIR is .reseed-JOB/clone of the datadir: so the server has the paths that AppArmor or SELinux allow it,
# can not reach the old data, and no other process reaches its socket. It has no network port. Its data is a new, empty one;
# that of the donor comes to lie in DATADIR/new. A second start on that recovers it, says where it stands, and removes the account of the job.
# Then it becomes .reseed-JOB/new. `cloned` there says that it is whole.
set -u
umask 077
verb=$1
shift
case $verb in
  run) declare_words 'datadir job owner host port rate compress streams gtid plugin program option...' "$@" ;;
  open) declare_words job "$@" ;;
  limit) declare_words 'job bytes' "$@" ;;
  *) unknown_verb "$verb" ;;
esac
case $job in *[!a-z0-9]* | '') refuse "no key of a job: $job" ;; esac

folder=/run/reseed/$job/clone
if [ "$verb" = limit ]; then
  case $bytes in *[!0-9]* | '') refuse "no number of bytes: $bytes" ;; esac
  if [ "$bytes" -gt 0 ] && [ "$bytes" -lt 1048576 ]; then refuse 'CLONE has no limit below 1 MiB a second: 1M, or none'; fi
  [ -d "$folder" ] || fail 'nothing is cloned there yet'
  echo "$((bytes / 1048576))" >"$folder/rate.part" && mv "$folder/rate.part" "$folder/rate"
  exit
fi
if [ "$verb" = open ]; then
  [ -d "$folder" ] || refuse 'nothing waits for it'
  head -c 65536 >"$folder/authority.part" && mv "$folder/authority.part" "$folder/authority"
  exit
fi

# They are parts of statements.
case $datadir in *[\'\"\\[:cntrl:]]*) refuse 'a datadir with quotes or backslashes in its name can not be cloned to' ;; esac
case $host in *[!A-Za-z0-9.:_-]* | '') refuse "no address of a donor: $host" ;; esac
case $port$rate$streams in *[!0-9]* | '') refuse 'no number of a port, rate or streams' ;; esac
if [ -z "${RESEED_INSIDE-}" ]; then RESEED_INSIDE=yes exec unshare --mount /bin/sh "$RESEED_FOLDER/script"; fi
mount --make-rprivate / || exit 1
datadir=$(readlink -f -- "$datadir") || refuse 'the datadir is not there'
enter_stage "$datadir" "$job" || refuse "nothing was prepared in $datadir by job $job"
case $(cat phase) in new | cleared) ;; *) refuse "the new data of job $job is in use" ;; esac
if [ -e cloned ]; then
  cat cloned
  exit
fi

tell() { printf '%s\n' "$1" >>"$RESEED_FOLDER/progress"; }
# Of what an interrupted try left, nothing can be used.
rm -rf --one-file-system clone new && mkdir new clone && chown -h "$owner" new clone || exit 1
cd -P clone || exit 1
as_account "$owner" mkdir tmp || exit 1
# By no name that the account of the server could have exchanged.
mount --no-canonicalize --bind . "$datadir" || exit 1

server=''
end_server() {
  [ -z "$server" ] || kill "$server" 2>/dev/null
  exit 1
}
trap end_server TERM INT HUP
# serve OPTION...: without the network, its own option files, and what a small server can do without.
serve() {
  eval "set -- $option \"\$@\""
  (cd / && become "$owner" "${program:-mysqld}" --no-defaults "$@" "--tmpdir=$datadir/tmp" "--log-error=$datadir/server.err" \
    "--pid-file=$datadir/pid" "--socket=$datadir/socket" --skip-networking --loose-mysqlx=OFF --skip-log-bin --server-id=1 \
    --secure-file-priv=NULL --loose-auto-generate-certs=OFF --loose-caching-sha2-password-auto-generate-rsa-keys=OFF \
    --loose-sha256-password-auto-generate-rsa-keys=OFF --max-connections=8 --table-open-cache=64 --table-definition-cache=400 \
    --innodb-log-buffer-size=4M --key-buffer-size=8K --host-cache-size=0 --performance-schema-instrument=%=OFF \
    --performance-schema-digests-size=0 --performance-schema-error-size=0 --performance-schema-max-table-instances=200 \
    --performance-schema-events-statements-history-long-size=0 --performance-schema-events-waits-history-long-size=0 \
    --performance-schema-events-stages-history-long-size=0 --performance-schema-events-transactions-history-long-size=0 \
    --performance-schema-max-index-stat=0 --performance-schema-max-metadata-locks=0 --performance-schema-max-program-instances=0 \
    --performance-schema-max-mutex-classes=0 --performance-schema-max-cond-classes=0 --performance-schema-max-rwlock-classes=0 \
    --performance-schema-max-memory-classes=0 --performance-schema-max-statement-classes=0) &
  server=$!
}
# No login of this host's: neither its option files nor its login paths are those of this server.
unset MYSQL_PWD
export MYSQL_TEST_LOGIN_FILE=/dev/null
say() { sql_client /dev/null "$datadir/socket" --user=root --batch --skip-column-names --raw 2>&1; }
# Read as the account: its file.
last_words() { as_account "$owner" tail -n 200 -- "$datadir/server.err" 2>/dev/null | grep -a '\[ERROR\]' | tail -n 3; }
lost() {
  last_words
  kill "$server" 2>/dev/null
  fail "$1"
}
until_ready() {
  until server_answers /dev/null "$datadir/socket"; do
    [ -z "$client_refused" ] || lost "the server of the job is not asked: $client_refused"
    kill -0 "$server" 2>/dev/null || lost "$1"
    sleep 0.3
  done
}
shut_down() {
  kill "$server" 2>/dev/null
  wait "$server" || lost "$1"
  server=''
}

# The limit may be changed while it clones.
use_rate() {
  { read -r asked <"$RESEED_FOLDER/rate"; } 2>/dev/null || return 0
  [ "$asked" != "$rate" ] || return 0
  if said=$(printf '%s\n' "SET GLOBAL clone_max_network_bandwidth = $asked, GLOBAL clone_max_data_bandwidth = $asked;" | say); then
    rate=$asked
  else
    printf 'the limit of %s MiB a second is not set: %s\n' "$asked" "$said"
  fi
}
tell 'starting a server of the job'
serve "--datadir=$datadir/server" --initialize-insecure --performance-schema=OFF --loose-innodb-redo-log-capacity=33554432
wait "$server" || lost 'a new, empty datadir could not be made'
limits=''
if [ "$rate" != 0 ]; then limits="--loose-clone-max-network-bandwidth=$rate --loose-clone-max-data-bandwidth=$rate"; fi
# shellcheck disable=SC2086  # words
serve "--datadir=$datadir/server" --innodb-buffer-pool-size=32M --plugin-load-add=mysql_clone.so "--loose-clone-valid-donor-list=$host:$port" \
  "--loose-clone-enable-compression=$compress" "--loose-clone-max-concurrency=$streams" --loose-clone-ddl-timeout=300 $limits
until_ready 'the server of the job did not start'

secret=Aa1-$(head -c 30 /dev/urandom | od -An -tx1 | tr -d ' \n')
hash=$(printf '%s\n' "CREATE USER 'reseed_$job'@'%' IDENTIFIED WITH caching_sha2_password BY '$secret';
  SELECT HEX(authentication_string) FROM mysql.user WHERE user = 'reseed_$job';" | say) || lost "no password could be made: $hash"
tell "hash $hash"
waited=0
until [ -e "$RESEED_FOLDER/authority" ]; do
  [ "$waited" -lt 1800 ] || lost 'the job did not open the account on the donor within 15 min'
  waited=$((waited + 1))
  sleep 0.5
done
# shellcheck disable=SC2016  # of the shell of the account
as_account "$owner" sh -c 'cat >"$0"' "$datadir/authority.pem" <"$RESEED_FOLDER/authority" || lost 'the certificate could not be written'

# In no argument, and in no file: some shells write a here-document into one.
printf '%s\n' "SET GLOBAL clone_ssl_ca = '$datadir/authority.pem';
  CLONE INSTANCE FROM 'reseed_$job'@'$host':$port IDENTIFIED BY '$secret' DATA DIRECTORY = '$datadir/new' REQUIRE SSL;" |
  say >"$RESEED_FOLDER/said" &
cloning=$!
rows="SELECT CONCAT('copy ', GROUP_CONCAT(CONCAT_WS('|', STAGE, STATE, ESTIMATE, DATA, NETWORK) SEPARATOR ';'), ';')
  FROM performance_schema.clone_progress"
while kill -0 "$cloning" 2>/dev/null; do
  use_rate
  progress=$(printf '%s\n' "$rows" | say | grep '^copy ') && tell "$progress"
  sleep 1
done
wait "$cloning" || lost "$(tr '\n' ' ' <"$RESEED_FOLDER/said")"
tell "$(printf '%s\n' "$rows" | say | grep '^copy ')"
bytes=$(echo 'SELECT SUM(NETWORK) FROM performance_schema.clone_progress' | say)
shut_down 'the server of the job did not end in order'

tell proving
serve "--datadir=$datadir/new" --innodb-buffer-pool-size=128M --plugin-load-add=mysql_clone.so --skip-grant-tables --event-scheduler=OFF \
  --loose-skip-slave-start "--gtid-mode=$gtid" "--enforce-gtid-consistency=$gtid"
until_ready 'a server did not start on the data that was cloned'
# In one session: with the privileges of the donor's data a new one may not be let in.
removal=''
if [ "$plugin" = remove ]; then removal='UNINSTALL PLUGIN clone;'; fi
facts=$(printf '%s\n' "SELECT CONCAT('log ', BINLOG_FILE, ' ', BINLOG_POSITION) FROM performance_schema.clone_status WHERE STATE = 'Completed';
  SELECT CONCAT('gtid ', REPLACE(GTID_EXECUTED, CHAR(10), '')) FROM performance_schema.clone_status WHERE STATE = 'Completed';
  SELECT CONCAT('own ', REPLACE(@@GLOBAL.gtid_executed, CHAR(10), ''));
  SELECT CONCAT('lsn ', STORAGE_ENGINES->>'\$.InnoDB.LSN') FROM performance_schema.log_status;
  SET SESSION sql_log_bin = 0;
  FLUSH PRIVILEGES;
  DROP USER IF EXISTS 'reseed_$job'@'%';
  $removal" | say) || lost "$facts"
printf '%s\n' "$facts" | grep -q '^log ' || lost 'the clone did not complete, as the server on it says'
shut_down 'a server on the data that was cloned did not end in order'

cd -P .. || exit 1
rmdir new && find clone/new -maxdepth 0 -exec "$rename_by" "$rename_how" "$rename_what" "$rename_into" . {} + || exit 1
if [ -L new ] || [ "$(stat -c %U:%G new)" != "$owner" ]; then fail 'the new data is not a folder of the account of the server'; fi
sync -f . && printf '%s\n' "$facts" "bytes $bytes" >cloned.part && mv cloned.part cloned && sync -f . || exit 1
rm -rf --one-file-system clone
cat cloned
