// Tables of Markdown for reports. Pure.

/** Text of hosts and of the inventory is no Markdown. */
export const shown = (text: string): string => text.replaceAll(/[\\|`*_<>[\]#]/g, '\\$&');

export const markdownTable = (header: readonly string[], rows: readonly (readonly string[])[]): string[] =>
  [header, header.map(() => '---'), ...rows.map((row) => row.map(shown))].map((row) => `| ${row.join(' | ')} |`);
