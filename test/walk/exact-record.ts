// The whole state of a target, byte for byte, by ordinary commands: recorded before a seed, and compared with the state
// after an undone seed. Only what a server's restart changes by itself may differ: one more log of each kind, and of
// the last one its end and the flag in its head.
export interface ExactRecord {
  /** One fact a line: `gtid_executed ...`, `row shop.orders 812231`, `thread standby applier OFF`, `drop-in ...`. */
  readonly facts: readonly string[];
  /** `binlog NAME SIZE CKSUM`: of what comes after its head. */
  readonly logs: readonly Log[];
}

interface Log {
  readonly path: string;
  readonly bytes: number;
  readonly sum: string;
}

/** The script's arguments: the client's words, and the datadir. */
export interface ExactHost {
  readonly client: string;
  readonly datadir: string;
}

// The first 25 bytes have the flag that says that a log is in use. $3...: earlier logs as PATH=BYTES, of which that
// many bytes are summed.
const script = `
client=$1 datadir=$2
shift 2
ask() { $client --batch --skip-column-names -e "$1"; }
tries=0
until ask 'DO 0' 2>/dev/null; do tries=$((tries + 1)); [ $tries -lt 120 ] || exit 1; sleep 1; done
ask "SELECT 'gtid_executed', @@gtid_executed; SELECT 'gtid_purged', @@gtid_purged; SELECT 'uuid', @@server_uuid;
  SELECT 'read_only', @@read_only, @@super_read_only;
  SELECT 'thread', channel_name, 'receiver', service_state FROM performance_schema.replication_connection_status;
  SELECT 'thread', channel_name, 'applier', service_state FROM performance_schema.replication_applier_status;
  SELECT 'channel', channel_name, host, port, user, auto_position, ssl_allowed, connection_retry_interval FROM performance_schema.replication_connection_configuration;
  SELECT 'delay', channel_name, desired_delay FROM performance_schema.replication_applier_configuration;
  SELECT 'filter', channel_name, filter_name, filter_rule, configured_by FROM performance_schema.replication_applier_filters;
  SELECT 'account', User, Host, authentication_string FROM mysql.user" | sed 's/^/fact /'
tables=$(ask "SET SESSION group_concat_max_len = 1000000; SELECT GROUP_CONCAT(CONCAT('\\\`', table_schema, '\\\`.\\\`', table_name, '\\\`')) FROM information_schema.tables
  WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('mysql', 'sys', 'performance_schema', 'information_schema')")
ask "CHECKSUM TABLE $tables" | sed 's/^/fact row /'
echo "fact datadir $(stat -c '%i %a %U:%G' "$datadir") ibdata1 $(stat -c %i "$datadir/ibdata1")"
find /run/reseed -mindepth 1 ! -path /run/reseed/lvm ! -path /run/reseed/mount 2>/dev/null | sed 's/^/fact run /'
find /etc/systemd/system /run/systemd/system -name '*reseed*' | sed 's/^/fact drop-in /'
find /var/lib/reseed -type f ! -path '*/snapshots/*' 2>/dev/null | sed 's/^/fact left /'
find "$datadir" "$(dirname "$(ask 'SELECT @@log_bin_basename')")" -maxdepth 1 \\( -name '.reseed-*' -o -name RESEED_IN_PROGRESS \\) | sed 's/^/fact seed /'
of=" $* "
for log in "$(ask 'SELECT @@log_bin_basename')".[0-9]* "$(ask 'SELECT @@relay_log_basename')"*.[0-9]*; do
  [ -f "$log" ] || continue
  bytes=$(stat -c %s "$log")
  case $of in *" $log="*) was=\${of#*" $log="} && bytes=\${was%% *} ;; esac
  echo "log $log $bytes $(tail -c +26 "$log" | head -c $((bytes - 25)) | cksum | tr ' ' :)"
done`;

type Run = (script: string, args: readonly string[]) => Promise<string>;

/** `before`: the earlier bytes of its logs are read again. */
export async function exactRecord(
  run: Run,
  { client, datadir }: ExactHost,
  before?: ExactRecord,
): Promise<ExactRecord> {
  const known = (before?.logs ?? []).map(({ path, bytes }) => `${path}=${bytes}`);
  const lines = (await run(script, [client, datadir, ...known])).split('\n').map((line) => line.trimEnd());
  const rest = (word: string) =>
    lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
  const logs = rest('log').map((line) => {
    const [path = '', bytes = '', sum = ''] = line.split(' ');
    return { path, bytes: Number(bytes), sum };
  });
  return { facts: rest('fact').toSorted(), logs };
}

/**
 * What differs, and how many logs a restart has added. Rows and GTIDs of a replica that runs change by themselves:
 * `isMoving`.
 */
export function exactDifference(before: ExactRecord, after: ExactRecord, isMoving = false) {
  const stands = (line: string) => !isMoving || !/^(row|gtid_)/.test(line);
  const [old, now] = [before, after].map(({ facts }) => facts.filter(stands)) as [string[], string[]];
  const logs = isMoving
    ? []
    : before.logs.filter(({ path, sum }) => !after.logs.some((log) => log.path === path && log.sum === sum));
  return {
    wrong: [
      ...now.filter((line) => !old.includes(line)).map((line) => `+ ${line}`),
      ...old.filter((line) => !now.includes(line)).map((line) => `- ${line}`),
      ...logs.map(({ path, bytes }) => `- log ${path}, as far as its ${bytes} bytes`),
    ],
    added: after.logs.filter(({ path }) => !before.logs.some((log) => log.path === path)).length,
  };
}
