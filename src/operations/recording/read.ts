// Reads a recording: at first all of it, for what happened when; then, for a moment, the segment that has it.
import { closeSync, fstatSync, openSync } from 'node:fs';
import { setImmediate as breathe } from 'node:timers/promises';
import { about } from '../../text/about.ts';
import { clockText } from '../../text/times.ts';
import { patched } from './difference.ts';
import { type Header, type Line, noRecording, readHeader, readLine } from './form.ts';
import type { News } from './news.ts';
import { linesOf, type Segment, segmentsOf } from './segments.ts';
import type { ShownPictures } from './shown.ts';

export interface TimedNews extends News {
  readonly atMs: number;
}

export interface ReadRecording {
  readonly header: Header;
  readonly beginMs: number;
  /** Of its last line that could be read. */
  readonly endMs: number;
  /** Why it ended, as its last line tells. */
  readonly ended?: string;
  /** Why it is not whole: the rest of "the recording ...". Absent: it is. */
  readonly cut?: string;
  /** In the order of time. */
  readonly news: readonly TimedNews[];
  /** As it was then; before its begin, as it began. Throws if it was changed since it was opened. */
  pictureAt(ms: number): ShownPictures;
  /** When the next picture came after that time; undefined: it was the last. */
  nextMs(ms: number): number | undefined;
  close(): void;
}

export type Opened =
  | { readonly ok: true; readonly recording: ReadRecording }
  | { readonly ok: false; readonly message: string; readonly advice: string };

interface Indexed extends Segment {
  readonly fromMs: number;
}

const ignored = () => undefined;

/** `onRead`: percent of the file that was read. */
export async function openRecording(path: string, onRead: (percent: number) => void = ignored): Promise<Opened> {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    return unreadable(path, error);
  }
  try {
    const opened = await readFrom(file, path, onRead);
    if (!opened.ok) closeSync(file);
    return opened;
  } catch (error) {
    closeSync(file);
    return unreadable(path, error);
  }
}

const unreadable = (path: string, error: unknown): Opened => ({
  ok: false,
  message: about(path, `can't be read: ${error instanceof Error ? error.message : String(error)}`),
  advice: '',
});

async function readFrom(file: number, path: string, onRead: (percent: number) => void): Promise<Opened> {
  const refused = (why: string, advice: string): Opened => ({ ok: false, message: about(path, why), advice });
  const stat = fstatSync(file);
  if (!stat.isFile()) return refused('is no file', 'name a file that reseed console --record FILE has written');
  const [first, ...segments] = segmentsOf(file, stat.size);
  const header = first ? readHeader(linesOf(file, first)?.[0] ?? '') : noRecording;
  if (!header.ok) return refused(header.why, header.advice);
  const found = await readAll(file, segments, stat.size, onRead);
  const [begin] = found.indexed;
  if (!begin) return refused('has no picture: its console ended before the first', 'record again');
  return { ok: true, recording: recordingOf(file, { ...found, header: header.header, begin }) };
}

type Brief = { readonly atMs: number } & ({ readonly news: readonly News[] } | { readonly ended: string });

interface Found {
  readonly indexed: readonly Indexed[];
  readonly news: readonly TimedNews[];
  readonly times: readonly number[];
  readonly ended: string | undefined;
  readonly cut: string | undefined;
}

/** Ends at the first line that can't be read. */
async function readAll(
  file: number,
  segments: readonly Segment[],
  fileBytes: number,
  onRead: (percent: number) => void,
): Promise<Found> {
  const [indexed, lines]: [Indexed[], Brief[]] = [[], []];
  let damaged = false;
  for (const segment of segments) {
    const told = toldBy(file, segment);
    const [first] = told.lines;
    if (first && 'whole' in first) indexed.push({ ...segment, fromMs: first.atMs });
    for (const line of told.lines) lines.push(withoutPicture(line));
    damaged = told.damaged;
    if (damaged) break;
    onRead(Math.floor((100 * (segment.offset + segment.bytes)) / fileBytes));
    await breathe();
  }
  const news = lines.flatMap((line) => ('news' in line ? timed(line) : []));
  const ended = lines.flatMap((line) => ('ended' in line ? [line.ended] : [])).at(-1);
  const times = lines.map(({ atMs }) => atMs);
  return { indexed, news, times, ended, cut: cutWords(ended, damaged, times.at(-1)) };
}

