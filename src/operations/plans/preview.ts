// A plan as the operator sees it: each step with the commands it may run, as they will run.
import { type Acquisition, commandsOf, type Plan, type PlannedStep } from '../../job/plan/plan.ts';
import { commandText } from '../../job/runner/run-command.ts';

export interface StepPreview {
  readonly title: string;
  /** One of several targets, where the step is of one. */
  readonly lane?: string;
  readonly commands: readonly PreviewedCommand[];
  /** What the step makes, and whether that stays. */
  readonly makes?: string;
}

export interface PreviewedCommand {
  readonly host: string;
  readonly text: string;
  /**
   * Absent: the step runs it, or may. `undo: `: where the job fails or is aborted it takes away what the step made. `at the end: `: it
   * does that whatever becomes of the job.
   */
  readonly when?: 'undo: ' | 'at the end: ';
}

export function previewOf({ steps }: Plan): StepPreview[] {
  return steps.map((step) => ({
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
  // What closes the channel of a target is among the commands for that target as well: it is told once.
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
