// Data that a seed left half, or holds down: the probe's lines -> UnwholeData, and its words. Pure.
import { cleanLine } from '../../text/clean.ts';
import type { SeedThere, UnwholeData } from '../facts.ts';
import { present } from '../known.ts';

/**
 * The lines of `unwhole` (probe.sh). A folder of a seed alone is what it left beside whole data. A second seed may begin where a first gave up the old data, so
 * there may be a folder of each, in any order: data that was given up is not whole, however far the second came. A block of the unit says who holds the server
 * down, and nothing of data that is not mounted yet or did not answer.
 */
export function readUnwhole(text: string): UnwholeData | undefined {
  const lines = text.split('\n').map((line) => /^(held|by|mark|unread)(?: ([a-z0-9]+) ?(.*))?$/.exec(line.trim()));
  const of = (kind: string) => lines.filter((line) => line?.[1] === kind);
  const [[held], [mark]] = [of('held'), of('mark')];
  if (!(held || mark)) return undefined;
  const left = of('by').flatMap((line) => {
    const [, state = '', words = ''] = /^(\S*) ?(.*)$/.exec(line?.[3] ?? '') ?? [];
    const who = cleanLine(words).trim();
    return [{ state, seed: { ...present('job', line?.[2]), ...present('who', who === '' ? undefined : who) } }];
  });
  const ended = left.find(({ state }) => state !== 'whole' && state !== 'moved');
  const open = left.find(({ state }) => state === 'moved') ?? left.find(({ state }) => state === 'whole');
  if (ended) return { data: 'givenUp', ...ended.seed, ...present('next', open?.seed) };
  if (open) return { data: open.state === 'moved' ? 'moved' : 'whole', ...open.seed };
  if (mark) return { data: 'givenUp', ...present('job', held?.[2]) };
  return { data: 'unknown', ...present('job', held?.[2]), ...(of('unread').length > 0 ? { unread: true } : {}) };
}

/** `its data is not whole: half seeded by job 3f2a of ops@jump1` */
export function unwholeText({ data, next, unread, ...seed }: UnwholeData): string {
  const by = byText(seed);
  switch (data) {
    case 'whole':
      return `its data is whole, and it is held down${by}, a seed that has not ended`;
    case 'moved':
      return `its data is being replaced${by}, a seed that has not ended`;
    case 'givenUp':
      return `its data is not whole: half seeded${by}${next ? `, and then held down${byText(next)}, a seed that has not ended` : ''}`;
    case 'unknown':
      return `it is held down${by}, and ${unread ? 'its datadir could not be read' : 'its datadir has nothing of that job'}: whether its data is whole is unknown`;
  }
}

const byText = ({ job, who }: SeedThere) =>
  `${job === undefined ? '' : ` by job ${job}`}${who === undefined ? '' : ` of ${who}`}`;

/** What helps: on the jump host that has the job, where it has not ended. */
export function unwholeAdvice({ data, who, next }: UnwholeData, host: string): string {
  if (data === 'unknown')
    return `mount its datadir if it is not mounted. Then resume or abort that job: reseed jobs. Where that journal is lost: reseed clean ${host} --dry-run`;
  if (data !== 'givenUp') return openAdvice(who, host);
  // Another seed is refused while that one has its folder there.
  if (next) return openAdvice(next.who, host);
  return `seed it again: reseed seed DONOR ${host}. What is left of the old data: reseed clean ${host} --dry-run`;
}

function openAdvice(who: string | undefined, host: string): string {
  const where = who?.includes('@') ? ` on ${who.slice(who.lastIndexOf('@') + 1)}` : '';
  return `resume or abort that job: reseed jobs${where}. Where that journal is lost: reseed clean ${host} --dry-run`;
}
