// A job of a jump host that is gone is taken up: from then on its host refuses every command of it (scripts/host-fence.sh).
import { lookFenceWords, takeFenceWords } from '../scripts/host-fence-words.ts';
import { defineStep, noInput, noResult, type StepEnd, type StepTools } from './plan/step-work.ts';
import { notDone } from './runner/step-end.ts';

const deadlineMs = 30_000;

interface FenceWish {
  readonly host: string;
  /** The key of the job that is taken up. */
  readonly job: string;
  /** Its name: `jump2:7`. */
  readonly name: string;
  /** The jump host that takes it up: its own word, and for people. */
  readonly by: string;
  readonly who: string;
}

export const fenceHost = defineStep({
  kind: 'fence',
  input: noInput,
  result: noResult,
  plan: ({ host, job, name, by, who }: FenceWish) => ({
    name: `fence ${host}`,
    title: `let ${host} refuse every further command of job ${name}`,
    host,
    input: {},
    commands: {
      take: { host, script: 'host-fence', args: takeFenceWords({ job, by, who }), deadlineMs },
    },
  }),
  run: fence,
});

async function fence({ run, note, step }: StepTools): Promise<StepEnd> {
  const answer = await run('take');
  if (!answer.ok) return notDone(answer);
  const { locks } = readFence(answer.stdout);
  const seconds = Math.max(0, ...locks.map((lock) => lock.seconds));
  if (seconds > 0) note(`a command of it began on ${step.host} at that moment, and may run for ${seconds} s more`);
  return { ok: true };
}

export const lookFence = (job: string) => ({ script: 'host-fence', args: lookFenceWords(job), deadlineMs }) as const;

/** What a host tells of a job. Clean its texts before they are shown. */
export interface Fence {
  readonly taken?: { readonly by: string; readonly who: string };
  /** `seconds`: a command of the job may run for so long, if it is more than 0; Infinity: of a build whose commands look for no fence. */
  readonly locks: readonly { readonly seconds: number; readonly who: string }[];
  /** The roles of its units. */
  readonly units: readonly string[];
}

export function readFence(text: string): Fence {
  const rows = text.split('\n').map((line) => line.split('|'));
  const of = (kind: string) => rows.filter(([first]) => first === kind).map(([, ...fields]) => fields);
  const [taken] = of('taken');
  return {
    ...(taken && { taken: { by: taken[0] ?? '', who: taken[1] ?? '' } }),
    locks: of('lock').map(([seconds, who = '']) => ({ seconds: secondsIn(seconds), who })),
    units: of('unit').map(([role = '']) => role),
  };
}

const secondsIn = (text = ''): number => (/^-?\d{1,9}$/.test(text) ? Number(text) : Number.POSITIVE_INFINITY);
