// What the logs of a host have that another lacks: for the verb, and for the console. Asks hosts, and changes nothing.

import { hasOf, lackedCount, lackedText, missingText, receivedOf, withRuns } from '../../salvage/gtids.ts';
import { readTail, type Tail } from '../../salvage/tail.ts';
import { thinnedBy } from '../../salvage/thinned.ts';
import type { LogKind } from '../../scripts/salvage-words.ts';
import { lookWords } from '../../scripts/salvage-words.ts';
import { seedSqlWords } from '../../scripts/seed-sql-words.ts';
import { type ReplicationState, readReplicationState } from '../../seed/replica/source/replication-state.ts';
import { leftOutWords, passedOverWords, replicaWords, serverWords } from '../../seed/replica/words.ts';
import { shortSize } from '../../text/amounts.ts';
import { cleanLine } from '../../text/clean.ts';
import type { Subject } from '../plans/draft.ts';
import { given, type Refusal, type Result, refused } from '../result.ts';
import { type Asking, ran } from '../seed/ask-host.ts';

/** From where on: what a host lacks, GTIDs that are left out, or a place in a log. */
export type Start =
  | { readonly by: 'host'; readonly host: Subject }
  | { readonly by: 'gtid'; readonly gtid: string }
  | { readonly by: 'file'; readonly file: string; readonly position: number };

export interface LookRequest {
  /** The host whose logs are read. */
  readonly from: Subject;
  readonly start: Start;
  /** Absent: the binary log, if all is in it. */
  readonly log?: LogKind;
}

export interface Look {
  readonly state: ReplicationState;
  /** The host that lacks them; absent: none was named. */
  readonly behind?: ReplicationState;
  /** It was asked before: it has all of them by now. */
  readonly hasCome?: true;
  readonly log: LogKind;
  /** GTIDs that were left out. */
  readonly has: string;
  readonly tail: Tail;
}

/** Of logs that are read. */
const maxLogBytes = 2 * 1024 ** 3;
const readMs = 10 * 60_000;

export async function lookAtLogs(request: LookRequest, asking: Asking): Promise<Result<Look>> {
  const sources = await askedStates(request, asking);
  if (!sources.ok) return sources;
  const { state, behind } = sources.value;
  const words = wordsOf(request, state, behind, maxLogBytes);
  const answer = await ran(request.from.host, 'salvage-look', lookWords('list', words), asking, '', readMs);
  if (!answer?.ok) return refused(refusalOf(request.from.host.name, answer));
  const tail = readTail(answer.stdout);
  const { log, has } = words;
  if (tail) {
    const hasCome = behind !== undefined && tail.count > 0 && (await haveCome(request, tail, asking));
    return given({ state, ...(behind && { behind }), log, has, tail, ...(hasCome && { hasCome: true as const }) });
  }
  const message = `${request.from.host.name} did not tell what its logs have, or not in the form of its script`;
  return refused({ kind: 'parse', message, advice: 'reseed and the script are of one build: say so to its makers' });
}

/** A replica that replicates gets them by itself, while the logs are read. */
async function haveCome({ start }: LookRequest, { runs }: Tail, asking: Asking): Promise<boolean> {
  if (start.by !== 'host' || runs.length === 0) return false;
  const now = await stateOf(start.host, asking);
  if (!now.ok) return false;
  const { vendor } = now.value.server;
  return lackedText(vendor, withRuns(vendor, '', runs), hasOf(now.value)) === '';
}

export interface LogText {
  /** Not clean. */
  readonly text: string;
  /** `relay.000002: WHY`: a log that was not read to its end; its text stops there. */
  readonly torn?: string;
  /** There is no text, and this is what the host received and the other lacks: its logs do not have it. */
  readonly missing?: string;
}

/** What mysqlbinlog prints of them, at most `maxBytes`. */
export async function logText(request: LookRequest, maxBytes: number, asking: Asking): Promise<Result<LogText>> {
  const asked = await textWords(request, maxBytes, asking);
  if (!asked.ok) return asked;
  const { words, lacked } = asked.value;
  const answer = await ran(request.from.host, 'salvage-look', lookWords('text', words), asking, '', readMs);
  return answer?.ok ? given(readLogText(answer.stdout, lacked)) : refused(refusalOf(request.from.host.name, answer));
}

