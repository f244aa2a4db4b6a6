// Screens of a terminal, one after the other, as one SVG that moves by style alone: an <img> of a page shows it, and it runs nothing. Pure.
import type { Piece } from '../terminal.ts';

export interface Screen {
  /** How long it is shown. */
  readonly forMs: number;
  readonly lines: readonly (readonly Piece[])[];
}

const [cellWidth, lineHeight, fontSize, margin] = [8.4, 18, 14, 12];
/** The sixteen colours of a terminal on a dark ground. */
const palette = [
  '#1d1f21',
  '#e06c75',
  '#98c379',
  '#e5c07b',
  '#61afef',
  '#c678dd',
  '#56b6c2',
  '#d0d0d0',
  '#7f848e',
  '#ff7b86',
  '#b5e08f',
  '#ffd68a',
  '#80c7ff',
  '#e09cff',
  '#7fd7e0',
  '#ffffff',
] as const;

/** `columns`, `rows`: of the terminal. */
export function movingPicture(
  screens: readonly Screen[],
  size: { readonly columns: number; readonly rows: number },
): string {
  const [width, height] = [size.columns * cellWidth + 2 * margin, size.rows * lineHeight + 2 * margin];
  const names = new Map<string, string>();
  const frames = screens.map(({ lines }, index) => {
    const drawn = lines.flatMap((line, row) => {
      const text = lineSvg(line);
      if (text === '') return [];
      // A line that many screens have is written once.
      const name = names.get(text) ?? `l${names.size}`;
      names.set(text, name);
      return [`<use href="#${name}" y="${row * lineHeight}"/>`];
    });
    return `<g class="f" transform="translate(0 ${index * height})">${drawn.join('')}</g>`;
  });
  const defined = [...names].map(([text, name]) => `<g id="${name}">${text}</g>`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="${fontSize}">`,
    `<style>text { white-space: pre; } #all { animation: all ${seconds(lengthMs(screens))}s steps(1, end) infinite; }\n${keyframes(screens, height)}</style>`,
    `<defs>${defined.join('\n')}</defs>`,
    `<rect width="100%" height="100%" rx="8" fill="${palette[0]}"/>`,
    `<svg x="${margin}" y="${margin}" width="${size.columns * cellWidth}" height="${size.rows * lineHeight}"><g id="all">`,
    ...frames,
    '</g></svg>',
    '</svg>',
    '',
  ].join('\n');
}

const lengthMs = (screens: readonly Screen[]): number => screens.reduce((sum, { forMs }) => sum + forMs, 0);
const seconds = (ms: number): string => (ms / 1000).toFixed(2);

function keyframes(screens: readonly Screen[], height: number): string {
  const all = lengthMs(screens);
  let atMs = 0;
  const steps = screens.map(({ forMs }, index) => {
    const percent = ((atMs / all) * 100).toFixed(3);
    atMs += forMs;
    return `${percent}% { transform: translateY(${-index * height}px); }`;
  });
  return `@keyframes all { ${steps.join(' ')} }`;
}

const lineSvg = (line: readonly Piece[]): string => line.map(pieceSvg).join('');

function pieceSvg({ column, text, cells, colour, background, bold, dim, underline }: Piece): string {
  const x = number(column * cellWidth);
  const width = number(cells * cellWidth);
  const ground =
    background === undefined
      ? ''
      : `<rect x="${x}" width="${width}" height="${lineHeight}" fill="${palette[background] ?? palette[8]}"/>`;
  if (text.trim() === '') return ground;
  const style = [
    bold && 'font-weight="bold"',
    dim && 'opacity="0.6"',
    underline && 'text-decoration="underline"',
  ].filter(Boolean);
  const words = [
    `x="${x}" y="${fontSize - 1}" textLength="${width}" fill="${palette[colour ?? 7] ?? palette[7]}"`,
    ...style,
  ];
  return `${ground}<text ${words.join(' ')}>${escaped(text)}</text>`;
}

const number = (value: number): string => String(Math.round(value * 10) / 10);
const escaped = (text: string): string => text.replaceAll(/[&<>]/g, (sign) => `&#${sign.codePointAt(0)};`);
