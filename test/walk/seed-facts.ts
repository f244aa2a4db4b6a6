// The state of a host of a seed, by ordinary commands: a walk does not trust reseed's own parsers.
import type { Facts } from './facts.ts';

/** A newer MariaDB has its own names only. */
export const mysqlOrMariadb = 'command -v mysql >/dev/null || mysql() { mariadb "$@"; }';

const script = `
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin LVM_SUPPRESS_FD_WARNINGS=1; export PATH LVM_SUPPRESS_FD_WARNINGS
datadir=$1 file=$2
${mysqlOrMariadb}
for lock in /run/reseed/lock /run/reseed/lock-*; do [ ! -s "$lock" ] || echo "lock $(head -n 1 "$lock")"; done
find /run/reseed -mindepth 1 ! -path /run/reseed/lock ! -path '/run/reseed/lock-*' ! -path /run/reseed/lvm ! -path /run/reseed/mount 2>/dev/null | sed 's/^/run /'
findmnt -rn -o TARGET | sed -n 's,^/run/reseed,mount &,p'
lvs --noheadings --separator ' ' -o lv_name,lv_suspended,lv_tags | sed 's/^ */volume /; s/ *$//'
ls /var/lib/reseed/snapshots 2>/dev/null | sed 's/^/coordinates /'
find /var/lib/reseed -mindepth 1 ! -path '/var/lib/reseed/snapshots*' 2>/dev/null | sed 's/^/note /'
systemctl list-units --all --plain --no-legend 'reseed-*' | sed 's/ .*//; s/^/unit /'
grep -shz '^RESEED_UNIT=' /proc/[0-9]*/environ | tr '\\0' '\\n' | sort -u | sed 's/^/process /'
# Those that write their title over their environment.
ps -e -o comm=,args= | sed -nE 's,^(ssh|sshd|tar|dd) .*(/run/reseed/[^ ]*).*,process \\1 \\2,p'
ss -Hltn 'sport >= :21000 and sport <= :21099' | sed -E 's/.*:(21[0-9]+) .*/port \\1/'
find /etc/systemd/system /run/systemd/system -name '*reseed*' | sed 's/^/drop-in /'
find /run/systemd/system -lname /dev/null | sed 's/^/mask /'
find "$datadir" -maxdepth 1 \\( -name '.reseed-*' -o -name RESEED_IN_PROGRESS \\) | sed 's/^/seed /'
# A rename leaves a file its number: it tells old data from new.
echo "data $(stat -c %i "$datadir/$file" 2>/dev/null || echo none)"
if ! pgrep -x 'mysqld|mariadbd' >/dev/null; then echo 'server down'; exit 0; fi
echo 'server up'
mysql -Nse 'SELECT IF(@@read_only, "read_only yes", "read_only no")' || echo 'server silent'
mysql -Nse "SELECT CONCAT('account ', User) FROM mysql.user WHERE User REGEXP '^reseed_[0-9a-f]{8}'"
mysql -Nse "SHOW GLOBAL VARIABLES LIKE 'super_read_only'" | sed 's/^/read_only /'
mysql -Nse "SHOW GLOBAL VARIABLES WHERE Variable_name REGEXP '^replicate_'" | sed 's/^/filter /'
mysql -Nse "SELECT CONCAT('filter ', FILTER_NAME, ' ', FILTER_RULE) FROM performance_schema.replication_applier_filters WHERE FILTER_RULE <> ''" 2>/dev/null
mysql -Nse "SELECT CONCAT('database ', SCHEMA_NAME) FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE 'reseed%'"
mysql -Nse "SELECT CONCAT('plugin ', PLUGIN_NAME, ' ', PLUGIN_STATUS) FROM information_schema.PLUGINS WHERE PLUGIN_NAME = 'clone'"
mysql --vertical -e 'SHOW REPLICA STATUS' | sed -nE 's/^ *((Slave|Replica|Source|Master)_(IO_Running|SQL_Running|Host)): /replica \\1 /p'
exit 0`;

/** `file`: one of the datadir's, whose number tells old data from new. */
export async function seedFactsOf(
  run: (script: string, args: readonly string[]) => Promise<string>,
  datadir: string,
  file: string,
): Promise<Facts> {
  const lines = (await run(script, [datadir, file])).split('\n').map((line) => line.trimEnd());
  return [...new Set(lines.filter((line) => line !== ''))].toSorted();
}

/** What a host has lost (`- `) and gained (`+ `). */
export const differenceOf = (before: Facts, after: Facts): string[] => [
  ...after.filter((line) => !before.includes(line)).map((line) => `+ ${line}`),
  ...before.filter((line) => !after.includes(line)).map((line) => `- ${line}`),
];

/** Whether it is what a seed gives its target: other data, and a server that replicates. Where only tables are replaced, other data alone. */
export const isSeeded = (line: string, onlyTables: boolean): boolean =>
  (onlyTables ? /^[+-] data / : /^[+-] (data|server|read_only|replica) /).test(line);

/** A server that runs, takes no writes, and replicates. */
export function isReplica(facts: Facts): boolean {
  const says = (pattern: RegExp) => facts.some((line) => pattern.test(line));
  return (
    facts.includes('server up') &&
    facts.includes('read_only yes') &&
    says(/^replica \w+_IO_Running Yes$/) &&
    says(/^replica \w+_SQL_Running Yes$/)
  );
}

/** A server that runs, and replicates from no host. */
export const isOnItsOwn = (facts: Facts): boolean =>
  facts.includes('server up') && !facts.some((line) => line.startsWith('replica '));

export const isBlank = (facts: Facts): boolean => facts.includes('data none');
