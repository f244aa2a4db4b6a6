// Removes snapshots, one after the other, until as much is free as is wanted. How much a thin one frees is only known when it is gone.
import { z } from 'zod';
import type { Host } from '../inventory/settings.ts';
import type { PlannedCommand } from '../job/plan/plan.ts';
import { defineStep, noResult, type StepEnd, type StepTools } from '../job/plan/step-work.ts';
import { failed, notDone } from '../job/runner/step-end.ts';
import { namedBy } from '../scripts/snapshot-words.ts';
import { type SpaceNamed, volumeSpaceWords } from '../scripts/volume-space-words.ts';
import { deadlineMs, nameOf, type SnapshotName, snapshotCommand } from './snapshot-commands.ts';
import { lackingBytes, readSpace, spaceText, type Wanted } from './space.ts';

export interface RoomWish {
  readonly host: Host;
  readonly space: SpaceNamed;
  readonly wanted: Wanted;
  /** `vg0 has 1.2G free, 2.0G are wanted` */
  readonly why: string;
  /** In the order in which they go. Empty: it only looks whether the removals before it were enough. */
  readonly candidates: readonly SnapshotName[];
}

const input = z.strictObject({
  group: z.string(),
  pool: z.string().optional(),
  wanted: z.strictObject({ freeBytes: z.number(), metadataPercent: z.number() }),
});

const removeKey = 'remove-';

export const makeRoom = defineStep({
  kind: 'make-room',
  input,
  result: noResult,
  plan: ({ host, space, wanted, why, candidates }: RoomWish) => {
    const commands: Record<string, PlannedCommand> = {
      look: { host: host.name, script: 'volume-space', args: volumeSpaceWords(space), deadlineMs },
    };
    for (const [index, snapshot] of candidates.entries())
      commands[`${removeKey}${index + 1}`] = snapshotCommand({ host, snapshot }, 'remove', { job: '' });
    const { group, pool } = space;
    return {
      name: `room in ${group}${pool === undefined ? '' : `/${pool}`}`,
      title: titleOf(why, candidates),
      host: host.name,
      input: { group, ...(pool !== undefined && { pool }), wanted },
      commands,
    };
  },
  run: make,
});

function titleOf(why: string, candidates: RoomWish['candidates']): string {
  if (candidates.length === 0) return `look whether that is enough: ${why}`;
  return `${why}: until then remove, one after the other, ${candidates.map(nameOf).join(', ')}`;
}

async function make({ input: asked, ...tools }: StepTools<z.infer<typeof input>>): Promise<StepEnd> {
  const { run, step, note, progress } = tools;
  const { wanted, group, pool } = asked;
  const named = { group, pool };
  const keys = Object.keys(step.commands).filter((key) => key.startsWith(removeKey));
  const nameAt = (key: string) => nameOf(namedBy(step.commands[key]?.args ?? []));
  for (let gone = 0; ; gone++) {
    const answer = await run('look', { again: true });
    if (!answer.ok) return notDone(answer);
    const space = readSpace(answer.stdout, named);
    if (!space) return failed('the answer of volume-space.sh was not understood', 'see the log of the job');
    const now = spaceText(named, space, wanted);
    const [key, ...further] = keys.slice(gone);
    if (lackingBytes(space, wanted) === 0) {
      if (key !== undefined) note(`${now}: kept ${[key, ...further].map(nameAt).join(', ')}`);
      progress({ text: now }, true);
      return { ok: true };
    }
    if (key === undefined)
      return failed(`${now} on ${step.host}, and no other snapshot may go`, 'extend it, or free room in it by hand');
    note(`${now}: removing ${nameAt(key)}`);
    const removed = await run(key);
    if (!removed.ok) return notDone(removed);
  }
}
