// A plan as the operator sees it: each step with the commands it may run, as they will run.
import type { Plan } from '../../job/plan.ts';
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
      makes: `makes ${acquires.what}; ${acquires.whenDone === 'keep' ? 'it stays' : 'it goes at the end'}`,
    }),
  }));
}
