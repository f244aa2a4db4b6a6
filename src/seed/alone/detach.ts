// Frees a server on copied data from the donor's replication: its channels, and the binary logs that came along, go.
import { z } from 'zod';
import { defineStep, type FailedStep, type StepEnd, type StepTools } from '../../job/plan/step-work.ts';
import { failed, notDone } from '../../job/runner/step-end.ts';
import { valueLines } from '../../scripts/seed-sql-words.ts';
import { wakeCommands } from '../replica/awake.ts';
import { sql } from '../replica/commands.ts';
import { onTarget } from '../replica/on-target.ts';
import { lookAtTarget } from '../replica/source/look-at-target.ts';
import type { ReplicationState } from '../replica/source/replication-state.ts';
import { toldBy } from '../replica/source/source.ts';
import { type AloneInput, aloneInputOf, aloneSchema } from './input.ts';
import { type AlonePlan, detachKind, hasPersist, unlikeNext } from './plan.ts';
import { readData } from './read-data.ts';
import { aloneWords, detachedWords, detachWords, persistWords } from './words.ts';

/** Where it stands then (Stands): the replicas of a set begin there. */
const result = z.object({ gtid: z.string(), logFile: z.string(), logPosition: z.number() });

export const detach = defineStep({
  kind: detachKind,
  input: aloneSchema,
  result,
  plan: (plan: AlonePlan) => {
    const { target } = plan;
    const words = (logBin: boolean, gtid: boolean) => sql(target, detachWords({ ...plan, logBin, gtid }));
    const kept = unlikeNext(plan);
    return {
      ...onTarget(plan, 'detach'),
      title: `remove on ${target.name} all channels and binary logs that came with the data`,
      input: aloneInputOf(plan),
      commands: {
        look: sql(target, aloneWords(plan)),
        ...wakeCommands(plan),
        detach: words(true, true),
        detachWithoutGtid: words(true, false),
        ...(plan.vendor === 'mariadb' && { detachUnlogged: words(false, false) }),
        ...(hasPersist(plan) && kept.length > 0 && { persist: sql(target, persistWords(kept)) }),
        stands: sql(target, detachedWords(plan)),
      },
    };
  },
  run: free,
});

type Tools = StepTools<AloneInput>;

async function free(tools: Tools): Promise<StepEnd<z.infer<typeof result>>> {
  const { run, step, note, resultOf } = tools;
  const looked = await lookAtTarget(tools);
  if (!looked.ok) return looked;
  const { state } = looked;
  const trouble = troubleOf(tools, state);
  if (trouble !== undefined) return failed(trouble, 'see the log of the job');
  const gtid = resultOf(readData, step.host)?.gtid ?? '';
  const changed = await change(tools, state, gtid);
  if (changed) return changed;
  const stands = toldBy(await run('stands'));
  if (!stands || hasChannel(stands)) {
    const why = stands ? 'still has channels' : 'did not tell of itself';
    return failed(`the server of ${step.host} ${why}`, 'see the log of the job');
  }
  const [logFile = ''] = stands.logs ?? [];
  note(gtid === '' ? 'it has no channel' : `it has no channel, and its transactions go on after gtid ${gtid}`);
  return { ok: true, result: { gtid, logFile, logPosition: beginning } };
}

const hasChannel = ({ channel, further }: ReplicationState) => channel !== undefined || further.length > 0;

/** Of every binary log, after its magic number. */
const beginning = 4;

function troubleOf({ step, input }: Tools, { server }: ReplicationState): string | undefined {
  if (input.donorUuid !== '' && server.serverUuid === input.donorUuid) {
    return `the server of ${step.host} has the uuid of its donor: its auto.cnf was copied`;
  }
  return server.readOnly ? undefined : `the server of ${step.host} takes writes: it was not started by this job`;
}

async function change(
  { run, step, input, note }: Tools,
  { server: { logBin } }: ReplicationState,
  gtid: string,
): Promise<FailedStep | undefined> {
  const unlogged = input.vendor === 'mariadb' && !logBin;
  const key = unlogged ? 'detachUnlogged' : gtid === '' ? 'detachWithoutGtid' : 'detach';
  const answer = await run(key, key === 'detach' ? { stdin: valueLines({ gtid }) } : {});
  if (!answer.ok) return notDone(answer);
  if (!step.commands.persist) return undefined;
  const persisted = await run('persist');
  if (!persisted.ok) return notDone(persisted);
  const names = input.wanted.filter(({ value, next }) => value !== next).map(({ name, value }) => `${name} = ${value}`);
  note(`kept by SET PERSIST: ${names.join(', ')}`);
  return undefined;
}
