// Settings that the schema accepts and reseed can't do yet. They are reported, and what needs them is refused.
import { type Complain, type Place, placeText } from './problem.ts';
import { entriesOf, entryAt } from './reading/tree.ts';
import type { LayeredHost } from './references.ts';
import type { NotDone } from './settings.ts';
import { stepCommandOf } from './step-commands.ts';

/** The settings of one host. `note` gets each with its place. */
export function notDoneOf(host: LayeredHost, fileName: string, note: Complain): NotDone[] {
  const entries = host.parts.flatMap((part) => entriesOf(entryAt(part, 'commands')?.value));
  // The host's own setting wins.
  const byName = new Map(entries.toReversed().map((entry) => [entry.key, entry]));
  return [...byName].flatMap(([name, { at }]) => {
    const step = stepCommandOf(name);
    if (!step || step.isRun) return [];
    const what = `commands.${name} is not run: this reseed has no command in the place of ${step.insteadOf}`;
    const instead =
      step.verb === undefined ? 'take it out' : `take it out: with it ${step.verb} is refused on this host`;
    note(at, what, instead);
    return [{ setting: step.verb ?? name, what: `${what} (${shown(at, fileName)})`, instead }];
  });
}

const shown = (at: Place, fileName: string) => placeText({ file: fileName, ...at });
