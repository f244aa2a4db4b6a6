// Whether a target can go on from its own data, as both servers tell it now: its replication may have gone on since the plan.
import type { FailedStep } from '../../../job/plan/step-work.ts';
import { failed } from '../../../job/runner/step-end.ts';
import type { AttachTools } from '../../replica/input.ts';
import { notLetIn } from '../../replica/login-advice.ts';
import { readReplicationState } from '../../replica/source/replication-state.ts';
import { lookAtSource } from '../../replica/source/source.ts';
import { type History, historyOf } from './history.ts';

type Now = { readonly ok: true; readonly history: History } | FailedStep;

export async function historyNow(tools: AttachTools): Promise<Now> {
  const { run, step, input } = tools;
  const looked = await run('look');
  if (!looked.ok) return notLetIn(looked, step.host);
  const target = readReplicationState(looked.stdout);
  const source = await lookAtSource(tools, input.source.name);
  if (target && source) return { ok: true, history: historyOf(input.vendor, step.host, target, source) };
  return failed(
    `${target ? input.source.name : step.host} did not tell which transactions it has`,
    'see the log of the job',
  );
}
