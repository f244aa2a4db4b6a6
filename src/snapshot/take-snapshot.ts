// Takes a snapshot of a server's volume, under the lock that its vendor needs (take-snapshot.sh).

import { z } from 'zod';
import type { CustomUnit } from '../custom/start-command.ts';
import type { HostReport, LogicalVolume } from '../host/facts.ts';
import type { Host } from '../inventory/settings.ts';
import { defineStep, type StepEnd, type StepTools } from '../job/plan/step-work.ts';
import { failed, notDone } from '../job/runner/step-end.ts';
import { customWords } from '../scripts/custom-words.ts';
import { namedWords } from '../scripts/named-words.ts';
import { exactDuration } from '../text/times.ts';
import { type Coordinates, coordinatesSchema, readCoordinates } from './coordinates.ts';
import type { LockWords } from './lock-words.ts';
import { deadlineMs, snapshotCommand } from './snapshot-commands.ts';

/**
 * Which open temporary tables of sessions take-snapshot.sh refuses. `known`: those that are known to exist; `none`:
 * also open ones that may be logged; `never`: any that may exist, because the plan relies on that none was ever made;
 * `tell`: refuses none.
 */
export type SessionTables = 'never' | 'none' | 'known' | 'tell';

export interface TakeWish {
  readonly host: Host;
  readonly report: HostReport;
  /** The job's key. */
  readonly job: string;
  /** The volume to take a snapshot of. */
  readonly origin: Pick<LogicalVolume, 'group' | 'volume'>;
  /** The snapshot's name. */
  readonly name: string;
  /** Absent: a thin one, which has no size of its own. */
  readonly sizeBytes?: number | undefined;
  /** Absent: the server is down, and needs no lock. */
  readonly words?: LockWords | undefined;
  readonly sessionTables: SessionTables;
  readonly applierStopped: boolean;
  /** A command of the inventory that makes it; absent: lvcreate does. */
  readonly by?: Pick<CustomUnit, 'line' | 'words' | 'seconds'> | undefined;
  readonly whenDone: 'keep' | 'release';
}

const defaultPatienceSeconds = 30;

/** A statement that runs longer than this would delay the lock, and the waiting lock would block all writes. */
export const patienceSeconds = ({ snapshot }: Pick<Host, 'snapshot'>): number =>
  snapshot.maxQuerySeconds ?? defaultPatienceSeconds;

const input = z.strictObject({
  group: z.string(),
  volume: z.string(),
  /** The volume that it is a snapshot of. */
  origin: z.string(),
  /** The server runs, so its writes are blocked meanwhile. */
  locked: z.boolean(),
  /** An earlier step stopped the applier, so its position must be reported. */
  applierStopped: z.boolean(),
});

export const takeSnapshot = defineStep({
  kind: 'take-snapshot',
  stage: 'snapshot',
  input,
  result: coordinatesSchema,
  plan: (request: TakeWish) => {
    const { host, origin, name, applierStopped, whenDone, job, by, words } = request;
    const { group, volume } = origin;
    return {
      name: `snapshot ${host.name}`,
      title: titleOf(request),
      host: host.name,
      input: { group, volume: name, origin: volume, locked: words !== undefined, applierStopped },
      commands: {
        take: {
          host: host.name,
          script: 'take-snapshot',
          args: [...namedWords(takeWords(request)), ...commandWords(by)],
          deadlineMs: deadlineMs + (by?.seconds ?? 0) * 1000,
        },
        remove: snapshotCommand({ host, snapshot: { group, volume: name, uuid: '', origin: volume } }, 'remove', {
          job,
        }),
      },
      acquires: {
        what: by
          ? `the snapshot of ${group}/${volume} that commands.createSnapshot makes on ${host.name}`
          : `the snapshot ${group}/${name} on ${host.name}`,
        release: 'remove',
        whenDone,
      },
    };
  },
  run: take,
});

function titleOf({ host, words, by }: TakeWish): string {
  const means = by ? ' by commands.createSnapshot' : '';
  if (!words) return `snapshot ${host.name}${means} (its server is down: nothing is blocked)`;
  const most = by ? `, ${by.seconds} s at most` : '';
  return `snapshot ${host.name}${means} (writes are blocked meanwhile${most})`;
}

const commandWords = (by: TakeWish['by']): string[] =>
  by ? customWords(by) : namedWords({ form: undefined, seconds: undefined, look: [], argument: [] });

/** The words that take-snapshot.sh declares, without those of a command. */
function takeWords({ host, report, job, origin, name, sizeBytes, words, sessionTables }: TakeWish) {
  return {
    job,
    group: origin.group,
    volume: origin.volume,
    name,
    size: sizeBytes,
    datadir: report.disk?.ok ? report.disk.value.datadir : '',
    defaults_file: host.mysql.defaultsFile,
    socket: host.mysql.socket,
    patience: patienceSeconds(host),
    lock: words?.lock,
    flush: words?.flush,
    written: words?.written,
    holder: words?.holder,
    coordinates: words?.coordinates,
    source: words?.source,
    unlock: words?.unlock,
    sessions: sessionTables,
  };
}

async function take(tools: StepTools<z.infer<typeof input>>): Promise<StepEnd<Coordinates>> {
  const { run, step, note, progress } = tools;
  const answer = await run('take');
  if (!answer.ok) return notDone(answer);
  const coordinates = readCoordinates(answer.stdout);
  if (!coordinates) return failed('the answer of take-snapshot.sh was not understood', 'see the log of the job');
  if (tools.input.applierStopped && (coordinates.sources ?? []).some(({ logFile }) => logFile === '')) {
    return failed(
      `an applier of ${step.host} was started again before the snapshot was taken: where its data stands is not known`,
      'see who starts it; then take another',
    );
  }
  const { lockedMs, gtid, logFile, logPosition } = coordinates;
  const said = tools.input.locked
    ? `writes blocked for ${exactDuration(lockedMs)}; ${gtid ? `gtid ${gtid}` : `${logFile}:${logPosition}`}`
    : 'taken without a lock: the server was down';
  const made = /^made_by_command ([\w.+/-]+)$/m.exec(answer.stdout)?.[1];
  if (made) note(`commands.createSnapshot made ${made}`);
  note(said);
  // The plan relied on there being none.
  const untold = /^session_tables (.+)$/m.exec(answer.stdout)?.[1];
  if (untold) note(`whether sessions had temporary tables open then that the binary log uses is not known (${untold})`);
  // This text stays beside the finished step.
  progress({ text: said });
  return { ok: true, result: coordinates };
}
