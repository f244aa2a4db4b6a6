// A chart as SVG, drawn with lines and text alone: it is read without a program, and printed. Pure.
import { utcText } from '../../text/times.ts';
import type { Chart, Point, Series } from './document.ts';
import { escaped } from './escaped.ts';

const [width, height] = [760, 240];
const plot = { left: 76, right: width - 12, top: 14, bottom: height - 34 } as const;
const legendRow = 18;
/** Told apart by colour, and by dashes: not every eye, and no printer, tells colours apart (Okabe and Ito's palette). */
const strokes = [
  { colour: '#0072b2', dash: '' },
  { colour: '#d55e00', dash: '7 3' },
  { colour: '#009e73', dash: '2 3' },
  { colour: '#cc79a7', dash: '9 3 2 3' },
  { colour: '#56b4e9', dash: '4 4' },
] as const;

interface Scale {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly top: number;
}

export function chartSvg({ title, series, valueText }: Chart): string {
  const scale = scaleOf(series);
  const names = series.map(({ name }) => name).join(', ');
  const total = height + series.length * legendRow;
  return [
    `<svg viewBox="0 0 ${width} ${total}" width="${width}" role="img" font-family="sans-serif" font-size="12" fill="currentColor">`,
    `<title>${escaped(`${title}: ${names}, at most ${valueText(scale.top)}`)}</title>`,
    ...[0, 0.5, 1].map((part) => level(part, valueText(scale.top * part))),
    ...times(scale),
    ...series.map((one, index) => lineOf(one, index, scale)),
    ...series.map(({ name }, index) => legend(name, index)),
    '</svg>',
  ].join('\n');
}

function scaleOf(series: readonly Series[]): Scale {
  const points = series.flatMap(({ points }) => points);
  const times = points.map(({ atMs }) => atMs);
  const top = points.reduce((most, { value = 0 }) => Math.max(most, value), 0);
  return {
    fromMs: times.reduce((one, other) => Math.min(one, other), Number.POSITIVE_INFINITY),
    untilMs: times.reduce((one, other) => Math.max(one, other), Number.NEGATIVE_INFINITY),
    top: top === 0 ? 1 : top,
  };
}

function level(part: number, text: string): string {
  const y = number(plot.bottom - part * (plot.bottom - plot.top));
  return `<path d="M${plot.left} ${y}H${plot.right}" stroke="currentColor" stroke-opacity="0.25"/><text x="${plot.left - 8}" y="${y}" text-anchor="end" dominant-baseline="middle">${escaped(text)}</text>`;
}

function times({ fromMs, untilMs }: Scale): readonly string[] {
  const y = plot.bottom + 20;
  return [
    `<text x="${plot.left}" y="${y}">${utcText(fromMs)}</text>`,
    `<text x="${plot.right}" y="${y}" text-anchor="end">${utcText(untilMs)}</text>`,
  ];
}

function lineOf({ points }: Series, index: number, scale: Scale): string {
  const { colour, dash } = strokeOf(index);
  return `<path d="${pathOf(points, scale)}" fill="none" stroke="${colour}" stroke-width="1.8" stroke-dasharray="${dash}"/>`;
}

/** A time of which nothing was told is a gap. */
function pathOf(points: readonly Point[], { fromMs, untilMs, top }: Scale): string {
  const spanMs = Math.max(1, untilMs - fromMs);
  let isOpen = false;
  return points
    .map(({ atMs, value }) => {
      if (value === undefined) {
        isOpen = false;
        return '';
      }
      const x = plot.left + ((atMs - fromMs) / spanMs) * (plot.right - plot.left);
      const y = plot.bottom - (value / top) * (plot.bottom - plot.top);
      const verb = isOpen ? 'L' : 'M';
      isOpen = true;
      return `${verb}${number(x)} ${number(y)}`;
    })
    .join('');
}

function legend(name: string, index: number): string {
  const { colour, dash } = strokeOf(index);
  const y = height + index * legendRow;
  return `<path d="M${plot.left} ${y}h28" stroke="${colour}" stroke-width="1.8" stroke-dasharray="${dash}"/><text x="${plot.left + 36}" y="${y}" dominant-baseline="middle">${escaped(name)}</text>`;
}

/** Of more than there are colours, the next five have other dashes. */
function strokeOf(index: number): { readonly colour: string; readonly dash: string } {
  const { colour } = strokes[index % strokes.length] ?? strokes[0];
  const { dash } = strokes[(index + Math.floor(index / strokes.length)) % strokes.length] ?? strokes[0];
  return { colour, dash };
}

const number = (value: number): string => String(Math.round(value * 10) / 10);
