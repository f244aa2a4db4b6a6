// What a job of a reseed that kept no scripts with its plans made, it takes away by this build's scripts: those were told their words by
// their places then. Its steps are not run any more (job/plan/foreign.ts).
import { namedWords } from './named-words.ts';
import type { ScriptName } from './script.ts';

/** Of the verbs that take something away: the names that their words have now, in the order that these had. */
const placesOf: { readonly [script in ScriptName]?: Readonly<Record<string, readonly string[]>> } = {
  'seed-before': { restart: ['unit', 'job', 'datadir', 'defaults_file', 'socket', 'option', 'log'] },
  'seed-stage': {
    back: ['datadir', 'job', 'unit'],
    down: ['datadir', 'job', 'unit', 'who'],
    restart: ['datadir', 'job', 'unit'],
  },
  'seed-start': { release: ['unit', 'job'] },
  'seed-still': { free: ['datadir', 'job', 'unit'] },
  snapshot: {
    remove: ['group', 'name', 'uuid', 'origin', 'job'],
    unmount: ['group', 'name', 'uuid', 'origin', 'folder'],
  },
};

/** As this build's script is told them; of any other verb as they are. */
export function olderWords(script: ScriptName, args: readonly string[]): readonly string[] {
  const [verb = '', ...words] = args;
  const names = placesOf[script]?.[verb];
  return names ? [verb, ...namedWords(Object.fromEntries(names.map((name, at) => [name, words[at]])))] : args;
}
