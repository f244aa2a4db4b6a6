// From a plan to a running job: the plan shown, confirmed, written down, and given to a runner of its own.
import type { Plan } from '../../job/plan.ts';
import type { Who } from '../../job/record.ts';
import type { Planned } from '../../job/refusal.ts';
import { commandText } from '../../job/tools.ts';
import type { RemoteTarget } from '../../remote/remote.ts';
import { exitCodes, printFailure, printJson, printLine } from '../answer.ts';
import { agreed } from './agree.ts';
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
  const sentences = [...plan.destroys, ...beginning.impact];
  const lines = planLines(plan, beginning.impact);
  const why = await agreed({ sentences, name: beginning.name, yes: options.yes, lines });
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

function refuse({ json }: BeginOptions, message: string, advice: string): void {
  process.exitCode = exitCodes.refused;
  printFailure(json, { error: 'refused', message, advice });
}
