// A configuration of orchestrator-agent or orchestrator -> lines of an inventory, and what became of every key.
import { stringify } from 'yaml';
import { type Problem, printable, problemIn } from '../problem.ts';
import { customCommands } from './commands.ts';
import { readConfig, type Setting, type SettingValue } from './config.ts';
import { becomesOf, isOrchestrators, ofOrchestrator, readsValue } from './keys.ts';
import { type Given, left, notOf, type Outcome, told } from './outcome.ts';
import { differing, problemOf, whyRefused } from './prove.ts';
import { mayHoldSecret, nameMayHoldSecret } from './secrets.ts';

/** What became of one key. */
export interface Became {
  readonly key: string;
  /** `line:column` in the file. */
  readonly place?: string;
  readonly text: string;
  /** The operator has to do something. */
  readonly isLeft: boolean;
}

export type Imported =
  | { readonly ok: true; readonly yaml: string; readonly keys: readonly Became[] }
  | { readonly ok: false; readonly problem: Problem };

/** `hosts`: whose settings these are; none: the defaults. No password of the file is in what comes back. */
export function importAgent(text: string, fileName: string, hosts: readonly string[]): Imported {
  const read = readConfig(text, fileName);
  if (!read.ok) return read;
  const { settings, isToml } = read;
  if (settings.length === 0) {
    return {
      ok: false,
      problem: problemIn(fileName, undefined, 'the file has no settings', 'name the file that the agent reads'),
    };
  }
  const all = new Map(settings.map(({ key, value }) => [key, value.kind === 'text' ? value.text : '']));
  const became = settings.flatMap((setting) => outcomesOf(setting, isToml, all));
  const outcomes = withoutDiffering(became.map(withoutSecret).map(withoutRefused));
  const given = outcomes.flatMap(({ outcome }) => outcome.gives ?? []);
  const yaml = yamlOf(treeOf(given), hosts) + commentsOf(outcomes);
  const problem = problemOf(hosts.length > 0 ? yaml : `${yaml}hosts: { host: {} }\n`);
  if (problem) return { ok: false, problem };
  return {
    ok: true,
    yaml,
    keys: outcomes.map(({ key, place, outcome }) => ({
      key: printable(key),
      ...(place !== undefined && { place }),
      text: printable(outcome.text),
      isLeft: outcome.isLeft === true,
    })),
  };
}

interface Told {
  readonly key: string;
  readonly place: string | undefined;
  readonly outcome: Outcome;
}

const isUnset = (value: SettingValue) => value.kind === 'text' && value.text.trim() === '';

function outcomesOf({ key, place, value }: Setting, isToml: boolean, all: ReadonlyMap<string, string>): Told[] {
  const one = (outcome: Outcome): Told[] => [{ key, place, outcome }];
  if (key.toLowerCase() === 'customcommands' || key === 'custom-commands') {
    if (value.kind !== 'map') return one(isUnset(value) ? told('empty: nothing to take') : notOf(value.kind, 'a map'));
    return customCommands(value.entries).map(([name, outcome]) => ({
      key: `${key}.${name}`,
      place,
      outcome: isToml && name === 'post-seed-command' ? afterSeed : outcome,
    }));
  }
  const becomes = becomesOf(key, isToml) ?? (isOrchestrators([...all.keys()]) ? ofOrchestrator : undefined);
  if (!becomes) return one(left('not known to reseed: nothing was made of it'));
  if (value.kind !== 'text' && readsValue(becomes)) return one(notOf(value.kind, 'text'));
  const text = value.kind === 'text' ? value.text : '';
  return one(isUnset(value) ? told('empty: nothing to take') : becomes(text, all));
}

/** Nothing of a value that looks like a secret is printed, nor a name that does. */
function withoutSecret(told: Told): Told {
  const { gives = [], later } = told.outcome;
  const values = [...gives.map(({ value }) => String(value)), ...(later ? [later.line] : [])];
  const holdsSecret = values.some(mayHoldSecret);
  const isNamed = nameMayHoldSecret(told.key.replace(/^custom-?commands\./i, ''));
  if (!holdsSecret && !isNamed) return told;
  const setting = gives[0]?.path.join('.') ?? (later && `commands.${later.name}`);
  const here = setting === undefined || isNamed ? '' : `${setting}: `;
  const keptBack = `${here}${isNamed ? 'its name' : 'it'} holds what looks like a secret, so it is not printed: keep that in an option file or a script of the host that only its account reads, and write the line without it`;
  return {
    key: isNamed ? '(a name that is not printed)' : told.key,
    place: told.place,
    outcome: { ...left(keptBack), keptBack },
  };
}

const keptBackFor = (told: Told, keptBack: string): Told => ({ ...told, outcome: { ...left(keptBack), keptBack } });

function withoutRefused(told: Told): Told {
  const why = whyRefused(told.outcome);
  return why === undefined ? told : keptBackFor(told, why);
}

function withoutDiffering(all: readonly Told[]): Told[] {
  const differ = differing(all.flatMap(({ outcome }) => outcome.gives ?? []));
  return all.map((told) => {
    const path = told.outcome.gives?.map((one) => one.path.join('.')).find((one) => differ.has(one));
    if (path === undefined) return told;
    return keptBackFor(told, `${path} is told by several keys, and differs (${differ.get(path)}): write the right one`);
  });
}

const afterSeed = left(
  'the agent ran it on both hosts after each seed: write it as a hook at after-caught-up, once with on: donor and once with on: target',
);

type Section = Readonly<Record<string, string | boolean>>;

/** `snapshot.filter` and `sudo` as maps of maps. */
function treeOf(given: readonly Given[]): Readonly<Record<string, Section | string | boolean>> {
  const sections = Map.groupBy(given, ({ path: [first = ''] }) => first);
  return Object.fromEntries(
    [...sections].map(([first, some]) => {
      const single = some.find(({ path }) => path.length === 1);
      return [first, single ? single.value : Object.fromEntries(some.map(({ path, value }) => [path[1], value]))];
    }),
  );
}

const lines = (value: object) => stringify(value, { lineWidth: 0, blockQuote: false });

/** Several hosts have the same settings by an anchor. */
function yamlOf(tree: object, hosts: readonly string[]): string {
  const [first, ...others] = hosts;
  return first === undefined ? lines({ defaults: tree }) : hostLines(first, others, lines(tree));
}

function commentsOf(outcomes: readonly Told[]): string {
  const later = outcomes.flatMap(({ outcome }) => outcome.later ?? []);
  const keptBack = outcomes.flatMap(({ key, outcome }) =>
    outcome.keptBack === undefined ? [] : `# ! ${printable(key)}: ${printable(outcome.keptBack)}\n`,
  );
  const head = '# not taken, for the reasons that import-agent tells; they stand under commands:\n';
  const comments = later.map(({ name, line }) => `#   ${lines({ [name]: line })}`);
  return [...keptBack, ...(comments.length > 0 ? [head, ...comments] : [])].join('');
}

function hostLines(first: string, others: readonly string[], settings: string): string {
  const key = (name: string) => stringify(name, { lineWidth: 0 }).trim();
  const indented = settings.trimEnd().replaceAll(/^/gm, '    ');
  const anchor = others.length > 0 ? ' &agent' : '';
  return [
    'hosts:',
    `  ${key(first)}:${anchor}`,
    indented,
    ...others.map((name) => `  ${key(name)}: { <<: *agent }`),
    '',
  ].join('\n');
}
