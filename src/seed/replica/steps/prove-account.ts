// Tests the replication login of a target at its source, before anything is destroyed: the account exists, and its
// login is accepted from the target.

import { defineStep, noResult, type StepEnd, type StepTools } from '../../../job/plan/step-work.ts';
import { notDone } from '../../../job/runner/step-end.ts';
import { proofCommands } from '../commands.ts';
import { type AttachTools, attachSchema, type ChannelInput, inputOf, sourceName } from '../input.ts';
import { onTarget } from '../on-target.ts';
import type { AttachPlan } from '../plan.ts';
import { accountText } from '../source/account.ts';
import { accountOf, channelAccount } from '../told-account.ts';

export const proveAccount = defineStep({
  kind: 'prove-account',
  input: attachSchema,
  result: noResult,
  plan: (plan: AttachPlan) => ({
    ...onTarget(plan, 'prove account'),
    title: `test the replication login ${plan.target.name} → ${sourceName(plan.source)}`,
    input: inputOf(plan),
    commands: proofCommands(plan),
  }),
  run: prove,
});

async function prove(tools: AttachTools): Promise<StepEnd> {
  const { run, step, note } = tools;
  const { source, channels } = tools.input;
  if (step.commands.keep) {
    const kept = await run('keep');
    if (!kept.ok) return { ...notDone(kept), advice: 'name a file with an account' };
  }
  const read = await accountOf(tools);
  if (!read.ok) return read;
  const { user } = read.account;
  const tried = await run('try', { stdin: accountText(read.account) });
  if (!tried.ok) return { ...notDone(tried), advice: `${user} has to log in at ${source.name} from ${step.host}` };
  note(`${user} can log in at ${source.name} from ${step.host}, and may replicate`);
  for (const channel of channels) {
    const end = await proveChannel(tools, channel);
    if (end) return end;
  }
  return { ok: true };
}

async function proveChannel(tools: StepTools, { name, mark, source }: ChannelInput): Promise<StepEnd | undefined> {
  const { run, step, note } = tools;
  const kept = await run(`keep ${mark}`);
  if (!kept.ok) return { ...notDone(kept), advice: `with which account channel ${name} replicates can't be kept` };
  const read = await channelAccount(tools, mark);
  if (!read.ok) return read;
  const { user } = read.account;
  const tried = await run(`try ${mark}`, { stdin: accountText(read.account) });
  if (!tried.ok) {
    return { ...notDone(tried), advice: `channel ${name}: ${user} has to log in at ${source} from ${step.host}` };
  }
  note(`channel ${name}: ${user} can log in at ${source}, and may replicate`);
  return undefined;
}
