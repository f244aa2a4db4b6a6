// The help screen, made from the command list. Pure.
import { usable } from '../../src/commands/dispatch.ts';
import {
  boundCommands,
  type Command,
  type Context,
  hasKeysOn,
  type ScreenName,
  screenNames,
  worksOn,
} from '../../src/commands/list.ts';
import type { Span } from '../base/theme.ts';
import { displayWidth } from '../base/width.ts';
import type { Sheet } from '../screen-store.ts';

const titles: Readonly<Record<ScreenName, string>> = {
  fleet: 'The fleet',
  host: 'A host',
  processes: 'The sessions of a host',
  seed: 'A seed',
  snapshots: 'Snapshots',
  jobs: 'Jobs',
  job: 'A job',
  schedules: 'Schedules',
};

/** Every command with its keys, under each screen that it is for. A command that can't be used now says why. */
export function helpSheet(context: Context): Sheet {
  const keyCells = Math.max(...boundCommands().map(({ keys }) => displayWidth(keys.join(', '))));
  const group = (title: string, some: readonly Command[], screen: ScreenName) => [
    [{ text: ` ${title}`, tone: 'strong' } as const],
    ...some.flatMap((command) => helpLines(command, screen, context, keyCells)),
    [],
  ];
  const ofAll = boundCommands().filter(({ where }) => where === 'everywhere');
  return {
    title: 'help',
    lines: [
      ...group('Everywhere', ofAll, context.screen),
      ...screenNames.flatMap((screen) =>
        group(
          titles[screen],
          boundCommands().filter((one) => one.where !== 'everywhere' && worksOn(one, screen)),
          screen,
        ),
      ),
    ],
  };
}

/** The reason why a command can't be used is on a line of its own: beside the help it would be cut off. */
function helpLines(command: Command, screen: ScreenName, context: Context, keyCells: number): (readonly Span[])[] {
  // The reason is shown only for the current screen; a command of another screen is obviously not for this one.
  const can = screen === context.screen ? usable(command, context) : true;
  const blanks = ' '.repeat(keyCells + 5);
  const keys = hasKeysOn(command, screen) ? command.keys.join(', ') : ':';
  return [
    [
      { text: `   ${keys.padEnd(keyCells)}  `, tone: can === true ? 'accent' : 'dim' },
      { text: command.help, tone: can === true ? 'plain' : 'dim' },
      { text: command.changes ? ' (changes the host)' : '', tone: 'dim' },
    ],
    ...(can === true ? [] : [[{ text: `${blanks}not now: ${can}`, tone: 'dim' } as const]]),
  ];
}
