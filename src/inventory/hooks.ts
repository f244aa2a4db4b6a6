// Checks hooks where zod can't: their names, the placeholders of each argument, the hosts that they name, and that every hook says when and
// what to run once the host, its cluster and the defaults are put together.
import { checkWord, commandName } from './commands.ts';
import { nearest } from './nearest.ts';
import { hostPlaceholders } from './placeholders.ts';
import { type Complain, quoted } from './problem.ts';
import { type Entry, entriesOf, entryAt, type Tree } from './reading/tree.ts';
import type { LayeredHost } from './references.ts';
import { afterFailure, afterSuccess, type HookPoint } from './settings.ts';

/** The hooks of one part of the file. `hosts`: the names of all hosts. */
export function checkHooks(part: Tree, hosts: ReadonlySet<string>, complain: Complain): void {
  for (const { key, at, value } of entriesOf(entryAt(part, 'hooks')?.value)) {
    if (!commandName.test(key)) {
      complain(at, `a hook cannot be named ${quoted(key)}`, 'write letters, digits, . _ and -, with a letter first');
    }
    const run = entryAt(value, 'run')?.value;
    if (run?.kind === 'list') {
      for (const word of run.items) checkWord(`hooks.${key}`, word, hostPlaceholders, complain);
    }
    checkPlace(key, entryAt(value, 'on')?.value, hosts, complain);
  }
}

function checkPlace(key: string, on: Tree | undefined, hosts: ReadonlySet<string>, complain: Complain): void {
  const [, name] = (on?.kind === 'text' && /^host (.+)$/.exec(on.text)) || [];
  if (on === undefined || name === undefined || hosts.has(name)) return;
  const near = nearest(name, hosts);
  complain(
    on.at,
    `hooks.${key} runs on the unknown host ${quoted(name)}`,
    near === undefined ? 'write the name of a host of this file' : `did you mean ${near}?`,
  );
}

/** What a hook says only once its parts are put together. */
export function checkMergedHooks({ parts }: LayeredHost, complain: Complain): void {
  // What is no map is told as that.
  const entries = parts.flatMap((part) => entriesOf(entryAt(part, 'hooks')?.value)).filter(isMap);
  for (const [name, all] of Map.groupBy(entries, ({ key }) => key)) {
    const decided = (setting: string) =>
      all.map(({ value }) => entryAt(value, setting)?.value).find((value) => value && value.kind !== 'unset');
    const [first] = all;
    if (!first) continue;
    checkSaid(first, { at: decided('at'), run: decided('run') }, misspelt(name, entries), complain);
    const refuses = decided('refuses');
    if (refuses?.kind !== 'text' || refuses.text !== 'true') continue;
    for (const [point, ended] of ends) {
      if (!isAt(decided('at'), point)) continue;
      complain(
        refuses.at,
        `hooks.${name} cannot refuse ${point}: the job has ${ended} by then`,
        'write it as a hook of its own',
      );
    }
  }
}

/** `near`: the hook that may be meant. */
function checkSaid(
  { key: name, at }: Entry,
  said: { readonly at: Tree | undefined; readonly run: Tree | undefined },
  near: string | undefined,
  complain: Complain,
): void {
  const isMeant = near !== undefined && !said.run;
  const missing = (key: string, instead: string) =>
    complain(at, `hooks.${name}.${key} is missing`, isMeant ? `did you mean ${near}?` : instead);
  if (!said.at) missing('at', 'write at: before-stop, or another stage');
  if (!said.run) missing('run', 'write run: [/PATH/OF/PROGRAM, ARGUMENT...]');
}

/** A host changes a setting of a hook of its cluster, by a name with a slip in it. */
function misspelt(name: string, entries: readonly Entry[]): string | undefined {
  const known = entries.filter(({ value }) => entryAt(value, 'run')).map(({ key }) => key);
  return name.length < 3 ? undefined : nearest(name, known);
}

const isMap = ({ value }: Entry): boolean => value.kind !== 'text' && value.kind !== 'list';

/** Where there is nothing left to refuse. */
const ends = [
  [afterSuccess, 'succeeded'],
  [afterFailure, 'failed'],
] as const;

function isAt(at: Tree | undefined, named: HookPoint): boolean {
  const points = at?.kind === 'list' ? at.items : at ? [at] : [];
  return points.some((point) => point.kind === 'text' && point.text === named);
}
