// The help screen, made from the command list. Pure.
import { usable } from '../src/commands/dispatch.ts';
import { type Command, type Context, commands, worksOn } from '../src/commands/list.ts';
import type { Span } from './base/theme.ts';
import { displayWidth } from './base/width.ts';
import type { Sheet } from './screen-store.ts';

const groups: readonly (readonly [title: string, belongs: (command: Command) => boolean])[] = [
  ['Everywhere', ({ where }) => where === 'everywhere'],
  ['The fleet', ({ where }) => where !== 'everywhere' && where.includes('fleet')],
  ['A host', ({ where }) => where !== 'everywhere' && where.includes('host')],
];

/** Every command with its keys; one that can't be used now says why. */
export function helpSheet(context: Context): Sheet {
  const keyCells = Math.max(...commands.map(({ keys }) => displayWidth(keys.join(', '))));
  const lines = groups.flatMap(([title, belongs]): (readonly Span[])[] => [
    [{ text: ` ${title}`, tone: 'strong' }],
    ...commands.filter(belongs).flatMap((command) => helpLines(command, context, keyCells)),
    [],
  ]);
  return { title: 'help', lines };
}

/** What stands against a command now is on a line of its own: beside the help it would be cut off. */
function helpLines(command: Command, context: Context, keyCells: number): (readonly Span[])[] {
  // What belongs to another screen is no news; what stands against it on this one is.
  const can = worksOn(command, context.screen) ? usable(command, context) : true;
  const blanks = ' '.repeat(keyCells + 5);
  return [
    [
      { text: `   ${command.keys.join(', ').padEnd(keyCells)}  `, tone: can === true ? 'accent' : 'dim' },
      { text: command.help, tone: can === true ? 'plain' : 'dim' },
      { text: command.changes ? ' (changes the host)' : '', tone: 'dim' },
    ],
    ...(can === true ? [] : [[{ text: `${blanks}not now: ${can}`, tone: 'dim' } as const]]),
  ];
}
