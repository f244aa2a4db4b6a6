// The text of a seed's screen: the possible donors, the targets, the options, and the item under the cursor in full.
// Pure.
import { hostBadge } from '../../../src/fleet/badges.ts';
import type { Host } from '../../../src/inventory/settings.ts';
import { type Candidate, givesPresent, lagText } from '../../../src/seed/methods/candidate.ts';
import { shortSize } from '../../../src/text/amounts.ts';
import { wrapped } from '../../../src/text/wrap.ts';
import { type Cell, type Slot, tableLine } from '../../base/Table.tsx';
import { type Look, type Span, signsOf } from '../../base/theme.ts';
import { displayWidth, distinctWidth, fitSpans, truncateMiddle, truncateSpans } from '../../base/width.ts';
import { badgeSpan } from '../../panes/badge-span.ts';
import { joined, type PaneLine, span } from '../../panes/fields.ts';
import type { SeedChoices, SeedItem } from './state.ts';

export interface SeedScene {
  readonly look: Look;
  readonly width: number;
}

/** A line; if the cursor can be on it, with its item's index. */
export interface SeedLine {
  readonly item?: number;
  readonly spans: PaneLine;
}

const titles = {
  candidate: 'donor',
  target: 'targets (their data will be replaced)',
  option: 'how',
} as const;

export function seedLines({ items, unfit }: SeedChoices, selected: number, scene: SeedScene): readonly SeedLine[] {
  const { look, width } = scene;
  const sign = signsOf(look);
  const unfitLines = unfit.flatMap(({ host, why }) =>
    wrapped(`${host.name}: ${why}`, Math.max(10, width - 2 * unfitIndent)).map((line, at): SeedLine => {
      const indent = ' '.repeat(at === 0 ? unfitIndent : unfitIndent + 2);
      return { spans: truncateSpans([span(`${indent}${line}`, 'dim')], width, sign.ellipsis) };
    }),
  );
  const cells = widthsOf(items, width);
  const none: SeedLine = { spans: [span(`   ${sign.bad} no host can give its data now`, 'bad')] };
  const of = (kind: SeedItem['kind']) =>
    items.flatMap((item, index): SeedLine[] =>
      item.kind === kind ? [{ item: index, spans: itemLine(item, index === selected, cells, scene) }] : [],
    );
  const candidates = of('candidate');
  return [
    titleLine(titles.candidate),
    ...(candidates.length === 0 ? [none] : candidates),
    ...unfitLines,
    titleLine(titles.target),
    ...of('target'),
    titleLine(titles.option),
    ...of('option'),
  ];
}

const titleLine = (text: string): SeedLine => ({ spans: [span(` ${text}`, 'strong')] });

const gap = 2;
const marginCells = 3;
/** Below the names of the candidates. */
const unfitIndent = 7;

interface Widths {
  readonly host: number;
  /** What a candidate is, and its lag: their texts are never cut. */
  readonly candidate: readonly [brief: number, lag: number];
}

function widthsOf(items: readonly SeedItem[], width: number): Widths {
  const all = items.flatMap((item) => (item.kind === 'candidate' ? item.candidate : []));
  const widest = (texts: readonly string[]) => Math.max(...texts.map(displayWidth), 0);
  return {
    // No two hosts look the same: which data is replaced is chosen here.
    host: distinctWidth(items.flatMap(hostNames), fewestHostCells, Math.floor(width / 2)),
    candidate: [widest(all.map(({ brief }) => brief)), widest(all.map(presentLag))],
  };
}

const hostNames = (item: SeedItem): string[] => {
  if (item.kind === 'option') return [];
  return [item.kind === 'candidate' ? item.candidate.donor.name : item.picture.host.name];
};

const presentLag = (candidate: Candidate): string => (givesPresent(candidate) ? lagText(candidate.lag) : '');

