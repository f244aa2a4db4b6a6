// A second server on a host of the fleet, on a copy of a datadir: without network, and with no effect on the host's
// own.
import { onHost, printedOn, until } from './fleet.ts';

const scratch = '/var/tmp/drill-copy';
const unit = 'drill-copy';
const verify = '/usr/local/lib/drill/verify.sh';

// It has the host's own options except these: both servers must fit into the memory of a practice host.
const start = `set -e
mkdir ${scratch} ${scratch}/bin
cp -a "$DATADIR" ${scratch}/data
printf '#!/bin/sh\\nif [ "$1" = --no-defaults ]; then shift; fi\\nexec /usr/bin/mysql "$@" --socket=${scratch}/socket\\n' >${scratch}/bin/mysql
chmod 755 ${scratch}/bin/mysql
chown mysql: ${scratch}
server=$(command -v mysqld || command -v mariadbd)
case $("$server" --version) in
  *MariaDB*) set -- --skip-slave-start ;;
  *) set -- --skip-replica-start --mysqlx=OFF ;;
esac
systemd-run -q --unit=${unit} -p User=mysql "$server" --datadir=${scratch}/data --socket=${scratch}/socket \\
  --pid-file=${scratch}/pid --log-error=${scratch}/log --skip-networking --innodb-buffer-pool-size=16M \\
  --performance-schema=OFF $MORE "$@"`;

const state = `if ${scratch}/bin/mysql -e 'SELECT 1' >/dev/null 2>&1; then echo up
elif systemctl is-active -q ${unit}; then echo starting
else echo ended; tail -n 20 ${scratch}/log; fi`;

export interface ServerOnCopy {
  /** The rows, as mysql prints them without names. */
  sql(statement: string): Promise<string>;
  /** What verify.sh says of its tables. */
  checksums(): Promise<string>;
  /** Applies what comes after this GTID position in the binary logs of the host's own server. */
  replay(after: string): Promise<void>;
}

/** Copies the datadir and starts the server on it, with options of its own; returns when it answers. */
export async function startOnCopy(host: string, datadir: string, options = ''): Promise<ServerOnCopy> {
  await printedOn(host, `DATADIR=${datadir} MORE='${options}'\n${start}`);
  const found = await until(
    () => printedOn(host, state),
    (answer) => answer !== 'starting',
  );
  if (found !== 'up') throw new Error(`the server on a copy of ${host}'s datadir: ${found}`);
  return {
    sql: (statement) => printedOn(host, `${scratch}/bin/mysql -Nse "${statement}"`),
    checksums: () => printedOn(host, `PATH=${scratch}/bin:$PATH ${verify} checksums ''`),
    replay: async (after) => {
      const since = after.includes(':') ? `--exclude-gtids=${after}` : `--start-position=${after}`;
      await printedOn(
        host,
        `set -o pipefail; cd /var/lib/mysql && mysqlbinlog ${since} binlog.0* | ${scratch}/bin/mysql`,
      );
    },
  };
}

/** Removes everything of it, whether it runs or not. */
export async function removeServerOnCopy(host: string): Promise<void> {
  await onHost(host, `systemctl stop ${unit}; systemctl reset-failed ${unit}; rm -rf ${scratch}`);
}
