// OpenMetrics as text: https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md. Pure.
import { cleanLine } from '../text/clean.ts';

export interface Family {
  /** Without the suffix of its samples. */
  readonly name: string;
  readonly type: 'gauge' | 'info';
  /** The name ends with it. */
  readonly unit?: 'seconds' | 'bytes' | 'ratio';
  readonly help: string;
}

export interface Sample {
  readonly family: Family;
  readonly labels: Readonly<Record<string, string>>;
  /** An unknown value has no sample: 0 would be a claim. */
  readonly value: number;
}

/** In the order of `families`; each set of labels once. */
export function openMetrics(families: readonly Family[], samples: readonly Sample[]): string {
  const lines = families.flatMap((family) => {
    const own = new Map(
      samples.filter((one) => one.family === family).map((one) => [labelText(one.labels), one.value]),
    );
    return own.size === 0
      ? []
      : [...headOf(family), ...[...own].map(([labels, value]) => lineOf(family, labels, value))];
  });
  return `${[...lines, '# EOF'].join('\n')}\n`;
}

const headOf = ({ name, type, unit, help }: Family): string[] => [
  `# TYPE ${name} ${type}`,
  ...(unit === undefined ? [] : [`# UNIT ${name} ${unit}`]),
  `# HELP ${name} ${escaped(help)}`,
];

const lineOf = ({ name, type }: Family, labels: string, value: number): string =>
  `${name}${type === 'info' ? '_info' : ''}${labels} ${value}`;

/** In the order of their names, so that equal sets are equal texts. */
function labelText(labels: Readonly<Record<string, string>>): string {
  const set = Object.entries(labels).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return set.length === 0 ? '' : `{${set.map(([name, value]) => `${name}="${escaped(cleanLine(value))}"`).join(',')}}`;
}

const escaped = (text: string): string => text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');

/**
 * The same for node_exporter's textfile collector, whose parser is that of Prometheus' older format: it knows no type `info` and no unit. Its
 * comments, as the end here, are ignored.
 */
export const forTextfile = (text: string): string =>
  text
    .replace(/^# UNIT .*\n/gm, '')
    .replace(/^# TYPE (\S+) info$/gm, '# TYPE $1_info gauge')
    .replace(/^# HELP (reseed_build) /gm, '# HELP $1_info ');
