// The account that a replica logs in with. It is read again each time, because no journal keeps it.

import type { StepTools } from '../../job/plan/step-work.ts';
import { notDone } from '../../job/runner/step-end.ts';
import type { AttachTools } from './input.ts';
import { type AccountRead, accountFrom, accountIn } from './source/account.ts';

export async function accountOf({ run, step, input }: AttachTools): Promise<AccountRead> {
  const { accountFile } = input;
  if (accountFile !== '') return accountIn(accountFile);
  return await toldAccount({ run, step }, 'account', 'name a file with one');
}

export const channelAccount = (tools: Pick<StepTools, 'run' | 'step'>, mark: string) =>
  toldAccount(tools, `account ${mark}`, 'end this channel, and seed again');

async function toldAccount(
  { run, step }: Pick<StepTools, 'run' | 'step'>,
  key: string,
  advice: string,
): Promise<AccountRead> {
  const answer = await run(key);
  const host = step.commands[key]?.host ?? '?';
  if (answer.ok) return accountFrom(answer.stdout, host);
  const message = `the replication account of ${host} is unknown: ${notDone(answer).message}`;
  return { ok: false, message, advice };
}
