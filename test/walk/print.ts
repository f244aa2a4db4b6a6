// The table of a walk: places down, faults across.
import { tableLines } from '../../src/commands/answer.ts';
import type { Outcome } from './cell.ts';

/** By `place|fault`. Leftovers are below the table, by their number in the cell. */
export function printTable(title: string, outcomes: ReadonlyMap<string, Outcome>, faults: readonly string[]): void {
  const places = [...new Set([...outcomes.keys()].map((key) => key.slice(0, key.lastIndexOf('|'))))];
  const notes: string[] = [];
  const cell = (place: string, fault: string) => {
    const outcome = outcomes.get(`${place}|${fault}`);
    if (!outcome) return '–';
    const { kind, text, where } = outcome;
    if (text !== '' && !notes.includes(text)) notes.push(text);
    return [kind, ...(text === '' ? [] : [notes.indexOf(text) + 1]), ...(where === undefined ? [] : [where])].join(' ');
  };
  const used = faults.filter((fault) => places.some((place) => outcomes.has(`${place}|${fault}`)));
  const rows = places.map((place) => [place, ...used.map((fault) => cell(place, fault))]);
  const lines = ['', ...tableLines([title, ...used], rows), ...notes.map((note, at) => `  ${at + 1} ${note}`)];
  process.stdout.write(`${lines.join('\n')}\n`);
}
