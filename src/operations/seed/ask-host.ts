// Runs a script on a host before there is a job: for the verb, and for the console.
import type { Host } from '../../inventory/settings.ts';
import type { Remote, RemoteTarget } from '../../remote/remote.ts';
import { type ScriptName, scriptText } from '../../scripts/script.ts';
import type { Subject } from '../plans/draft.ts';

const deadlineMs = 30_000;

export interface Asking {
  /** Every known host of the inventory. */
  readonly known: readonly Subject[];
  readonly open: (target: RemoteTarget) => Remote;
  readonly signal: AbortSignal;
}

/** With its own Remote. undefined: it is unknown how to reach the host. */
export async function ran(
  host: Host,
  script: ScriptName,
  args: readonly string[],
  asking: Asking,
  stdin = '',
  limitMs = deadlineMs,
) {
  const subject = asking.known.find((one) => one.host.name === host.name);
  if (!subject) return undefined;
  const remote = asking.open(subject.target);
  const answer = await remote.exec(await scriptText(script), args, {
    deadlineMs: limitMs,
    signal: asking.signal,
    label: script,
    stdin,
  });
  await remote.close();
  return answer;
}
