// A plan as the operator sees it: each step with the commands it may run, as they will run.
import type { Acquisition, Plan } from '../../job/plan.ts';
import { commandText } from '../../job/run-command.ts';

export interface StepPreview {
  readonly title: string;
  /** One of several targets, where the step is of one. */
  readonly lane?: string;
  readonly commands: readonly { readonly host: string; readonly text: string }[];
  /** What the step makes, and whether that stays. */
  readonly makes?: string;
}

export function previewOf({ steps }: Plan): StepPreview[] {
  return steps.map(({ title, lane, commands, acquires }) => ({
    title,
    ...(lane !== undefined && { lane }),
    commands: Object.values(commands).map((command) => ({ host: command.host, text: commandText(command) })),
    ...(acquires && {
      makes: makesWords(acquires),
    }),
  }));
}

function makesWords({ what, whenDone }: Acquisition): string {
  if (whenDone === 'keep') return `makes ${what}: it stays`;
  return `makes ${what}: removed ${whenDone === 'over' ? 'or undone by' : 'at'} the end of the job`;
}
