// The table of a walk: places down, faults across.
import { tableLines } from '../../src/commands/answer.ts';
import { faults, type Outcome } from './cell.ts';

/** What is left is said below the table, by its number in the cell. */
export function printTable(title: string, outcomes: ReadonlyMap<string, Outcome>): void {
  const places = [...new Set([...outcomes.keys()].map((key) => key.slice(0, key.lastIndexOf('|'))))];
  const notes: string[] = [];
  const cell = (place: string, fault: string) => {
    const outcome = outcomes.get(`${place}|${fault}`);
    if (!outcome) return '–';
    if (outcome.text === '') return outcome.kind;
    if (!notes.includes(outcome.text)) notes.push(outcome.text);
    return `${outcome.kind} ${notes.indexOf(outcome.text) + 1}`;
  };
  const used = faults.filter((fault) => places.some((place) => outcomes.has(`${place}|${fault}`)));
  const rows = places.map((place) => [place, ...used.map((fault) => cell(place, fault))]);
  const lines = ['', ...tableLines([title, ...used], rows), ...notes.map((note, at) => `  ${at + 1} ${note}`)];
  process.stdout.write(`${lines.join('\n')}\n`);
}
