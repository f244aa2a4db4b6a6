// The findings of check as a text table, and below it a line for each finding that needs a sentence.

import { type Column, columns, type Finding, type Findings, verdictBadges } from '../../operations/hosts/findings.ts';
import { signOf } from '../../text/badge.ts';
import { tableLines } from '../answer.ts';

export interface HostFindings {
  readonly host: string;
  readonly findings: Findings;
}

/** Details beside a ✔, in the order in which a narrow screen drops them. DNS has none: an address a host would be too long. */
const detailed: readonly Column[] = ['sudo', 'lvm', 'mysql'];

/** Details are left out until the table fits into `width`. The sentences below are not shortened. */
export function checkLines(checked: readonly HostFindings[], width = Number.POSITIVE_INFINITY): string[] {
  const header = ['HOST', ...columns.map((column) => column.toUpperCase())];
  const table = (details: readonly Column[]) =>
    tableLines(
      header,
      checked.map(({ host, findings }) => [host, ...columns.map((column) => cell(column, findings[column], details))]),
    );
  const narrower = detailed.map((_, gone) => table(detailed.slice(gone)));
  const fits = narrower.find((lines) => lines.every((line) => line.length <= width));
  return [...(fits ?? table([])), ...checked.flatMap(remarks)];
}

function cell(column: Column, { verdict, detail }: Finding, details: readonly Column[]): string {
  if (verdict !== 'yes' || !details.includes(column)) return signOf(verdictBadges[verdict]);
  // A version without its vendor's and packager's additions: 10.11.19-MariaDB-0+deb12u1-log.
  return `${signOf(verdictBadges.yes)} ${column === 'mysql' ? detail.replace(/-.*/, '') : detail}`;
}

function remarks({ host, findings }: HostFindings): string[] {
  const told = columns.filter((column) => findings[column].verdict !== 'yes' && findings[column].detail !== '');
  // A finding that several columns share is printed once: `– db9  sudo, tools, mysql, lvm: not asked: ssh login failed`.
  const alike = Map.groupBy(told, (column) => JSON.stringify(findings[column]));
  return [...alike.values()].flatMap((some) => {
    const [first] = some;
    if (first === undefined) return [];
    const { verdict, detail, advice } = findings[first];
    return `${signOf(verdictBadges[verdict])} ${host}  ${some.join(', ')}: ${detail}${advice ? `; ${advice}` : ''}`;
  });
}
