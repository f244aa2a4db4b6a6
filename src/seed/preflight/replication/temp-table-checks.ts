// Open temporary tables of a donor's sessions, where a target replicates what the donor itself logs (temp-tables.sh):
// no copy has them. A later statement in the donor's log that uses one fails on the target (1146), or changes a base
// table of that name. temp-tables.ts has those of the donor's applier. Pure.
import { present } from '../../../host/known.ts';
import { marksOf, type SnapshotTempTables } from '../../../host/storage/snapshots.ts';
import type { SessionTables } from '../../../snapshot/take-snapshot.ts';
import { endingOf } from '../../ending.ts';
import type { SessionTempTables } from '../../facts.ts';
import { hostAt, whomToFollow } from '../../replica/source/followed.ts';
import type { SeedRequest, Side } from '../../request.ts';
import { type Finding, judging } from '../finding.ts';
import { versionOf } from '../identity/versions.ts';

/** Targets that will replicate from the donor, by any channel. Another check refuses one whose server is unknown. */
function followers(request: SeedRequest): readonly Side[] {
  if (!endingOf(request).catchesUp) return [];
  return request.targets.filter((target) => {
    const vendor = versionOf(target)?.vendor;
    const followed = vendor && whomToFollow(request, target, vendor);
    return (followed?.ok === true && followed.follow === 'donor') || keepsChannelFrom(request, target);
  });
}

/** A further channel, which the seed sets up again. */
function keepsChannelFrom({ donor, others, asked }: SeedRequest, target: Side): boolean {
  const kept = asked?.replicas?.[target.host.name];
  if (kept === undefined || typeof kept === 'string') return false;
  const from = kept.further.map(({ host, port, sourceUuid }) =>
    hostAt({ host, port, ...present('sourceUuid', sourceUuid) }, [...others, donor]),
  );
  return from.some((host) => host?.name === donor.host.name);
}

/**
 * `alone`: no session exists now, but one may come before the snapshot. `own`: only a session that set binlog_format
 * itself could have some.
 */
type State = SnapshotTempTables | 'alone' | 'own';

interface Told {
  readonly state: State;
  /** `binlog_format MIXED, sessions: 12` */
  readonly words: string;
  /** The server logs rows, but some of its sessions may not. */
  readonly mayKeep: boolean;
}

/** At the time of the snapshot; or now, for a snapshot still to be taken. */
function toldOf({ donor, snapshot }: SeedRequest): Told {
  if (snapshot) {
    const taken = `${snapshot.group}/${snapshot.volume} was taken`;
    const { tempTables } = marksOf(snapshot);
    if (tempTables) return { state: tempTables, words: `when ${taken}`, mayKeep: false };
    // A snapshot of another program, or of an older reseed.
    const state = isRowByOptions(donor) ? 'none' : 'unknown';
    return { state, words: `it was not asked when ${taken}`, mayKeep: false };
  }
  const { tempTables } = donor.facts;
  if (!tempTables) return { state: 'unknown', words: 'its server did not tell in time', mayKeep: false };
  const { format, ofSessions, count = '?', why } = tempTables;
  const state = stateOf(tempTables);
  const what = state === 'open' ? 'tables' : 'sessions';
  const formats = [
    `binlog_format ${format}`,
    ofSessions && `of sessions ${ofSessions === '?' || ofSessions === 'own' ? 'unknown' : ofSessions}`,
    why === 'never' && 'none was made since its start',
    why === 'alone' && 'no session is there now',
  ];
  const words = [...formats, tempTables.state !== 'none' && `${what}: ${count}`].filter(Boolean).join(', ');
  return { state, words, mayKeep: ofSessions !== undefined };
}

function stateOf({ state, why, ofSessions }: SessionTempTables): State {
  const known = why === 'alone' ? why : state;
  return ofSessions === 'own' && (known === 'unknown' || known === 'alone') ? 'own' : known;
}

/** By its options, and no session has set another format. */
function isRowByOptions({ facts: { tempTables } }: Side): boolean {
  return tempTables?.format === 'ROW' && tempTables.ofSessions === undefined;
}

/** What take-snapshot.sh checks under the lock: no more than the plan could know. */
export function sessionTablesOf(request: SeedRequest): SessionTables {
  if (followers(request).length === 0) return 'tell';
  if (toldOf(request).state !== 'none') return 'known';
  const { tempTables } = request.donor.facts;
  // InnoDB having none open is true only at that moment, and the sessions' formats are no better known then.
  if (tempTables?.ofSessions === 'own') return 'known';
  return tempTables?.why === 'never' ? 'never' : 'none';
}

export function sessionTableChecks(request: SeedRequest): Finding[] {
  if (followers(request).length === 0) return [];
  const { pass, unknown, warn, refuse } = judging(request.donor);
  const { state, words, mayKeep } = toldOf(request);
  const then = request.snapshot ? 'had' : 'have';
  const uses = mayKeep ? 'may use' : 'uses';
  const consequence = 'a copy lacks them, and later statements that use them would fail or change another table';
  const again = request.snapshot ? '; then take another snapshot' : '';
  if (state === 'open') {
    return [
      refuse(
        `its sessions ${then} temporary tables open that its binary log ${uses} (${words}): ${consequence}`,
        `wait until these sessions end, or set binlog_format = ROW and let them log in anew${again}`,
      ),
    ];
  }
  if (state === 'own') {
    return [
      unknown(
        `whether a session that set its own binlog_format has temporary tables open that its binary log uses is not known (${words}): ${consequence}`,
        'a MySQL tells formats of sessions with performance_schema, to a login with SELECT on it',
      ),
    ];
  }
  if (state === 'alone') {
    return [
      warn(
        `a session that comes before the snapshot may have temporary tables open that its binary log uses (${words}): ${consequence}`,
        'keep sessions away until the snapshot is taken, or set binlog_format = ROW',
      ),
    ];
  }
  if (state === 'unknown') {
    return [
      warn(
        `whether its sessions ${then} temporary tables open that its binary log uses is not known (${words}): ${consequence}`,
        mayKeep
          ? 'end all sessions that are older than binlog_format = ROW; a MySQL tells of them to a login with SELECT on performance_schema, a MariaDB has to be restarted with it in its option file'
          : `set binlog_format = ROW and let all sessions log in anew, or end them first${again}`,
      ),
    ];
  }
  // With ROW there is nothing to report.
  return request.snapshot || isRowByOptions(request.donor)
    ? []
    : [pass(`its sessions have no temporary table open that its binary log uses (${words})`)];
}

/** For above the prompt. */
export function sessionTableSentences(request: SeedRequest): string[] {
  const { name } = request.donor.host;
  const { state } = toldOf(request);
  if (!request.method.donorRuns || (state !== 'unknown' && state !== 'alone')) return [];
  const then = request.snapshot ? 'had' : 'have';
  const why =
    state === 'alone'
      ? `a session of ${name} that comes before the snapshot may have temporary tables open that its binary log uses`
      : `whether sessions of ${name} ${then} temporary tables open that its binary log uses is not known`;
  return followers(request).map(({ host }) => `${host.name} may get wrong rows: ${why}`);
}
