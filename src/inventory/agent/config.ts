// The text of a configuration of orchestrator-agent or orchestrator -> its settings, each with its place. JSON, as both read it; or the TOML of
// the rewrite of the agent that was never merged (orchestrator's pull request 1120).
import { parse, TomlError } from 'smol-toml';
import { type Problem, problemIn } from '../problem.ts';
import { entriesOf, type Tree } from '../reading/tree.ts';
import { readYaml } from '../reading/yaml.ts';

export interface Setting {
  /** As it is written; in TOML with its section: `lvm.enabled`. */
  readonly key: string;
  /** `line:column`; TOML's parser tells none. */
  readonly place?: string;
  readonly value: SettingValue;
}

/** Numbers, true and false are text. */
export type SettingValue =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly words: readonly string[] }
  | { readonly kind: 'map'; readonly entries: ReadonlyMap<string, CommandValue> };

/** The line of a command, or what stands there instead. */
export type CommandValue = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'list' | 'map' };

export type ConfigReading =
  | { readonly ok: true; readonly isToml: boolean; readonly settings: readonly Setting[] }
  | { readonly ok: false; readonly problem: Problem };

export function readConfig(text: string, fileName: string): ConfigReading {
  const bare = text.replace(/^\uFEFF/, '');
  // What begins with # may be TOML, unless its name says otherwise.
  const isJson = /^\s*(\{|\/\/|\/\*)/.test(bare) || (fileName.endsWith('.json') && /^\s*[#[]/.test(bare));
  const isToml = fileName.endsWith('.toml') || !isJson;
  return isToml ? readToml(bare, fileName) : readJson(bare, fileName);
}

/** Neither agent nor orchestrator reads one. */
function commentIn(text: string, fileName: string): Problem | undefined {
  const at = text.split('\n').findIndex((line) => /^\s*(\/\/|\/\*|#)/.test(line));
  return at < 0
    ? undefined
    : problemIn(fileName, { line: at + 1, column: 1 }, 'a comment, and JSON has none', 'take the line out');
}

/** JSON is YAML, whose parser knows places. */
function readJson(text: string, fileName: string): ConfigReading {
  const comment = commentIn(text, fileName);
  if (comment) return { ok: false, problem: comment };
  const problems: Problem[] = [];
  const { tree } = readYaml(text, (at, what, instead) => {
    const isSyntax = what.startsWith('broken YAML') || what.startsWith('the quote');
    problems.push(
      isSyntax
        ? problemIn(fileName, at, 'broken JSON', 'look for a missing comma, quote or bracket here or in the line above')
        : problemIn(fileName, at, what, instead),
    );
  });
  const [problem] = problems;
  if (problem) return { ok: false, problem };
  const broken = brokenJson(text, fileName);
  if (broken) return { ok: false, problem: broken };
  const settings = entriesOf(tree).map(({ key, at, value }) => ({
    key,
    place: `${at.line}:${at.column}`,
    value: settingOf(value),
  }));
  return { ok: true, isToml: false, settings };
}

/** YAML takes more than JSON: a value may be missing, and `// a comment "Key"` is a key. */
function brokenJson(text: string, fileName: string): Problem | undefined {
  if (beginsAsJson(text) === 'whole') return undefined;
  // JSON.parse tells no place of most mistakes: it is after the longest beginning that it takes.
  let [good, bad] = [0, text.length + 1];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (beginsAsJson(text.slice(0, middle)) === 'no') bad = middle;
    else good = middle;
  }
  const lines = text.slice(0, good).split('\n');
  const place = { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
  const isComment = /^\/[/*]/.test(text.slice(good));
  return isComment
    ? problemIn(fileName, place, 'a comment, and JSON has none', 'take it out')
    : problemIn(fileName, place, 'broken JSON', 'look for a missing value, comma, quote or bracket here');
}

function beginsAsJson(text: string): 'whole' | 'part' | 'no' {
  try {
    JSON.parse(text);
    return 'whole';
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const [, at] = /at position (\d+)/.exec(error.message) ?? [];
    const isCut = /end of JSON input|Unterminated string/.test(error.message) || Number(at) >= text.length;
    return isCut ? 'part' : 'no';
  }
}

function settingOf(tree: Tree): SettingValue {
  if (tree.kind === 'map') {
    return { kind: 'map', entries: new Map(tree.entries.map(({ key, value }) => [key, commandOf(value)])) };
  }
  return tree.kind === 'list' ? { kind: 'list', words: tree.items.map(textOf) } : { kind: 'text', text: textOf(tree) };
}

const commandOf = (tree: Tree): CommandValue =>
  tree.kind === 'list' || tree.kind === 'map' ? { kind: tree.kind } : { kind: 'text', text: textOf(tree) };

const textOf = (tree: Tree): string => (tree.kind === 'text' ? tree.text : '');

function readToml(text: string, fileName: string): ConfigReading {
  try {
    const settings = Object.entries(parse(text)).flatMap(([section, table]) => tomlSettings(section, table));
    return { ok: true, isToml: true, settings };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const { line, column } = error;
    const instead = 'write JSON as orchestrator-agent reads it, or TOML';
    return {
      ok: false,
      problem: problemIn(fileName, { line, column }, `broken TOML: ${error.message.split('\n')[0]}`, instead),
    };
  }
}

/** `[custom-commands.NAME]` has its command under `cmd`. */
function tomlSettings(section: string, table: unknown): Setting[] {
  if (!isTable(table)) return [{ key: section, value: tomlValue(table) }];
  if (section === 'custom-commands') {
    const commands = Object.entries(table).map(([name, one]): [string, CommandValue] => [
      name,
      tomlCommand(isTable(one) ? (one.cmd ?? '') : one),
    ]);
    return [{ key: section, value: { kind: 'map', entries: new Map(commands) } }];
  }
  return Object.entries(table).map(([key, value]) => ({ key: `${section}.${key}`, value: tomlValue(value) }));
}

const isTable = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

function tomlCommand(value: unknown): CommandValue {
  if (Array.isArray(value)) return { kind: 'list' };
  return isTable(value) ? { kind: 'map' } : { kind: 'text', text: String(value) };
}

/** Of tables and lists in it no text is made, as in JSON. */
function tomlValue(value: unknown): SettingValue {
  if (Array.isArray(value)) return { kind: 'list', words: value.map(tomlWord) };
  if (!isTable(value)) return { kind: 'text', text: String(value) };
  return { kind: 'map', entries: new Map(Object.entries(value).map(([key, one]) => [key, tomlCommand(one)])) };
}

const tomlWord = (value: unknown): string => (Array.isArray(value) || isTable(value) ? '' : String(value));
