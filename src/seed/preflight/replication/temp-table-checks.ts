// Temporary tables that sessions of a donor have open, where a target goes on with what the donor itself logs (temp-tables.sh): no copy has
// them. A later statement in the donor's log that uses one fails on the target (1146), or changes a base table of that name. What the
// donor's applier has open is told by temp-tables.ts. Pure.
import { marksOf, type SnapshotTempTables } from '../../../host/snapshots.ts';
import type { SessionTables } from '../../../snapshot/take-snapshot.ts';
import { whomToFollow } from '../../replica/source/followed.ts';
import type { SeedWish, Side } from '../../request.ts';
import { type Finding, judging } from '../finding.ts';
import { versionOf } from '../identity/versions.ts';

/** Targets that are to replicate from the donor. One whose server is not known is refused elsewhere. */
function followers(wish: SeedWish): readonly Side[] {
  return wish.targets.filter((target) => {
    const vendor = versionOf(target)?.vendor;
    const followed = vendor && whomToFollow(wish, target, vendor);
    return followed?.ok === true && followed.follow === 'donor';
  });
}

interface Told {
  readonly state: 'none' | SnapshotTempTables;
  /** `binlog_format MIXED, sessions: 12` */
  readonly words: string;
}

/** When the snapshot was taken, or now for one that is to be taken. Of a snapshot that others took it is not known. */
function toldOf({ donor, snapshot }: SeedWish): Told {
  if (snapshot) {
    const { proved, tempTables } = marksOf(snapshot);
    const state = tempTables ?? (proved || donor.facts.tempTables?.format === 'ROW' ? 'none' : 'unknown');
    return { state, words: `when ${snapshot.group}/${snapshot.volume} was taken` };
  }
  const { tempTables } = donor.facts;
  if (!tempTables) return { state: 'unknown', words: 'its server did not tell in time' };
  const { state, format, count = '?' } = tempTables;
  const what = state === 'open' ? 'tables' : 'sessions';
  return { state, words: `binlog_format ${format}${state === 'none' ? '' : `, ${what}: ${count}`}` };
}

/** What take-snapshot.sh holds to under the lock: what the plan said, or more. */
export function sessionTablesOf(wish: SeedWish): SessionTables {
  if (followers(wish).length === 0) return 'tell';
  return toldOf(wish).state === 'none' ? 'none' : 'known';
}

export function sessionTableChecks(wish: SeedWish): Finding[] {
  if (followers(wish).length === 0) return [];
  const { pass, warn, refuse } = judging(wish.donor);
  const { state, words } = toldOf(wish);
  const then = wish.snapshot ? 'had' : 'have';
  const consequence = 'a copy lacks them, and later statements that use them would fail or change another table';
  const again = wish.snapshot ? '; then take another snapshot' : '';
  if (state === 'open') {
    return [
      refuse(
        `its sessions ${then} temporary tables open that its binary log uses (${words}): ${consequence}`,
        `wait until these sessions end, or set binlog_format = ROW and let them log in anew${again}`,
      ),
    ];
  }
  if (state === 'unknown') {
    return [
      warn(
        `whether its sessions ${then} temporary tables open that its binary log uses is not known (${words}): ${consequence}`,
        `set binlog_format = ROW and let all sessions log in anew, or end them first${again}`,
      ),
    ];
  }
  // With ROW there is nothing to say.
  const { tempTables } = wish.donor.facts;
  return wish.snapshot || tempTables?.format === 'ROW'
    ? []
    : [pass(`its sessions have no temporary table open that its binary log uses (${words})`)];
}

/** For above the prompt. */
export function sessionTableSentences(wish: SeedWish): string[] {
  const { name } = wish.donor.host;
  if (wish.stopped || toldOf(wish).state !== 'unknown') return [];
  return followers(wish).map(
    ({ host }) =>
      `${host.name} may get wrong rows: whether sessions of ${name} ${wish.snapshot ? 'had' : 'have'} temporary tables open that its binary log uses is not known`,
  );
}
