// Whether the target's server can start on the donor's data without the donor's binary log. That log decides whether a
// transaction prepared in the engine is committed or rolled back (otherwise "Found 1 prepared transactions", and no
// start).
import { posix } from 'node:path';
import type { LogicalVolume } from '../../../host/facts.ts';
import { marksOf } from '../../../host/storage/snapshots.ts';
import { tellsNothing } from '../../../snapshot/coordinates.ts';
import type { LogEnd } from '../../facts.ts';
import type { SeedRequest, Side } from '../../request.ts';
import { liesIn } from '../../target/state-places.ts';
import { type Finding, judging } from '../finding.ts';
import { versionOf } from '../identity/versions.ts';

export function logChecks(request: SeedRequest, target: Side): Finding[] {
  const { donor, snapshot, method } = request;
  const { pass, refuse } = judging(target);
  const [given, taken] = [donor, target].map(({ facts }) => binaryLogOf(facts));
  if (given === undefined || taken === undefined) return [];
  const [from, here] = [donor.host.name, target.host.name];
  const text = `binary log: ${given.on ? 'on' : 'off'} on ${from}, ${taken.on ? 'on' : 'off'} here`;
  const isFound = findsLog(donor, target);
  if (!isFound && !method.donorRuns) return stoppedChecks(donor, target, text);
  if (isFound || !snapshot || isTold(request)) return [pass(text)];
  return [
    refuse(
      `${text}: ${here} would not find the log of ${from}, and the snapshot ${snapshot.volume}, ${untoldText(snapshot)}, may hold transactions that only this log decides`,
      `seed from a new snapshot, which needs no binary log`,
    ),
  ];
}

/** Whether it is known where the data of an existing snapshot stands, or its own server has to tell. */
export const isTold = ({ snapshot, asked }: Pick<SeedRequest, 'snapshot' | 'asked'>): boolean =>
  snapshot !== undefined && marksOf(snapshot).proved && !(asked?.coordinates && tellsNothing(asked.coordinates));

/** For a snapshot that does not tell. */
export const untoldText = (snapshot: LogicalVolume): string =>
  marksOf(snapshot).proved ? 'which was taken while its server was down' : 'which reseed did not take';

/**
 * Whether the donor's binary log and its index come with the data and the target's server reads them as its own; or
 * there is no log.
 */
export function findsLog(donor: Side, target: Side): boolean {
  const [given, taken] = [donor, target].map(({ facts }) => binaryLogOf(facts));
  return !given?.on || (given.below !== undefined && given.below === taken?.below && given.index === taken.index);
}

/** For files of a server that is down: what only its binary log knew must be known without it. seed-still.sh checks the same. */
function stoppedChecks(donor: Side, target: Side, text: string): Finding[] {
  const { pass, refuse } = judging(target);
  const [from, here] = [donor.host.name, target.host.name];
  const isMariadb = versionOf(donor)?.vendor === 'mariadb';
  const { logEnd } = donor.facts;
  const whyNot = whyNotClosed(logEnd);
  const lacking = `${text}: ${here} would not find the log of ${from}`;
  const snapshot = `copy a snapshot of ${from} while it runs`;
  const again = `start ${from} and stop it again, or ${snapshot}`;
  if (whyNot !== undefined) return [refuse(`${lacking}, and ${whyNot}`, canHelp(logEnd) ? again : snapshot)];
  const gtid = logEnd?.state === 'closed' ? logEnd.gtid : '';
  if (isMariadb && gtid === '') {
    return [refuse(`${lacking}, and up to which GTID its data goes is not known without it`, again)];
  }
  return [pass(isMariadb ? `${text}; it ends at ${gtid}` : text)];
}

/** Why transactions that a server had prepared may be undecided in its data; undefined: they are decided. */
function whyNotClosed(logEnd: LogEnd | undefined): string | undefined {
  switch (logEnd?.state) {
    case 'closed':
      return undefined;
    case 'open':
      return 'its server did not close it (it crashed, or was killed)';
    case 'none':
      return 'there is no log in its place';
    case 'encrypted':
      return 'whether its server closed it is not known: it is encrypted';
    case 'unread':
      return `${logEnd.what} could not be read`;
    default:
      return 'whether its server closed it is not known';
  }
}

/** Whether another stop of the server would tell: an encrypted log still would not. */
const canHelp = (logEnd: LogEnd | undefined): boolean => logEnd?.state !== 'encrypted';

interface BinaryLog {
  readonly on: boolean;
  /** Its path below the datadir; absent: the log or its index is elsewhere, or there is none. */
  readonly below?: string;
  /** The path of its index, by which a server finds its logs. */
  readonly index?: string;
}

/** undefined: unknown. */
function binaryLogOf({ datadir, places }: Side['facts']): BinaryLog | undefined {
  if (places.length === 0) return undefined;
  const pathOf = (wanted: string) => places.find(({ kind }) => kind === wanted)?.path;
  const log = pathOf('binlog');
  if (log === undefined) return { on: false };
  const index = pathOf('binlog-index') ?? `${log}.index`;
  if (!liesIn(datadir, log) || !liesIn(datadir, index)) return { on: true };
  return { on: true, below: posix.relative(datadir, log), index: posix.relative(datadir, index) };
}