function itemLine(item: SeedItem, selected: boolean, columns: Widths, { look, width }: SeedScene): PaneLine {
  const { ellipsis, selected: sign } = signsOf(look);
  const [widths, cells] = cellsOf(item, columns, look);
  if (look.linear) {
    const text = cells.map((cell) => cell.map((part) => part.text).join('')).filter((part) => part !== '');
    return truncateSpans([span(`${selected ? 'selected: ' : ''}${text.join(', ')}`)], width, ellipsis);
  }
  const rest = width - marginCells - widths.reduce((sum, one) => sum + one + gap, 0);
  const slots = [...widths, Math.max(1, rest)].map((one): Slot => ({ width: one }));
  const margin: Span = selected ? { text: ` ${sign} ` } : { text: ' '.repeat(marginCells) };
  return fitSpans([margin, ...tableLine(slots, cells, gap, look)], width, ellipsis);
}

const fewestHostCells = 12;
const placeCells = 4;

type Row = readonly [widths: readonly number[], cells: readonly Cell[]];

/** The last cell gets the remaining width. */
function cellsOf(item: SeedItem, widths: Widths, look: Look): Row {
  if (item.kind === 'option') return [[20], [[span(item.option.title, 'accent')], [span(item.value)]]];
  return item.kind === 'candidate' ? candidateRow(item, widths, look) : targetRow(item, widths, look);
}

const hostCellsOf = ({ name, datacenter }: Host, on: string, cells: number, look: Look): readonly Cell[] => {
  const { ellipsis, none } = signsOf(look);
  return [[span(on)], [span(truncateMiddle(name, cells, ellipsis), 'strong')], [span(datacenter ?? none)]];
};

function candidateRow(
  { candidate, on, best }: Extract<SeedItem, { kind: 'candidate' }>,
  { host, candidate: widths }: Widths,
  look: Look,
): Row {
  const { donor, brief, lag, why } = candidate;
  return [
    [3, host, placeCells, ...widths],
    [
      ...hostCellsOf(donor, `(${on ? '*' : ' '})`, host, look),
      [span(brief)],
      [span(presentLag(candidate), lag.kind === 'still' ? 'bad' : 'plain')],
      [span(best ? 'proposed: ' : '', 'good'), span(why, 'dim')],
    ],
  ];
}

function targetRow(
  { picture, on, first, becomes, blocked }: Extract<SeedItem, { kind: 'target' }>,
  { host }: Widths,
  look: Look,
): Row {
  const now = becomes === undefined ? picture.role : `now ${picture.role}`;
  const place = first ? `${now}, you came from here` : now;
  const words = blocked ?? [becomes, place].filter((text) => text !== undefined).join(', ');
  return [
    [3, host, placeCells, 15],
    [
      ...hostCellsOf(picture.host, `[${on ? 'x' : ' '}]`, host, look),
      [badgeSpan(hostBadge(picture), look)],
      [span(words, blocked === undefined ? 'plain' : 'dim')],
    ],
  ];
}

/** The item under the cursor, in at most `height` lines. */
export function seedDetails(item: SeedItem, height: number, { look, width }: SeedScene): readonly PaneLine[] {
  if (height < 2) return [];
  const { rule } = signsOf(look);
  const [title, text] = detailOf(item, look);
  const lines = wrapped(text, Math.max(10, width - 4)).map((line): PaneLine => [span(`   ${line}`)]);
  const head: PaneLine = [span(look.linear ? '' : ` ${rule.repeat(2)} `, 'dim'), span(title, 'strong')];
  return [head, ...lines].slice(0, height);
}

function detailOf(item: SeedItem, look: Look): readonly [title: string, text: string] {
  if (item.kind === 'option') return [item.option.title, `${item.value}. ${item.option.help}; space changes it`];
  if (item.kind === 'candidate') {
    const { donor, title, why } = item.candidate;
    const plans = item.on ? '' : '; enter chooses it, and plans';
    return [`${donor.name}: ${title}`, `${item.best ? 'proposed: ' : ''}${why}${plans}`];
  }
  const { picture, blocked, first } = item;
  const words = blocked === undefined ? undefined : `not now: ${blocked}`;
  const { disk } = picture.report;
  const room = disk?.ok && `${shortSize(disk.value.usedBytes)} used and ${shortSize(disk.value.freeBytes)} free`;
  const alerts = picture.alerts.map(({ text }) => text);
  return [
    picture.host.name,
    joined(look, words, first && 'it is rebuilt; space marks others', picture.role, room, ...alerts),
  ];
}