/** What the script is told; `lacked`: what the host received and the other lacks. */
export async function textWords(request: LookRequest, maxBytes: number, asking: Asking) {
  const sources = await askedStates(request, asking);
  if (!sources.ok) return sources;
  const { state, behind } = sources.value;
  const words = wordsOf(request, state, behind, maxBytes);
  // From a place in a log on, what is lacking is not known.
  const lacked = request.start.by === 'file' ? '' : missingText(state, words.has, { runs: [], unfinished: [] });
  return given({ words, lacked });
}

/** Pure. */
export function readLogText(text: string, lacked = ''): LogText {
  const [, torn] = /(?:^|\n)# reseed: torn ([^\n]*)\n$/.exec(text) ?? [];
  const isNothing = text.trim() === '' && lacked !== '';
  return { text, ...(torn !== undefined && { torn: cleanLine(torn) }), ...(isNothing && { missing: lacked }) };
}

interface States {
  readonly state: ReplicationState;
  readonly behind?: ReplicationState;
}

async function askedStates({ from, start }: LookRequest, asking: Asking): Promise<Result<States>> {
  // The host that is behind first: what it gets meanwhile is left out by its server.
  const behind = start.by === 'host' ? await stateOf(start.host, asking) : undefined;
  if (behind && !behind.ok) return behind;
  const state = await stateOf(from, asking);
  if (!state.ok) return state;
  const vendors = [state.value, behind?.value].flatMap((one) => one?.server.vendor ?? []);
  if (new Set(vendors).size > 1) {
    const message = `${from.host.name} is a ${vendors[0]}, and the other a ${vendors[1]}: their GTIDs have nothing in common`;
    return refused({ kind: 'refused', message, advice: '' });
  }
  return given({ state: state.value, ...(behind && { behind: behind.value }) });
}

async function stateOf({ host, report: { server } }: Subject, asking: Asking): Promise<Result<ReplicationState>> {
  const advice = `reseed status ${host.name} tells why; its server has to run`;
  if (!server?.ok) {
    const message = `the server of ${host.name} does not tell what it has: ${server?.why ?? 'not answered yet'}`;
    return refused({ kind: 'refused', message, advice });
  }
  const words = [serverWords, replicaWords(server.value), leftOutWords, passedOverWords].join(' ');
  const answer = await ran(host, 'seed-sql', seedSqlWords(host.mysql, words), asking);
  const state = answer?.ok ? readReplicationState(answer.stdout) : undefined;
  if (state) return given(state);
  if (!answer?.ok) return refused(refusalOf(host.name, answer));
  return refused({ kind: 'parse', message: `the server of ${host.name} did not tell what it has`, advice });
}

function wordsOf(
  { from, start, log }: LookRequest,
  state: ReplicationState,
  behind: States['behind'],
  maxBytes: number,
) {
  const has = behind ? hasOf(behind) : start.by === 'gtid' ? start.gtid : '';
  const { defaultsFile, socket } = from.host.mysql;
  return {
    ...(defaultsFile !== undefined && { defaultsFile }),
    ...(socket !== undefined && { socket }),
    log: log ?? logWithAll(state, has),
    has,
    ...(start.by === 'file' && { from: { file: start.file, position: start.position } }),
    maxBytes,
  };
}

/** The binary log, unless rows may be left out there, something was received and not applied, or it does not have what was replicated. */
export function logWithAll(state: ReplicationState, has: string): LogKind {
  const { vendor, logBin } = state.server;
  if (!logBin || (state.channel && (!state.logsReplicated || thinnedBy(state).length > 0))) return 'relay';
  const isApplied = lackedCount(vendor, receivedOf(state), hasOf(state)) === 0;
  const isPurged = vendor !== 'mariadb' && lackedText(vendor, state.server.gtidPurged ?? '', has) !== '';
  return isApplied && !isPurged ? 'binlog' : 'relay';
}

export function refusalOf(host: string, answer: Awaited<ReturnType<typeof ran>>): Refusal {
  if (!answer || answer.ok) return { kind: 'failed', message: `nothing is known of ${host}`, advice: '' };
  const { kind, message, advice, printed } = answer;
  if (kind === 'parse') {
    const long = `the logs of ${host} have more transactions than can be listed (${shortSize(4 * 1024 ** 2)} of lines)`;
    return { kind: 'refused', message: long, advice: 'begin later, or seed' };
  }
  if (kind !== 'exit') return { kind: 'unreachable', message, advice };
  return { kind: 'refused', message: `${host}: ${printed.trim().split('\n').at(-1) || message}`, advice };
}
