// The operator's own keys of the console, a part of its settings (config.ts). Pure.
//
//   keys:
//     seed.open: E             one key, in place of those that it has
//     mysql.stop: [ctrl+d]     or several; none: the palette alone has it
import { nearest } from '../inventory/nearest.ts';
import { type Complain, placeText, quoted } from '../inventory/problem.ts';
import { type Entry, entriesOf, type Tree } from '../inventory/reading/tree.ts';
import {
  commands,
  commandsInReplay,
  hasKeysOn,
  type ListedCommand,
  type ScreenName,
  screenNames,
  withKeys,
} from './list.ts';

/** By the name of the command. */
export type OwnKeys = ReadonlyMap<string, readonly string[]>;

const named = 'up|down|left|right|pageup|pagedown|home|end|enter|backspace|delete|space|tab|shift\\+tab';
/** As components/keys.ts names them. `ctrl+c` and `esc` always leave. */
const keyForm = new RegExp(`^(?:[!-~]|ctrl\\+(?:[abd-z]|space)|${named})$`);

/** `own`: what the file has below keys. */
export function keysIn(own: Tree | undefined, complain: Complain): OwnKeys {
  let isWhole = true;
  const keys = boundIn(own, (...problem) => {
    isWhole = false;
    complain(...problem);
  });
  if (isWhole) checkDoubled(keys, complain);
  return new Map([...keys].map(([name, bound]) => [name, bound.keys]));
}

interface Bound {
  readonly at: Entry['at'];
  readonly keys: readonly string[];
}

function boundIn(own: Tree | undefined, complain: Complain): ReadonlyMap<string, Bound> {
  if (own !== undefined && own.kind !== 'map' && own.kind !== 'unset')
    complain(own.at, 'keys is no map', 'write keys: { seed.open: E }');
  return new Map(
    entriesOf(own).flatMap((entry) => {
      const keys = keysOf(entry, complain);
      return keys ? [[entry.key, { at: entry.at, keys }] as const] : [];
    }),
  );
}

function keysOf({ key: name, at, value }: Entry, complain: Complain): readonly string[] | undefined {
  if (!commandsInReplay.some((command) => command.name === name)) {
    const near = nearest(
      name,
      commandsInReplay.map((command) => command.name),
    );
    complain(
      at,
      `unknown command ${quoted(name)}`,
      near === undefined ? 'reseed console --keys lists them' : `did you mean ${near}?`,
    );
    return undefined;
  }
  const items = value.kind === 'list' ? value.items : [value];
  const keys = items.flatMap((item) => {
    if (item.kind === 'text' && keyForm.test(item.text)) return [item.text];
    const what = item.kind === 'text' ? `no key: ${quoted(item.text)}` : 'this is no key';
    complain(
      item.at,
      what,
      'write a letter or sign, ctrl+ and a letter (not ctrl+c), or one of enter, space, tab, up, pagedown, ...',
    );
    return [];
  });
  return keys;
}

/** A key of two commands would be that of the first one alone, whichever the operator meant. Only what the file has a part in is told. */
function checkDoubled(own: ReadonlyMap<string, Bound>, complain: Complain): void {
  const keysOf = new Map([...own].map(([name, { keys }]) => [name, keys]));
  const all = [commands, commandsInReplay].map((some) => withKeys(some, keysOf));
  const told = new Set<string>();
  const doubled = all.flatMap((some) => screenNames.flatMap((screen) => doubledOn(screen, some)));
  for (const { key, one, other, screen } of doubled) {
    const [at, otherAt] = [own.get(other)?.at, own.get(one)?.at];
    const place = at ?? otherAt;
    if (!place || told.has(`${key} ${one} ${other}`)) continue;
    told.add(`${key} ${one} ${other}`);
    const where = at && otherAt ? ` (${placeText(otherAt)})` : '';
    complain(
      place,
      `${quoted(key)} is the key of ${one}${where} and of ${other}, on ${screen}`,
      'give one of them another key',
    );
  }
}

function doubledOn(screen: ScreenName, all: readonly ListedCommand[]) {
  const seen = new Map<string, string>();
  return all
    .filter((command) => hasKeysOn(command, screen))
    .flatMap(({ name, keys }) => keys.map((key) => ({ name, key })))
    .flatMap(({ name, key }) => {
      const one = seen.get(key) ?? prefixed(seen, key);
      if (one === undefined) seen.set(key, name);
      return one === undefined || one === name ? [] : [{ key, one, other: name, screen }];
    });
}

/** `o` begins `o l`. */
function prefixed(seen: ReadonlyMap<string, string>, key: string): string | undefined {
  for (const [other, name] of seen) if (other.startsWith(`${key} `) || key.startsWith(`${other} `)) return name;
  return undefined;
}
