// Which names in a donor's datadir are its relay logs. They are its own: a target fetches relay logs from the
// coordinates of the data. Pure.
import { posix } from 'node:path';
import { channelNames } from '../preflight/replication/donor-channels.ts';
import type { Side } from '../request.ts';
import { liesIn } from '../target/state-places.ts';

/** For find -path: the name without special characters. */
export const patternOf = (name: string) => name.replaceAll(/[\\*?[]/g, String.raw`\$&`);

/** A log's number has six digits and grows to ten. A tablespace may be called relay.000007.ibd. */
const numbers = [6, 7, 8, 9, 10].map((digits) => '[0-9]'.repeat(digits));
const numbered = (pattern: string) => numbers.map((number) => `${pattern}.${number}`);

/**
 * For find -path, below the datadir. Channel X has logs NAME-X.NNNNNN, and binary logs may have such names as well
 * (relay_log=shop, log_bin=shop-bin): then the donor's channels are named one by one. Relay logs outside of the datadir
 * leave out nothing in it. A name that may be the binary log's is copied: data without its log loses transactions, and
 * extra relay logs do no harm.
 */
export function relayLogPatterns(donor: Pick<Side, 'facts' | 'report'>): string[] {
  const { places, datadir } = donor.facts;
  const below = (...kinds: readonly string[]) =>
    places
      .filter(({ kind, path }) => kinds.includes(kind) && liesIn(datadir, path) && path !== datadir)
      .map(({ path }) => posix.relative(datadir, path));
  if (!places.some(({ kind }) => kind === 'relaylog')) return anyLogs('*-relay-bin');
  const channels = channelNames(donor).map((name) => name.toLowerCase());
  const given: Given = {
    logs: below('binlog'),
    indexes: below('binlog-index'),
    channels: channels.filter((name) => /^[a-z0-9_]+$/.test(name)),
  };
  return [
    ...below('relaylog').flatMap((name) => logPatterns(name, given)),
    ...below('relaylog-index').flatMap((name) => indexPatterns(name, given)),
  ];
}

const anyLogs = (pattern: string) => [...numbered(pattern), `${pattern}.index`];

interface Given {
  /** Binary logs without the number, and their index; below the datadir. */
  readonly logs: readonly string[];
  readonly indexes: readonly string[];
  /** Channels whose names are unchanged in file names. */
  readonly channels: readonly string[];
}

function logPatterns(name: string, { logs, channels }: Given): string[] {
  const own = [name, ...channels.map((channel) => `${name}-${channel}`)];
  const mayBe = (log: string, of: string) => log === of || log.startsWith(`${of}.`);
  const named = own.filter((one) => !logs.some((log) => mayBe(log, one))).flatMap((one) => numbered(patternOf(one)));
  return logs.some((log) => log.startsWith(`${name}-`)) ? named : [...named, ...numbered(`${patternOf(name)}-*`)];
}

function indexPatterns(name: string, { indexes, channels }: Given): string[] {
  const { dir, name: base, ext } = posix.parse(name);
  const stem = posix.join(dir, base);
  const own = [name, ...channels.map((channel) => `${stem}-${channel}${ext}`)];
  const named = own.filter((one) => !indexes.includes(one)).map(patternOf);
  const isTaken = indexes.some((index) => index.startsWith(`${stem}-`) && index.endsWith(ext));
  return isTaken ? named : [...named, `${patternOf(stem)}-*${patternOf(ext)}`];
}
