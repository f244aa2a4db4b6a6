// Data that a seed left half, or holds down: the probe's lines -> UnwholeData, and its words. Pure.
import { cleanLine } from '../../text/clean.ts';
import type { UnwholeData } from '../facts.ts';
import { present } from '../known.ts';

/** The lines of `unwhole` (probe.sh). A folder of a seed alone is what it left beside whole data. */
export function readUnwhole(text: string): UnwholeData | undefined {
  const lines = text.split('\n').map((line) => /^(held|by|mark)(?: ([a-z0-9]+) ?(.*))?$/.exec(line.trim()));
  const of = (kind: string) => lines.find((line) => line?.[1] === kind);
  const [held, by] = [of('held'), of('by')];
  if (!(held || of('mark'))) return undefined;
  const [, state = '', words = ''] = /^(\S*) ?(.*)$/.exec(by?.[3] ?? '') ?? [];
  const who = cleanLine(words).trim();
  return {
    data: state === 'whole' || state === 'moved' ? state : 'givenUp',
    ...present('job', by?.[2] ?? held?.[2]),
    ...present('who', who === '' ? undefined : who),
  };
}

/** `its data is not whole: half seeded by job 3f2a of ops@jump1` */
export function unwholeText({ data, job, who }: UnwholeData): string {
  const by = `${job === undefined ? '' : ` by job ${job}`}${who === undefined ? '' : ` of ${who}`}`;
  switch (data) {
    case 'whole':
      return `its data is whole, and it is held down${by}, a seed that has not ended`;
    case 'moved':
      return `its data is being replaced${by}, a seed that has not ended`;
    case 'givenUp':
      return `its data is not whole: half seeded${by}`;
  }
}

/** What helps: on the jump host that has the job, where it has not ended. */
export function unwholeAdvice({ data, who }: UnwholeData, host: string): string {
  if (data === 'givenUp')
    return `seed it again: reseed seed DONOR ${host}. What is left of the old data: reseed clean ${host} --dry-run`;
  const where = who?.includes('@') ? ` on ${who.slice(who.lastIndexOf('@') + 1)}` : '';
  return `resume or abort that job: reseed jobs${where}. Where that journal is lost: reseed clean ${host} --dry-run`;
}
