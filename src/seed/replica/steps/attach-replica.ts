// Makes a server on copied data a replica: sets its source, its coordinates and its account.
import { z } from 'zod';
import type { Json } from '../../../job/plan/plan.ts';
import { defineStep, type FailedStep, type StepEnd, type StepTools } from '../../../job/plan/step-work.ts';
import { failed, notDone } from '../../../job/runner/step-end.ts';
import { laterText } from '../../../scripts/seed-persisted-words.ts';
import { valueLines } from '../../../scripts/seed-sql-words.ts';
import { lookAwake, wakeCommands } from '../awake.ts';
import { beginWords, replicaOptions } from '../change-words.ts';
import { accountCommands, changeCommands, eventCommands, lookCommands, persistedCommands, sql } from '../commands.ts';
import { disablingAll } from '../event-words.ts';
import { gtidText, readGtidSet } from '../gtid-set.ts';
import { type AttachInput, type AttachTools, attachSchema, inputOf, sourceName } from '../input.ts';
import { openWords, readOpened } from '../memory-tables.ts';
import { onTarget } from '../on-target.ts';
import type { AttachPlan } from '../plan.ts';
import { hasBegun, type Origin, originText } from '../source/origin.ts';
import { type ReplicationState, readReplicationState } from '../source/replication-state.ts';
import { originFor, sourcesTrouble, toldStands } from '../source/source.ts';
import { startCommand } from '../start-command.ts';
import { accountOf, channelAccount } from '../told-account.ts';

/**
 * Its source, and the GTID from which it replicates; empty: by file and position. `later`: a sentence about values that
 * it has only after its next start; `lacks`: one about plugins that it is without;
 * `closed`: one about read_only, which is another than it was.
 */
const result = z.object({
  source: z.string(),
  gtid: z.string(),
  later: z.string().optional(),
  lacks: z.string().optional(),
  closed: z.string().optional(),
});

export const attachReplica = defineStep({
  kind: 'attach-replica',
  stage: 'attach',
  input: attachSchema,
  result,
  plan: (plan: AttachPlan) => ({
    ...onTarget(plan, 'attach'),
    title: `start replication on ${plan.target.name} from ${sourceName(plan.source)}`,
    input: inputOf(plan),
    commands: {
      ...lookCommands(plan),
      ...wakeCommands(plan),
      ...accountCommands(plan),
      openMemory: sql(plan.target, openWords),
      ...changeCommands(plan),
      ...persistedCommands(plan),
      ...eventCommands(plan),
      begin: sql(plan.target, beginWords(plan)),
      // From here on a host comes back from a power cut as the replica that it is now.
      hold: startCommand(plan, 'follow', { datadir: plan.datadir, option: replicaOptions(plan) }),
    },
  }),
  run: attach,
});

async function attach(tools: AttachTools): Promise<StepEnd<z.infer<typeof result>>> {
  const { run, step, input, note } = tools;
  const looked = await lookAwake(tools);
  if (!looked.ok) return looked;
  const replicationState = readReplicationState(looked.stdout);
  if (!replicationState) return failed(`the server of ${step.host} did not tell of itself`, 'see the log of the job');
  const origin = originFor(tools, replicationState);
  if (!origin)
    return failed(`from where ${step.host} is to go on is not known`, 'take a new snapshot of a server that runs');
  const trouble = ownTrouble(step.host, replicationState, input) ?? (await sourcesTrouble(tools, origin));
  if (trouble) return failed(trouble, 'choose another source, or take a newer snapshot');
  if (hasBegun(replicationState, input.source, origin)) note(`it follows ${input.source.name} already`);
  else {
    const opened = await openMemoryTables(tools);
    if (opened) return opened;
    const changed = await change(tools, origin, replicationState.server);
    if (changed) return changed;
  }
  const later = await sayPersisted(tools);
  if (!later.ok) return later;
  const begun = await run('begin', input.channels.length > 0 ? { stdin: valueLines(input.kept) } : {});
  if (!begun.ok) return notDone(begun);
  const held = await run('hold');
  if (!held.ok) return notDone(held);
  noteEvents(tools, input);
  return {
    ok: true,
    result: { source: input.source.name, gtid: gtidOf(origin), ...later.said, ...tellChanges(tools) },
  };
}

const gtidOf = (origin: Origin) => (origin.by === 'gtid' ? origin.gtid : '');

