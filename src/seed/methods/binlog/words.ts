// The words that give a server that runs another source, and the ones that give it back the one before. Its data, its own binary log and
// its filters stay. Values in braces come by standard input (sql-values.sh).
import { byGtid, changeWords, dialect, mariadbChange, replicaWord } from '../../replica/change-words.ts';
import type { Kept } from '../../replica/kept/kept.ts';
import { type Speaker, statements } from '../../replica/words.ts';
import type { ReplicaBefore } from './replica-before.ts';

interface Reattaching extends Speaker {
  readonly kept?: Kept;
}

/** Of a MySQL: of its default channel alone. */
const ofDefault = ({ vendor }: Speaker): string => (vendor === 'mariadb' ? '' : " FOR CHANNEL ''");

/**
 * What a server has then stays as it is. A MariaDB goes on receiving until its source is changed: with both threads stopped an undo, which
 * starts them, would delete its relay logs (relay-log-loss.ts).
 */
export const stopWords = (speaker: Speaker): string =>
  statements(`STOP ${replicaWord(speaker)}${speaker.vendor === 'mariadb' ? ' SQL_THREAD' : ofDefault(speaker)}`);

export const startWords = (speaker: Speaker, thread?: 'IO_THREAD' | 'SQL_THREAD'): string =>
  statements(`START ${replicaWord(speaker)}${thread ? ` ${thread}` : ''}${ofDefault(speaker)}`);

/** Tells its channels, with their hosts and ports. */
export const channelsQuestion = (speaker: Speaker): string =>
  speaker.vendor === 'mariadb' ? 'SHOW ALL SLAVES STATUS' : `SHOW ${replicaWord(speaker)} STATUS`;

/** A server that is read_only is made super_read_only as well: what it writes itself no other has. */
export function reattachWords(request: Reattaching & { readonly tls: boolean }): string {
  const { vendor, version, tls, kept } = request;
  const settings = kept?.settings ?? [];
  if (vendor === 'mariadb') {
    return statements('STOP SLAVE', mariadbChange({ version, tls, where: mariadbGtid(kept), settings }));
  }
  const { modern, source } = dialect(request);
  return statements(
    'SET GLOBAL super_read_only = 1',
    `${changeWords(version, { modern, tls, where: byGtid(source), settings })}${ofDefault(request)}`,
  );
}

const mariadbGtid = (kept: Kept | undefined) => [
  `MASTER_USE_GTID = ${kept?.mariadb?.using === 'current_pos' ? 'current_pos' : 'slave_pos'}`,
];

/** Makes it what it was, with both threads stopped. `file` is MySQL's alone: it skips by GTID what it is sent again. */
export function restoreWords(request: Reattaching, before: ReplicaBefore['is']): string {
  const { vendor, version, kept } = request;
  const settings = kept?.settings ?? [];
  const replica = replicaWord(request);
  const isMariadb = vendor === 'mariadb';
  const readOnly = isMariadb ? '' : 'SET GLOBAL super_read_only = {#super}';
  const stop = `STOP ${replica}${ofDefault(request)}`;
  if (before === 'none')
    return statements(stop, `RESET ${replica}${isMariadb ? ' ALL' : ` ALL${ofDefault(request)}`}`, readOnly);
  if (isMariadb) {
    return statements(stop, mariadbChange({ version, tls: false, where: mariadbGtid(kept), settings, asBefore: true }));
  }
  const { modern, source } = dialect(request);
  const where =
    before === 'gtid'
      ? byGtid(source)
      : [`${source}_AUTO_POSITION = 0`, `${source}_LOG_FILE = {file}`, `${source}_LOG_POS = {#position}`];
  const change = changeWords(version, { modern, tls: false, where, settings, asBefore: true });
  return statements(stop, `${change}${ofDefault(request)}`, readOnly);
}
