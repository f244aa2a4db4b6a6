// Whether an error of the log is about replication that runs again: it is then no alert, as a broken replication has
// its own. Pure.
import type { HostReport, LogLine, ReplicationChannel } from '../../host/facts.ts';

// MySQL 8 and later say replica; earlier versions and MariaDB say slave: "Failed to start replica threads for channel
// ''", "Replica SQL for channel 'x': ...", "Error running query, slave SQL thread aborted", MariaDB's "Master 'x':
// Slave I/O: ...". Errors of a source's own threads about their replicas (missing binary logs, semi-synchronous
// replication) do not match.
const ofReplica = new RegExp(
  [
    String.raw`^(?:Master '[^']*': )?(?:replica|slave)\b`,
    String.raw`\b(?:replica|slave) (?:sql|i/o|io|threads?|workers?)\b`,
    String.raw`\brelay log\b`,
    String.raw`^error reading packet from server\b`,
    String.raw`\b(?:master info|(?:connection|applier) metadata) (?:structure|repository)\b`,
    String.raw`^worker \d+ failed\b`,
  ].join('|'),
  'i',
);
const channelNamed = /\bfor channel '([^']*)'|^Master '([^']*)': /i;

/** True if the channel that the line names runs; for a line that names none, if every channel runs. False where that is unknown. */
export function isReplicationAgain({ text }: LogLine, { server, replication }: HostReport): boolean {
  const said = /\[ERROR\](?: \[[^\]]*\])* (.*)$/is.exec(text)?.[1] ?? '';
  if (!ofReplica.test(said) || !server?.ok || !replication?.ok) return false;
  const [, named, namedByMariadb] = channelNamed.exec(said) ?? [];
  const name = named ?? namedByMariadb;
  const meant = replication.value.channels.filter((channel) => name === undefined || channel.name === name);
  return meant.length > 0 && meant.every(runs);
}

const runs = ({ ioThread, sqlThread, error, ioError }: ReplicationChannel) =>
  ioThread === 'running' && sqlThread === 'running' && error === undefined && ioError === undefined;
