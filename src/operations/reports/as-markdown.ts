// A report as Markdown. A chart is told in words: Markdown has no pictures of its own. Pure.
import { markdownTable, shown } from '../../text/markdown.ts';
import { utcText } from '../../text/times.ts';
import type { Block, Chart, Document } from './document.ts';

export const markdownLines = ({ title, blocks }: Document): readonly string[] => [
  `# ${shown(title)}`,
  ...blocks.flatMap((block) => ['', ...blockLines(block)]),
];

function blockLines(block: Block): readonly string[] {
  switch (block.kind) {
    case 'heading':
      return [`## ${shown(block.text)}`];
    case 'text':
      return [shown(block.text)];
    case 'list':
      return block.items.map((item) => `- ${shown(item)}`);
    case 'table':
      return markdownTable(block.header, block.rows);
    case 'chart':
      return chartLines(block.chart);
  }
}

function chartLines({ title, series, valueText }: Chart): readonly string[] {
  return series.map(({ name, points }) => {
    const known = points.flatMap(({ atMs, value }) => (value === undefined ? [] : [{ atMs, value }]));
    const highest = known.toSorted((one, other) => other.value - one.value)[0];
    const last = known.at(-1);
    const told =
      highest && last
        ? `at most ${valueText(highest.value)} at ${utcText(highest.atMs)}, last told ${valueText(last.value)} at ${utcText(last.atMs)}`
        : '?';
    return `- ${shown(`${title}, ${name}: ${told}`)}`;
  });
}
