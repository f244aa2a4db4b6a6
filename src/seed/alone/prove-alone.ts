// Proves after its ordinary restart that a server replicates from no host, and takes writes and runs events only as asked for.
import { z } from 'zod';
import { defineStep, type StepEnd, type StepTools } from '../../job/plan/step-work.ts';
import { failed, notDone } from '../../job/runner/step-end.ts';
import { readLook, serverLines } from '../../service/look.ts';
import { wakeCommands } from '../replica/awake.ts';
import { logCommand, sql } from '../replica/commands.ts';
import { onTarget } from '../replica/on-target.ts';
import { logProof } from '../replica/proof/proof.ts';
import { lookAtTarget } from '../replica/source/look-at-target.ts';
import type { ReplicationState } from '../replica/source/replication-state.ts';
import { type AloneInput, aloneInputOf, aloneSchema } from './input.ts';
import { type AlonePlan, unlikeNext, type Wanted, wantedOf } from './plan.ts';
import { aloneWords, settingWords } from './words.ts';

/** `later`: a sentence about what its next start makes of it; `lacks`: one about plugins that it is without. */
const result = z.object({ writable: z.boolean(), later: z.string().optional(), lacks: z.string().optional() });

export const proveAlone = defineStep({
  kind: 'prove-alone',
  stage: 'start',
  input: aloneSchema,
  result,
  plan: (plan: AlonePlan) => ({
    ...onTarget(plan, 'prove alone'),
    title: `check that ${plan.target.name} replicates from no host after its restart, and ${plan.writable ? 'takes writes' : 'is read-only'}`,
    input: aloneInputOf(plan),
    commands: {
      look: sql(plan.target, aloneWords(plan)),
      ...wakeCommands(plan),
      // What no SET PERSIST keeps.
      ...(unlikeNext(plan).length > 0 && { set: sql(plan.target, settingWords(wantedOf(plan))) }),
      log: logCommand(plan),
    },
  }),
  run: prove,
});

type Tools = StepTools<AloneInput>;

async function prove(tools: Tools): Promise<StepEnd<z.infer<typeof result>>> {
  const { step, input, note } = tools;
  const first = await lookAtTarget(tools);
  if (!first.ok) return first;
  const unlike = input.wanted.filter((one) => valueIn(first.state, one.name) !== one.value);
  const second = unlike.length > 0 && step.commands.set ? await set(tools) : first;
  if (!second.ok) return second;
  const { state } = second;
  const log = await tools.run('log');
  if (!log.ok) return notDone(log);
  const logged = readLook(log.stdout);
  const wrong = [...troubles(input, state), ...logProof(logged ? serverLines(logged) : []).troubles];
  if (wrong.length > 0) return failed(`${step.host}: ${wrong.join('; ')}`, 'look into it before it is used');
  const later = laterWords(step.host, unlike);
  if (later !== undefined) note(`! ${later}`);
  if (input.lacks !== '') note(`! ${input.lacks}`);
  const writable = !state.server.readOnly;
  note(
    `${step.host} was restarted, replicates from no host, ${writable ? 'takes writes' : 'is read-only'}, server_id ${state.server.serverId}${state.server.serverUuid === undefined ? '' : `, uuid ${state.server.serverUuid}`}`,
  );
  return {
    ok: true,
    result: { writable, ...(later !== undefined && { later }), ...(input.lacks !== '' && { lacks: input.lacks }) },
  };
}

async function set(tools: Tools): ReturnType<typeof lookAtTarget> {
  const answer = await tools.run('set');
  return answer.ok ? await lookAtTarget(tools) : notDone(answer);
}

function valueIn({ server, eventScheduler }: ReplicationState, name: Wanted['name']): 'ON' | 'OFF' {
  if (name === 'event_scheduler') return eventScheduler === 'ON' ? 'ON' : 'OFF';
  return (name === 'read_only' ? server.readOnly : server.superReadOnly) ? 'ON' : 'OFF';
}

function troubles({ donorUuid, wanted }: AloneInput, state: ReplicationState): string[] {
  const { server, channel, further } = state;
  const channels = [...(channel ? [channel] : []), ...further.map((one) => one.channel)];
  return [
    ...channels.map(({ sourceHost }) => `it has a channel to ${sourceHost} again after its restart`),
    ...(donorUuid !== '' && server.serverUuid === donorUuid ? ['it has the uuid of the donor (auto.cnf)'] : []),
    ...wanted
      .filter(({ name, value }) => valueIn(state, name) !== value)
      .map(({ name, value }) => `${name} is not ${value}, as asked for`),
  ];
}

/** What its restart had otherwise, its next one will have otherwise too. */
function laterWords(host: string, unlike: AloneInput['wanted']): string | undefined {
  if (unlike.length === 0) return undefined;
  const now = unlike.map(({ name, value }) => `${name} = ${value}`).join(', ');
  return `${now} on ${host} holds until its next restart: its option files have it otherwise`;
}
