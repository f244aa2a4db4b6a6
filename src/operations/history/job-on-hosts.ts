// What the hosts of another jump host's job tell of it: whether a command of it may run there, and whether it was taken up before.
import type { Host, Inventory } from '../../inventory/settings.ts';
import { type Fence, lookFence, readFence } from '../../job/fence-step.ts';
import type { JobRecord } from '../../job/journal/record.ts';
import { openRemotes, type Remotes } from '../../remote/open.ts';
import { byCleaning } from '../../scripts/host-fence-words.ts';
import { scriptText } from '../../scripts/script.ts';
import { cleanLine } from '../../text/clean.ts';
import { targetOf } from '../hosts/target-of.ts';
import { given, type Result, refused } from '../result.ts';

/** A sentence a host: what it has of the job. Refused where one does not answer, a command may run, or another jump host than `jump` took the job up. */
export async function findJob(
  job: JobRecord,
  hosts: readonly Host[],
  inventory: Pick<Inventory, 'hosts'>,
  jump: string,
): Promise<Result<readonly string[]>> {
  const remotes = openRemotes({ environment: process.env });
  try {
    const found = await Promise.all(hosts.map((host) => findOn(job, host, { remotes, inventory, jump })));
    const refusal = found.find((one) => !one.ok);
    return refusal ?? given(found.flatMap((one) => (one.ok ? [one.value] : [])));
  } finally {
    await remotes.close();
  }
}

interface Looking {
  readonly remotes: Remotes;
  readonly inventory: Pick<Inventory, 'hosts'>;
  readonly jump: string;
}

async function findOn(job: JobRecord, host: Host, { remotes, inventory, jump }: Looking): Promise<Result<string>> {
  const target = targetOf(host, inventory);
  const remote = remotes.open(target);
  const { script, args, deadlineMs } = lookFence(job.key);
  const answer = await remote.exec(await scriptText(script), args, { deadlineMs, label: `${script} look` });
  await remote.close();
  if (!answer.ok) return refused({ kind: 'unreachable', message: answer.message, advice: answer.advice });
  const fence = readFence(answer.stdout);
  const { name } = host;
  if (fence.taken && ![jump, byCleaning].includes(fence.taken.by)) {
    const message = `${name}: the job was taken up by ${cleanLine(fence.taken.who)}`;
    return refused({ kind: 'refused', message, advice: `reseed clean ${name} takes away what it left there` });
  }
  const seconds = Math.max(0, ...fence.locks.map((lock) => lock.seconds));
  if (seconds === Number.POSITIVE_INFINITY) {
    const message = `${name}: the lock of the job is of an older reseed, whose commands look for nothing that stops them`;
    const advice = `if its jump host will not come back: reseed clean ${name}`;
    return refused({ kind: 'refused', message, advice });
  }
  if (seconds > 0) {
    const message = `${name}: the lock of the job is fresh: a command of it may run there for ${seconds} s more`;
    return refused({ kind: 'refused', message, advice: 'try again then; a runner that lives renews it' });
  }
  const there = job.targets.find((one) => one.name === name)?.host;
  return given(sentenceOf(name, fence, there === target.host ? undefined : there));
}

const takerOf = (by: string) =>
  by === byCleaning ? 'a cleaning or an unlock has it refused' : 'this jump host has taken it up';

/** `otherAddress`: by which its own jump host reaches it, where that is another. */
function sentenceOf(name: string, { locks, units, taken }: Fence, otherAddress: string | undefined): string {
  const found = [
    ...locks.map(({ who }) => `the job has its lock (${cleanLine(who)})`),
    ...units.map((role) => `its unit ${cleanLine(role)} is there`),
    ...(taken ? [`${takerOf(taken.by)} (${cleanLine(taken.who)})`] : []),
  ];
  const address =
    otherAddress === undefined
      ? ''
      : `; its jump host reaches it by ${cleanLine(otherAddress)}: see that it is the same host`;
  return `${name}: ${found.length === 0 ? 'it has no lock and no unit of the job now' : found.join(', ')}${address}`;
}
