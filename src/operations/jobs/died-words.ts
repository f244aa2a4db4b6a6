// What is said of a job whose runner died: when it was heard of last, by the journal, and what can be done. Pure but for the time zone.
import type { JobRecord } from '../../job/record.ts';

/** `runner died (last heard of 14:35:17 UTC). Resume: ...`. What others wrote to its log since, as `job limit` does, is not its own. */
export function diedText(job: Pick<JobRecord, 'id' | 'createdMs' | 'startedMs' | 'steps'>): string {
  const { id } = job;
  return `runner died (${heardText(job)}). Resume: reseed job resume ${id}. Abort: reseed job abort ${id}`;
}

/** `last heard of 14:35:17 UTC` */
export const heardText = (job: Parameters<typeof heardMs>[0]) => `last heard of ${clockText(new Date(heardMs(job)))}`;

/** When its runner wrote the last word of it that has a time. */
export const heardMs = ({
  createdMs,
  startedMs,
  steps,
}: Pick<JobRecord, 'createdMs' | 'startedMs' | 'steps'>): number =>
  Math.max(
    ...[createdMs, startedMs, ...steps.flatMap((step) => [step.startedMs, step.endedMs, step.toldMs])].filter(
      (ms) => ms !== undefined,
    ),
  );

const zone = new Intl.DateTimeFormat('en', { timeZoneName: 'short' });

/** On this machine's clock, with its zone; the day too, where it is not today's. */
export function clockText(time: Date): string {
  const [day = '', clock = ''] = time.toLocaleString('sv-SE').split(' ');
  const where = zone.formatToParts(time).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  return `${day === new Date().toLocaleDateString('sv-SE') ? clock : `${day} ${clock}`} ${where}`.trim();
}