function noteEvents({ step, note }: StepTools, { eventsOff, keepsEventsOff, ...server }: AttachInput): void {
  if (!eventsOff) return;
  note(
    keepsEventsOff
      ? 'its event scheduler is kept off by SET PERSIST: it runs no event of its source'
      : `! its event scheduler is off until its next restart. Before that run on ${step.host}, with super_read_only off: ${disablingAll(server)}. If its options switch it on then, it would run them as well as its source`,
  );
}

/** Sentences of the plan that the end of the job repeats. */
function tellChanges({ note, input: { lacks, closed } }: AttachTools): {
  readonly lacks?: string;
  readonly closed?: string;
} {
  for (const one of [lacks, closed]) if (one !== '') note(`! ${one}`);
  return { ...(lacks !== '' && { lacks }), ...(closed !== '' && { closed }) };
}

/**
 * Before the reset of its log, which removes what the server writes there about these tables. A job of an older reseed
 * has no such command.
 */
async function openMemoryTables({ run, step, note }: StepTools): Promise<FailedStep | undefined> {
  if (!step.commands.openMemory) return undefined;
  const answer = await run('openMemory');
  if (!answer.ok) return notDone(answer);
  const { count, unopened } = readOpened(answer.stdout);
  if (count > 0) note(`MEMORY tables opened before the binary log is reset: ${count - unopened.length} of ${count}`);
  if (unopened.length > 0) {
    note(`! ${unopened.join(', ')}: not opened; when it is, ${step.host} logs a transaction of its own`);
  }
  return undefined;
}

/** What SET PERSIST had set on it (seed-persisted.sh). A job that an older reseed began does not know it. */
async function sayPersisted({
  run,
  step,
  note,
}: StepTools): Promise<{ readonly ok: true; readonly said: { readonly later?: string } } | FailedStep> {
  const kept = step.commands.keepEventsOff ? await run('keepEventsOff') : undefined;
  if (kept && !kept.ok) return notDone(kept);
  if (!step.commands.persisted) return { ok: true, said: {} };
  const answer = await run('persisted');
  if (!answer.ok) return notDone(answer);
  const later = laterText(step.host, answer.stdout);
  if (later === undefined) return { ok: true, said: {} };
  note(`! ${later}`);
  return { ok: true, said: { later } };
}

function ownTrouble(
  host: string,
  { server, eventScheduler }: ReplicationState,
  { donorUuid, eventsOff }: AttachInput,
): string | undefined {
  if (donorUuid !== '' && server.serverUuid === donorUuid) {
    return `the server of ${host} has the uuid of its donor: its auto.cnf was copied`;
  }
  if (eventsOff && eventScheduler === 'ON') {
    return `the event scheduler of ${host} is on, though it was started without: its init_file or a session switched it on, and it runs the events of its donor`;
  }
  return server.readOnly ? undefined : `the server of ${host} takes writes: it was not started by this job`;
}

/** Those that came with the data: as its coordinates tell them, or else the server itself, without what it wrote. */
function gtidsOfData(tools: AttachTools, { serverUuid = '', gtidExecuted }: ReplicationState['server']): string {
  const told = toldStands(tools)?.gtid ?? '';
  if (told !== '') return told;
  const all = readGtidSet(gtidExecuted) ?? new Map();
  return gtidText(new Map([...all].filter(([name]) => name.split(':')[0] !== serverUuid.toLowerCase())));
}

/** `server`: of the target, as it was before. */
async function change(
  tools: AttachTools,
  origin: Origin,
  server: ReplicationState['server'],
): Promise<FailedStep | undefined> {
  const { run, note, input } = tools;
  const read = await accountOf(tools);
  if (!read.ok) return read;
  const { user, password } = read.account;
  note(`from ${originText(origin)}, as ${user}`);
  const values: Readonly<Record<string, Json>> = {
    host: input.source.host,
    port: input.source.port,
    user,
    password,
    ...input.kept,
    ...(input.keepsGtids && { gtid: gtidsOfData(tools, server) }),
    ...(origin.by === 'gtid' ? { gtid: origin.gtid } : { file: origin.file, position: origin.position }),
  };
  const accounts: Record<string, Json> = {};
  for (const { mark } of input.channels) {
    const own = await channelAccount(tools, mark);
    if (!own.ok) return own;
    accounts[`user${mark}`] = own.account.user;
    accounts[`password${mark}`] = own.account.password;
  }
  const unlogged = input.vendor === 'mariadb' && !server.logBin;
  const answer = await run(unlogged ? 'changeUnlogged' : 'change', { stdin: valueLines({ ...values, ...accounts }) });
  return answer.ok ? undefined : notDone(answer);
}