/** Millions of lines are held: a jump to one reads its segment again. */
const withoutPicture = (line: Line): Brief =>
  'ended' in line ? line : { atMs: line.atMs, news: 'news' in line ? (line.news ?? []) : [] };

const timed = ({ atMs, news }: { readonly atMs: number; readonly news: readonly News[] }): TimedNews[] =>
  news.map((one) => ({ ...one, atMs }));

/** `damaged`: a part of it can't be read, or it does not begin with a picture. */
function toldBy(file: number, segment: Segment): { readonly lines: readonly Line[]; readonly damaged: boolean } {
  const texts = linesOf(file, segment);
  const lines = readable(texts ?? []);
  const [first] = lines;
  if (first && 'changed' in first) return { lines: [], damaged: true };
  return { lines, damaged: texts === undefined || lines.length < texts.length };
}

function cutWords(ended: string | undefined, damaged: boolean, lastMs: number | undefined): string | undefined {
  const at = lastMs === undefined ? '' : ` at ${clockText(new Date(lastMs))}`;
  if (damaged) return `is damaged, and is shown up to there: it ends${at}`;
  return ended === undefined ? `was cut${at}: its console was killed, or still records` : undefined;
}

/** Up to the first that is no line of a recording. */
function readable(texts: readonly string[]): readonly Line[] {
  const lines: Line[] = [];
  for (const text of texts) {
    const line = readLine(text);
    if (!line) break;
    lines.push(line);
  }
  return lines;
}

interface Shown {
  readonly segment: Indexed;
  readonly lines: readonly Line[];
  /** How many of its lines are in the picture. */
  read: number;
  picture: ShownPictures;
}

function recordingOf(
  file: number,
  { header, begin, indexed, news, times, ended, cut }: Found & { readonly header: Header; readonly begin: Indexed },
): ReadRecording {
  let shown: Shown | undefined;
  const load = (segment: Indexed): Shown => {
    const lines = readable(linesOf(file, segment) ?? []);
    const [first] = lines;
    if (!first || !('whole' in first)) throw new Error('the recording was changed while it was replayed');
    return { segment, lines, read: 1, picture: first.whole };
  };
  return {
    header,
    beginMs: begin.fromMs,
    endMs: Math.max(begin.fromMs, times.at(-1) ?? 0),
    news,
    ...(ended !== undefined && { ended }),
    ...(cut !== undefined && { cut }),
    pictureAt: (ms) => {
      const segment = indexed.findLast(({ fromMs }) => fromMs <= ms) ?? begin;
      const isLater = shown?.segment === segment && (shown.lines[shown.read - 1]?.atMs ?? 0) <= ms;
      const now = shown && isLater ? shown : load(segment);
      shown = now;
      for (let next = now.lines[now.read]; next && next.atMs <= ms; next = now.lines[now.read]) {
        if ('changed' in next) now.picture = changedPicture(now.picture, next.changed);
        now.read++;
      }
      return now.picture;
    },
    nextMs: (ms) => times[firstAfter(times, ms)],
    close: () => closeSync(file),
  };
}

const changedPicture = (picture: ShownPictures, change: Parameters<typeof patched>[1]): ShownPictures =>
  patched(picture as unknown as Parameters<typeof patched>[0], change) as unknown as ShownPictures;

/** The place of the first time after `ms`, of times that never go back. */
export function firstAfter(times: readonly number[], ms: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) > ms) high = middle;
    else low = middle + 1;
  }
  return low;
}
