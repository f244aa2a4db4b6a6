#!/bin/bash
# Makes a datadir with sample data, by the very server that will run on it, and packs it as a tar.
# sample-datadir.sh ROOT VENDOR CLUSTER ROWS_DIR OUT.tar
# Runs in a mount and process namespace of its own: whatever interrupts it, nothing stays mounted or running.
set -euo pipefail
if [[ ${DRILL_INSIDE:-} != yes ]]; then
  DRILL_INSIDE=yes exec unshare --mount --propagation private --pid --fork --kill-child -- "$0" "$@"
fi
root=$1 vendor=$2 cluster=$3 rows=$4 out=$5

scratch=$out.datadir
rm -rf "$scratch"
mkdir -p "$scratch"
mount --bind "$scratch" "$root/mnt"
mount --bind "$rows" "$root/media"
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
mount -t tmpfs tmpfs "$root/run"
mount -t tmpfs tmpfs "$root/tmp"
chroot "$root" chown mysql:mysql /mnt
socket=/run/sample.sock

options=(--no-defaults --datadir=/mnt --user=mysql --socket="$socket" --pid-file=/run/sample.pid --tmpdir=/tmp
  --skip-networking --skip-log-bin --innodb-doublewrite=0 --innodb-buffer-pool-size=512M
  --innodb-flush-log-at-trx-commit=0 --secure-file-priv=/media --log-error=/tmp/error.log)
if [[ $vendor == mysql ]]; then
  server=mysqld client=mysql
  options+=(--innodb-redo-log-capacity=16M --mysqlx=OFF)
  chroot "$root" mysqld "${options[@]}" --initialize-insecure
else
  # The only names that MariaDB 11 has.
  server=mariadbd client=mariadb
  options+=(--innodb-log-file-size=16M --innodb-buffer-pool-size-max=512M)
  chroot "$root" mariadb-install-db --no-defaults --datadir=/mnt --user=mysql --auth-root-authentication-method=socket \
    --skip-test-db --force >"$root/tmp/install.log" || { cat "$root/tmp/install.log" >&2; exit 1; }
fi

fail() { cat "$root/tmp/error.log" >&2; exit 1; }
mkdir -p "$root/run/mysqld"
chmod 777 "$root/run"
chroot "$root" "$server" "${options[@]}" &
server_pid=$!
sql() { chroot "$root" "$client" --no-defaults --socket="$socket" --user=root --batch "$@"; }
for _ in $(seq 300); do
  sql -e 'SELECT 1' >/dev/null 2>&1 && break
  kill -0 "$server_pid" 2>/dev/null || fail
  sleep 0.2
done

if [[ $vendor == mysql ]]; then
  sql -e 'ALTER INSTANCE DISABLE INNODB REDO_LOG;'
fi
sql <<SQL
CREATE DATABASE drill;
CREATE TABLE drill.ledger (id BIGINT PRIMARY KEY, note VARCHAR(120) NOT NULL, digest CHAR(64) NOT NULL) CHARACTER SET utf8mb4;
INSERT INTO drill.ledger VALUES (0, 'the first page', SHA2('the first page', 256));
CREATE DATABASE $cluster;
USE $cluster;
CREATE TABLE customers (
  id INT PRIMARY KEY, name VARCHAR(80) NOT NULL, email VARCHAR(120) NOT NULL, city VARCHAR(60) NOT NULL,
  credit DECIMAL(12,2) NOT NULL, joined DATETIME NOT NULL, KEY (email)) CHARACTER SET utf8mb4;
CREATE TABLE orders (
  id INT PRIMARY KEY, customer_id INT NOT NULL, state ENUM('open','paid','sent','back') NOT NULL,
  total DECIMAL(12,2) NOT NULL, placed DATETIME NOT NULL, address VARCHAR(160) NOT NULL, remark TEXT NOT NULL,
  KEY (customer_id)) CHARACTER SET utf8mb4;
LOAD DATA INFILE '/media/customers.tsv' INTO TABLE customers CHARACTER SET utf8mb4;
LOAD DATA INFILE '/media/orders.tsv' INTO TABLE orders CHARACTER SET utf8mb4;
SQL
if [[ $vendor == mysql ]]; then
  sql -e 'ALTER INSTANCE ENABLE INNODB REDO_LOG;'
  # Debian's root logs in by the socket, with no password; a datadir made by hand has neither until told.
  sql -e "INSTALL PLUGIN auth_socket SONAME 'auth_socket.so'; ALTER USER root@localhost IDENTIFIED WITH auth_socket;"
fi
sql -e SHUTDOWN
wait "$server_pid"

# Each host makes its own identity and certificates.
tar -cf "$out" -C "$scratch" --numeric-owner --exclude=./auto.cnf --exclude='./*.pem' --exclude='./#innodb_temp' \
  --exclude=./ibtmp1 .
umount "$root/mnt"
rm -rf "$scratch"
