// Asks the hosts of a seed for the facts that only a seed needs: for the verb, and for the console.
import { randomBytes } from 'node:crypto';
import { datadirOf } from '../../host/storage/datadir.ts';
import type { Remote, RemoteTarget } from '../../remote/remote.ts';
import { scriptText } from '../../scripts/script.ts';
import { factsWords, trialWords } from '../../scripts/seed-facts-words.ts';
import { type Listener, readListener, readSeedFacts, type SeedFacts } from '../../seed/facts.ts';
import { portsOf } from '../../seed/place.ts';
import { type ChosenChannel, isBySsh, type Side } from '../../seed/request.ts';
import type { Subject } from '../plans/draft.ts';

/** Most of it is for counting the datadir's files. */
const deadlineMs = 240_000;
/** The host ends the trial of a job's sshd after this; the rest is for the way there and back. */
const trialSeconds = 20;
const trialDeadlineMs = 40_000;

export type AskedSide =
  | { readonly ok: true; readonly side: Side }
  /** Clean words: the reason, and what to do. */
  | { readonly ok: false; readonly host: string; readonly why: string };

export interface AskingSides {
  readonly open: (target: RemoteTarget) => Remote;
  readonly signal: AbortSignal;
  /** The channel that the operator chose. */
  readonly channel?: ChosenChannel;
  /** Called at each answer with the hosts that have not answered yet. */
  readonly onLeft?: (waitingFor: readonly string[]) => void;
}

/** The donor first, then its targets: all at once, each with its own Remote. Answers are in the same order. */
export async function askSides(subjects: readonly Subject[], asking: AskingSides): Promise<readonly AskedSide[]> {
  const { open, signal, onLeft } = asking;
  const script = await scriptText('seed-facts');
  const [donor] = subjects;
  const salt = randomBytes(16).toString('hex');
  const left = new Set(subjects.map(({ host }) => host.name));
  return await Promise.all(
    subjects.map(async (subject): Promise<AskedSide> => {
      const { host, report, target } = subject;
      const datadir = datadirOf(report);
      if (datadir === undefined) {
        return { ok: false, host: host.name, why: 'where its data lies is not known yet; try again in a moment' };
      }
      const remote = open(target);
      // Another server of the same machine is reached by the machine's own address.
      const peers = subjects.filter((other) => other.host !== host).map((other) => other.host.ssh.host);
      // A trial writes to the host for a moment.
      const isTried = subject !== donor && !host.readOnly && isBySsh(asking, subject);
      const [facts, listener] = await Promise.all([
        askFacts(remote, script, wordsFor(subject, { datadir, salt, peers: [...new Set(peers)] }), signal),
        isTried ? trySshd(remote, signal) : undefined,
      ]);
      await remote.close();
      left.delete(host.name);
      onLeft?.([...left]);
      return typeof facts === 'string'
        ? { ok: false, host: host.name, why: facts }
        : { ok: true, side: { host, report, facts: { ...facts, ...(listener && { listener }) } } };
    }),
  );
}

function wordsFor(
  { host, report: { service } }: Pick<Subject, 'host' | 'report'>,
  asked: { readonly datadir: string; readonly salt: string; readonly peers: readonly string[] },
): string[] {
  const unit = service?.ok ? (service.value.unit ?? '') : '';
  return factsWords({ ...host.mysql, ...portsOf(host), ...asked, unit, isNamed: host.mysql.service !== undefined });
}

/** The facts, or why there are none. */
async function askFacts(
  remote: Remote,
  script: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<SeedFacts | string> {
  const answer = await remote.exec(script, args, { deadlineMs, signal, label: 'seed-facts' });
  if (!answer.ok) return `${answer.message}${answer.advice ? `; ${answer.advice}` : ''}`;
  return readSeedFacts(answer.stdout) ?? 'the answer of seed-facts.sh was not understood';
}

/** If there is no answer in time, nothing is refused. */
async function trySshd(remote: Remote, signal: AbortSignal): Promise<Listener> {
  const answer = await remote.exec(await scriptText('seed-trial'), trialWords(trialSeconds), {
    deadlineMs: trialDeadlineMs,
    signal,
    label: 'seed-trial',
  });
  return readListener(answer.ok ? answer.stdout : '') ?? { state: 'unknown', why: answer.ok ? '' : answer.message };
}
