// The commands of the inventory that an operator can run on a host. Pure.
import type { CommandSettings, Host } from '../inventory/settings.ts';
import { purposeOf, stepCommandOf } from '../inventory/step-commands.ts';
import { shownWord } from '../remote/call/quote.ts';
import { shortDuration } from '../text/amounts.ts';

const defaultDeadlineMs = 600_000;

export interface NamedCommand extends CommandSettings {
  readonly name: string;
  readonly deadlineMs: number;
}

/** In the order of the inventory. */
export const namedCommands = ({ commands }: Pick<Host, 'commands'>): NamedCommand[] =>
  Object.entries(commands)
    .filter(([name]) => stepCommandOf(name) === undefined)
    .map(([name, command]) => ({ name, deadlineMs: defaultDeadlineMs, ...command }));

interface StepCommandLine extends CommandSettings {
  readonly name: string;
  readonly insteadOf: string;
}

/** Those that take the place of steps, or are asked, in the order of the inventory. */
export const stepCommandsAt = ({ commands }: Pick<Host, 'commands'>): StepCommandLine[] =>
  Object.entries(commands).flatMap(([name, command]) => {
    const step = stepCommandOf(name);
    return step === undefined ? [] : [{ name, ...command, insteadOf: whatFor(name, command) }];
  });

function whatFor(name: string, { insecure }: CommandSettings): string {
  const step = stepCommandOf(name);
  if (!step?.isRun) return 'not run yet';
  const what = purposeOf(step);
  return step.toDecide !== undefined && !insecure ? `${what} (refused without insecure: true)` : what;
}

/** The command that takes the place of a step there; undefined: the inventory has none. `deadlineMs`: if it has none of its own. */
export function stepCommandAt(
  { commands }: Pick<Host, 'commands'>,
  name: string,
  deadlineMs = defaultDeadlineMs,
): NamedCommand | undefined {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  return command && { name, deadlineMs, ...command };
}

/** `/usr/local/bin/pin '{datadir}', as root; it is ended after 10 min` */
export function customText({ run, deadlineMs }: CommandSettings, { sudo, ssh }: Pick<Host, 'sudo' | 'ssh'>): string {
  const shown = typeof run === 'string' ? run : run.map(shownWord).join(' ');
  const account = sudo || ssh.user === undefined ? 'root' : ssh.user;
  const end = deadlineMs === undefined ? '' : `; it is ended after ${shortDuration(deadlineMs)}`;
  return `${shown}, as ${account}${end}`;
}
