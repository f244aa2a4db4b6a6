// Tables of Markdown for reports. Pure.
import { cleanLine } from './clean.ts';

/** Text of hosts and of the inventory is no Markdown, and nothing that a terminal obeys: a report is printed there too. One line. */
export const shown = (text: string): string => cleanLine(text).replaceAll(/[\\|`*_<>[\]#]/g, '\\$&');

export const markdownTable = (header: readonly string[], rows: readonly (readonly string[])[]): string[] =>
  [header, header.map(() => '---'), ...rows.map((row) => row.map(shown))].map((row) => `| ${row.join(' | ')} |`);
