// The output of a probe's command, or, in an operator's words, why there is none.
import type { Known } from './facts.ts';
import type { Section } from './frame.ts';
import { known, unanswered, uninstalled, unknown } from './known.ts';

/**
 * The text of a section whose command ended with one of the statuses `fine`; otherwise the reason. `command` is its
 * name for the operator.
 */
export function printedBy(
  command: string,
  section: Section | undefined,
  fine: readonly string[] = ['0'],
): Known<string> {
  if (!section) return unknown(`${command} was not run`);
  if (section.cut) return unknown(`${command} printed more than can be kept`);
  if (fine.includes(section.status)) return known(section.text);
  if (section.status === '127') return uninstalled(command);
  const late = lateWords(command, section);
  return late === undefined ? unknown(whyNot(command, section)) : unanswered(late);
}

/** undefined: the command ended by itself. */
function lateWords(command: string, { status }: Section): string | undefined {
  const [word, seconds] = status.split(' ');
  if (word === 'resting') return `${command} gave no answer in its time; it is asked again in ${seconds} s`;
  return status === '124' || status === '137' ? `${command} gave no answer in its time` : undefined;
}

function whyNot(command: string, { status, text }: Section): string {
  return complaint(text) ?? `${command} ended with status ${status}`;
}

/** The line of `text` that names the error: tools print warnings before they fail, and mysql repeats the statement. */
function complaint(text: string): string | undefined {
  const lines = text
    .slice(0, 20_000)
    .split('\n', 100)
    .map((line) => line.trim());
  const said = lines.filter((line) => /\w/.test(line));
  return (
    said.find((line) => line.startsWith('ERROR')) ?? said.find((line) => !/^warning|\[warning\]/i.test(line)) ?? said[0]
  );
}
