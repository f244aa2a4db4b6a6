// Ansible's INI inventory: [group], [group:children], [group:vars], a host a line (docs.ansible.com, ini inventory).
import { nearest } from '../nearest.ts';
import { type Complain, type Place, quoted } from '../problem.ts';
import { type AnsibleInventory, addHosts, emptyInventory, groupNamed, setVariable } from './groups.ts';
import { isRead } from './variables.ts';
import { literal, type Word, wordsOf } from './words.ts';

const sections = ['hosts', 'children', 'vars'];

/** Longer lines are no inventory, and would make the patterns below slow. */
const longestLine = 10_000;

/** By its file name, or because it begins with a section, or has one at the start of a line, where YAML would have a key. */
export function isAnsibleIni(text: string, fileName: string): boolean {
  const lines = linesOf(text);
  const first = lines.find((line) => !isEmpty(line));
  const isSection = (line: string) => /^\[[^\]]+\]\s*([#;]|$)/.test(line);
  return fileName.endsWith('.ini') || /^\s*\[/.test(first ?? '') || lines.some(isSection);
}

interface Line {
  readonly text: string;
  readonly number: number;
}

interface Section {
  readonly group: string;
  readonly kind: string;
}

export function readAnsibleIni(text: string, complain: Complain): AnsibleInventory {
  const inventory = emptyInventory();
  const defined = new Set(['all', 'ungrouped']);
  const mentioned = new Map<string, Place>();
  let section: Section = { group: 'ungrouped', kind: 'hosts' };
  for (const line of contentLines(text, complain)) {
    const opened = sectionIn(line, complain);
    if (opened) {
      section = opened;
      groupNamed(inventory, opened.group, startOf(line));
      if (opened.kind === 'vars') mentioned.set(opened.group, startOf(line));
      else defined.add(opened.group);
    } else if (section.kind === 'vars') readVariable(line, section.group, inventory, complain);
    else if (section.kind === 'children') {
      const child = readChild(line, section.group, inventory, complain);
      if (child !== undefined) mentioned.set(child.text, placeIn(line, child));
    } else readHost(line, section.group, inventory, complain);
  }
  for (const [group, at] of mentioned) checkDefined(group, at, defined, complain);
  return inventory;
}

function contentLines(text: string, complain: Complain): Line[] {
  const lines = linesOf(text).map((content, index) => ({ text: content, number: index + 1 }));
  return lines.filter((line) => {
    if (line.text.length > longestLine) {
      complain({ line: line.number, column: 1 }, 'this line is too long', `write at most ${longestLine} characters`);
    }
    return line.text.length <= longestLine && !isEmpty(line.text);
  });
}

function linesOf(text: string): string[] {
  return text.split(/\r\n|\n|\r/);
}

function isEmpty(line: string): boolean {
  return /^\s*([#;]|$)/.test(line);
}

function sectionIn(line: Line, complain: Complain): Section | undefined {
  const [, group, kind = 'hosts'] = /^\s*\[([^:\]\s]+)(?::([^\]]*))?\]\s*(?:[#;].*)?$/.exec(line.text) ?? [];
  if (group === undefined) return undefined;
  if (!sections.includes(kind)) {
    const near = nearest(kind, sections);
    const instead = near === undefined ? 'write [group], [group:children] or [group:vars]' : `did you mean ${near}?`;
    complain(startOf(line), `unknown section ${quoted(line.text.trim())}`, instead);
  }
  return { group, kind };
}

/** `ansible_user = ops`: the whole text after the sign is the value. */
function readVariable(line: Line, group: string, inventory: AnsibleInventory, complain: Complain): void {
  const sign = line.text.indexOf('=');
  const name = line.text.slice(0, sign).trim();
  if (sign < 0 || name === '') {
    complain(startOf(line), `${quoted(line.text.trim())} is no variable`, 'write key=value');
    return;
  }
  const written = line.text.slice(sign + 1).trim();
  const start = written === '' ? line.text.length : line.text.indexOf(written, sign + 1);
  const { text, from } = literal(written);
  const at = { line: line.number, column: start + from + 1 };
  const comment = from === 0 && text === written ? text.search(/\s#/) : -1;
  if (comment >= 0 && isRead(name)) {
    const what = `${quoted(text.slice(comment).trim())} is a part of the value to Ansible`;
    complain(
      { ...at, column: start + comment + 2 },
      what,
      'write the comment on a line of its own, or the value in quotes',
    );
    return;
  }
  setVariable(groupNamed(inventory, group, startOf(line)).variables, name, { kind: 'text', at, text });
}

function readChild(line: Line, group: string, inventory: AnsibleInventory, complain: Complain): Word | undefined {
  const [child, second] = words(line, complain);
  if (second)
    complain(placeIn(line, second), `${quoted(second.text)} follows the name of a group`, 'write one group a line');
  if (child) groupNamed(inventory, group, startOf(line)).children.set(child.text, placeIn(line, child));
  return child;
}

/** `db[01:03].example:2222 ansible_user=ops` */
function readHost(line: Line, group: string, inventory: AnsibleInventory, complain: Complain): void {
  const [pattern, ...settings] = words(line, complain);
  if (!pattern) return;
  const hosts = addHosts(inventory, pattern.text, placeIn(line, pattern), group, complain);
  for (const word of settings) {
    const sign = word.text.indexOf('=');
    if (sign < 1) {
      complain(
        placeIn(line, word),
        `${quoted(word.text)} follows the name of a host`,
        'write key=value, one host a line',
      );
      continue;
    }
    const { text, from } = literal(word.text.slice(sign + 1));
    const value = { kind: 'text', at: placeIn(line, word, sign + 1 + from), text } as const;
    for (const variables of hosts) setVariable(variables, word.text.slice(0, sign), value);
  }
}

function checkDefined(group: string, at: Place, defined: ReadonlySet<string>, complain: Complain): void {
  if (defined.has(group)) return;
  const near = nearest(group, defined);
  complain(
    at,
    `unknown group ${quoted(group)}`,
    near === undefined ? `write a section [${group}]` : `did you mean ${near}?`,
  );
}

function words(line: Line, complain: Complain): readonly Word[] {
  const found = wordsOf(line.text);
  if (!('unclosed' in found)) return found;
  const at = { line: line.number, column: found.unclosed };
  complain(at, 'the quote that opens here is never closed', 'close it on the same line');
  return [];
}

function startOf(line: Line): Place {
  return { line: line.number, column: line.text.search(/\S/) + 1 };
}

function placeIn(line: Line, word: Word, index = 0): Place {
  return { line: line.number, column: word.columns[index] ?? 1 };
}
