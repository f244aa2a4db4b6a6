// A plan as the operator sees it: each step with the commands it may run, as they will run.
import type { Acquisition, Plan } from '../../job/plan.ts';
import { commandText } from '../../job/run-command.ts';

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
  return steps.map(({ title, lane, commands, acquires }) => ({
    title,
    ...(lane !== undefined && { lane }),
    commands: Object.entries(commands).map(([key, command]) => ({
      host: command.host,
      text: commandText(command),
      ...(key === acquires?.release && { when: acquires.whenDone === 'release' ? 'at the end: ' : 'undo: ' }),
    })),
    ...(acquires && {
      makes: makesWords(acquires),
    }),
  }));
}

function makesWords({ what, whenDone }: Acquisition): string {
  if (whenDone === 'keep') return `makes ${what}: it stays`;
  return `makes ${what}: removed ${whenDone === 'over' ? 'or undone by' : 'at'} the end of the job`;
}
