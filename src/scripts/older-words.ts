// This build's scripts release what a job of an older reseed made, if that reseed kept no scripts with its plans. Their
// words had positions then instead of names. Steps of such jobs are not run any more (job/plan/foreign.ts).
import { namedWords } from './named-words.ts';
import type { ScriptName } from './script.ts';

/**
 * For the releasing verbs: the present names of their words, in the order of the former positions. The last one had all
 * that follow.
 */
const placesOf: { readonly [script in ScriptName]?: Readonly<Record<string, readonly string[]>> } = {
  applier: { start: ['job'] },
  'host-lock': { release: ['job', 'datadir'] },
  'seed-before': { restart: ['unit', 'job', 'datadir', 'defaults_file', 'socket', 'option', 'log'] },
  'seed-stage': {
    back: ['datadir', 'job', 'unit'],
    down: ['datadir', 'job', 'unit', 'who'],
    restart: ['datadir', 'job', 'unit'],
  },
  'seed-start': { release: ['unit', 'job'] },
  'seed-still': { free: ['datadir', 'job', 'unit'] },
  'seed-way': { shut: ['folder'] },
  snapshot: {
    remove: ['group', 'name', 'uuid', 'origin', 'job'],
    unmount: ['group', 'name', 'uuid', 'origin', 'folder'],
  },
  unit: { end: ['job', 'role'] },
};

/** The words as this build's script takes them; those of any other verb stay as they are. */
export function olderWords(script: ScriptName, args: readonly string[]): readonly string[] {
  const [verb = '', ...words] = args;
  const names = placesOf[script]?.[verb];
  if (!names) return args;
  const last = names.length - 1;
  const told = names.map((name, at) => [
    name,
    at === last && words.length > names.length ? words.slice(last) : words[at],
  ]);
  return [verb, ...namedWords(Object.fromEntries(told))];
}
