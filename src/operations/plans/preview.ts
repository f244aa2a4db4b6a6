// A plan for the operator: each step with the exact commands that it may run.
import { type Acquisition, commandsOf, everyStep, type Plan, type PlannedStep } from '../../job/plan/plan.ts';
import { commandText } from '../../job/runner/run-command.ts';

export interface StepPreview {
  readonly title: string;
  /** The target, if the step is for one of several. */
  readonly lane?: string;
  readonly commands: readonly PreviewedCommand[];
  /** What the step makes, and whether that stays. */
  readonly makes?: string;
}

export interface PreviewedCommand {
  readonly host: string;
  readonly text: string;
  /**
   * Absent: the step runs it, or may. `undo: `: releases the step's resource if the job fails or is aborted. `at the
   * end: `: releases it however the job ends.
   */
  readonly when?: 'undo: ' | 'at the end: ';
}

export function previewOf(plan: Plan): StepPreview[] {
  return everyStep(plan).map((step) => ({
    title: step.title,
    ...(step.lane !== undefined && { lane: step.lane }),
    commands: commandsIn(step),
    ...(step.acquires && { makes: makesWords(step.acquires) }),
  }));
}

function commandsIn(step: PlannedStep): PreviewedCommand[] {
  const { commands, acquires } = step;
  const release = acquires && commands[acquires.release];
  const undoes = release && commandText(release);
  const told = new Map<string, PreviewedCommand>();
  // The command that closes a target's channel is among that target's commands too: it is listed once.
  for (const command of commandsOf(step)) {
    const { host } = command;
    const text = commandText(command);
    const isUndo = host === release?.host && text === undoes;
    const when = isUndo && ({ when: acquires?.whenDone === 'release' ? 'at the end: ' : 'undo: ' } as const);
    told.set(`${host} ${text}`, { host, text, ...when });
  }
  return [...told.values()];
}

function makesWords({ what, whenDone }: Acquisition): string {
  if (whenDone === 'keep') return `makes ${what}: it stays`;
  return `makes ${what}: removed ${whenDone === 'over' ? 'or undone by' : 'at'} the end of the job`;
}
