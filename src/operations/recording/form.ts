// The form of a recording: zstd frames, one after the other, whose text is a line of JSON each (`zstdcat FILE` shows them). The first frame has
// the header. Each other one is a segment: a whole picture, and the changes after it, so that a jump reads one segment. Pure.
import { z } from 'zod';
import { cleanText } from '../../text/clean.ts';
import { unprintable } from '../../text/unprintable.ts';
import { version } from '../../version.ts';
import type { Difference } from './difference.ts';
import type { News } from './news.ts';
import type { ShownPictures } from './shown.ts';

/** Changed when a build that reads the one misreads the other. */
const recordingFormat = 1;

export interface Header {
  readonly kind: 'reseed recording';
  readonly format: number;
  /** `1.4.0`: the version of the reseed that recorded it. */
  readonly build: string;
  readonly beganMs: number;
  readonly fleet: string;
  /** The inventory's file, as its operator named it. */
  readonly inventory: string;
  /** `ops@jump1` */
  readonly by: string;
}

/** `atMs`: milliseconds since 1970, by the clock of the machine that recorded it; it never goes back. */
export type Line =
  | { readonly atMs: number; readonly whole: ShownPictures }
  | { readonly atMs: number; readonly news?: readonly News[]; readonly changed: Difference }
  /** The last line. Without it the recording was cut. */
  | { readonly atMs: number; readonly ended: string };

export const headerOf = (about: Omit<Header, 'kind' | 'format' | 'build'>): Header => ({
  kind: 'reseed recording',
  format: recordingFormat,
  build: version,
  ...about,
});

const headerSchema = z.object({
  kind: z.literal('reseed recording'),
  format: z.number().int().positive(),
  build: z.string(),
  beganMs: z.number().int().nonnegative(),
  fleet: z.string(),
  inventory: z.string(),
  by: z.string(),
});

export type ReadHeader =
  | { readonly ok: true; readonly header: Header }
  /** `why`: the rest of the sentence "FILE ...". */
  | { readonly ok: false; readonly why: string; readonly advice: string };

export const noRecording: Extract<ReadHeader, { ok: false }> = {
  ok: false,
  why: 'is no recording of reseed',
  advice: 'name a file that reseed console --record FILE has written',
};

export function readHeader(text: string): ReadHeader {
  const told = z.object({ kind: z.literal('reseed recording'), format: z.number(), build: z.string() });
  const line = parsed(text);
  const newer = told.safeParse(line).data;
  if (newer && isNewer(newer)) {
    return {
      ok: false,
      why: `was recorded by reseed ${newer.build} (format ${newer.format}), which is newer than this one (${version}, format ${recordingFormat})`,
      advice: `replay it with reseed ${newer.build} or a newer one`,
    };
  }
  const header = headerSchema.safeParse(line).data;
  return header ? { ok: true, header } : noRecording;
}

/** A newer build of the same format may have pictures with parts that this one does not know. */
function isNewer({ format, build }: { readonly format: number; readonly build: string }): boolean {
  if (format !== recordingFormat) return format > recordingFormat;
  const [one, other] = [build, version].map((text) => text.split(/[.+-]/).slice(0, 3).map(Number));
  const at = one?.findIndex((figure, index) => figure !== other?.[index]) ?? -1;
  return at >= 0 && (one?.[at] ?? 0) > (other?.[at] ?? 0);
}

const news = z.array(z.object({ kind: z.enum(['change', 'alert']), text: z.string() }));
const pictures = z.looseObject({
  fleet: z.looseObject({
    fleet: z.string(),
    hosts: z.array(z.looseObject({})),
    discovered: z.array(z.looseObject({})),
  }),
  jobs: z.looseObject({ jobs: z.array(z.looseObject({})) }),
  others: z.looseObject({ jobs: z.array(z.looseObject({})) }),
  schedules: z.looseObject({ views: z.array(z.looseObject({})) }),
});
const atMs = z.number().nonnegative();
const lineSchema = z.union([
  z.object({ atMs, whole: pictures }),
  z.object({ atMs, news: news.optional(), changed: z.looseObject({}) }),
  z.object({ atMs, ended: z.string() }),
]);

/** undefined: it is no line of a recording. Its texts are clean, whatever wrote them. */
export function readLine(text: string): Line | undefined {
  const value = parsed(text);
  // The parts of a picture are the types of the build that wrote it: only its frame is checked.
  return lineSchema.safeParse(value).success ? (value as Line) : undefined;
}

/** A character that a terminal may obey is there as itself, or written as `\u001b`. */
const mayObey = (text: string): boolean => text.includes('\\u') || text.search(unprintable) >= 0;

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return mayObey(text) ? cleaned(value) : value;
  } catch {
    return undefined;
  }
}

/** Names of properties too: a lane is one, and is shown. */
function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (Array.isArray(value)) return value.map(cleaned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [cleanText(key), cleaned(one)]));
}
