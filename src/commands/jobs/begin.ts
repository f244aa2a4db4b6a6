// From a plan to a running job: the plan shown, confirmed, written down, and given to a runner of its own.
import { createInterface } from 'node:readline/promises';
import type { Plan } from '../../job/plan.ts';
import type { Who } from '../../job/record.ts';
import type { Planned } from '../../job/refusal.ts';
import { commandText } from '../../job/tools.ts';
import type { RemoteTarget } from '../../remote/remote.ts';
import { exitCodes, printJson, printLine } from '../answer.ts';
import { attach } from './attach.ts';
import { openDesk, startRunner } from './desk.ts';

export interface BeginOptions {
  readonly dryRun?: boolean;
  /** The host's name, or true: the operator has agreed in advance. */
  readonly yes?: string | boolean;
  readonly detach?: boolean;
  readonly json?: boolean;
}

export interface Beginning {
  readonly planned: Planned;
  readonly key: string;
  readonly targets: readonly RemoteTarget[];
  readonly who: Who;
  /** Sentences of what would break. With any, the name has to be typed, or given to --yes. */
  readonly impact: readonly string[];
  /** What has to be typed. */
  readonly name: string;
}

/** Sets the exit code. */
export async function begin(beginning: Beginning, options: BeginOptions): Promise<void> {
  const { planned } = beginning;
  if (!planned.ok) return refuse(options, planned.message, planned.advice);
  const { plan } = planned;
  if (options.dryRun) {
    if (options.json) printJson('plan', { plan, impact: beginning.impact });
    else for (const line of planLines(plan, beginning.impact)) printLine(line);
    return;
  }
  const why = await disagreement(beginning, plan, options);
  if (why) return refuse(options, why.message, why.advice);
  await launch(beginning, plan, options);
}

async function launch({ key, targets, who }: Beginning, plan: Plan, { detach, json }: BeginOptions): Promise<void> {
  const desk = openDesk();
  if (!desk) return;
  const { id } = desk.journal.add({ key, plan, targets, who });
  startRunner(desk, id);
  if (detach || json) {
    if (json) printJson('job', { id, key });
    else printLine(`job ${id} runs; reseed job attach ${id}`);
  } else {
    await attach(desk, id, { fromStart: true, begun: true });
  }
  desk.journal.close();
}

/** The plan as the operator sees it: each step with the commands it may run, as they will run. */
function planLines({ title, steps, destroys }: Plan, impact: readonly string[]): string[] {
  return [
    title,
    ...[...destroys, ...impact].map((sentence) => `! ${sentence}`),
    ...steps.flatMap((step) => [
      `○ ${step.title}`,
      ...Object.values(step.commands).map((command) => `    ${command.host}  $ ${commandText(command)}`),
      ...(step.acquires
        ? [`    makes ${step.acquires.what}; ${step.acquires.whenDone === 'keep' ? 'it stays' : 'it goes at the end'}`]
        : []),
    ]),
  ];
}

interface Refusal {
  readonly message: string;
  readonly advice: string;
}

/** Why the job does not begin; undefined: the operator agrees. */
async function disagreement(
  { impact, name }: Beginning,
  plan: Plan,
  { yes }: BeginOptions,
): Promise<Refusal | undefined> {
  const grave = impact.length > 0 || plan.destroys.length > 0;
  if (yes === name || (yes === true && !grave)) return undefined;
  if (yes !== undefined) {
    return { message: `${[...plan.destroys, ...impact].join('; ')}`, advice: `if that is meant: --yes=${name}` };
  }
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    return { message: 'nobody is here to be asked', advice: `to agree in advance: --yes${grave ? `=${name}` : ''}` };
  }
  for (const line of planLines(plan, impact)) printLine(line);
  const wanted = grave ? name : 'y';
  const asked = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await asked.question(grave ? `Type ${name} to go on: ` : 'Go on? (y) ').catch(() => '');
  asked.close();
  return answer.trim() === wanted ? undefined : { message: 'not agreed: nothing was done', advice: '' };
}

function refuse({ json }: BeginOptions, message: string, advice: string): void {
  process.exitCode = exitCodes.refused;
  if (json) printJson('error', { error: 'refused', message, advice });
  else process.stderr.write(`reseed: ${message}${advice ? `; ${advice}` : ''}\n`);
}
