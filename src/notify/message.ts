// What a receiver reads of one event, before it is put into the form of its channel. Its text comes from hosts too: it is cleaned here, once
// more, whatever it has passed before. Pure.
import * as z from 'zod';
import { type NotifyEvent, notifyEvents } from '../inventory/settings.ts';
import { cleanLine } from '../text/clean.ts';

export const messageSchema = z.object({
  /** What it counts as: a job that left something on hosts has failed, and needs a person. */
  events: z.array(z.enum(notifyEvents)),
  title: z.string(),
  lines: z.array(z.string()),
  hosts: z.array(z.string()),
  /** Where it was seen. */
  machine: z.string(),
  atMs: z.number(),
  job: z.exactOptional(z.object({ id: z.number(), key: z.string(), state: z.string() })),
  schedule: z.exactOptional(z.string()),
  /** The seed that a rule has planned for the host. */
  recovery: z.exactOptional(z.object({ donor: z.string(), method: z.string() })),
});

export type Message = z.output<typeof messageSchema>;

const mostLines = 20;
/** Teams takes 28 KB in all, as JSON in UTF-8: a quotation mark of a line is two bytes of it, and a letter of Japanese three. */
const longestBytes = 600;

function cut(text: string): string {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length <= longestBytes) return text;
  // A letter that does not end there is left out.
  return `${new TextDecoder().decode(bytes.subarray(0, longestBytes), { stream: true })}…`;
}

export function message({ title, lines, hosts, machine, ...rest }: Message): Message {
  const told = lines.filter((line) => line !== '').map((line) => cut(cleanLine(line)));
  const more = told.length - mostLines;
  return {
    ...rest,
    title: cut(cleanLine(title)),
    lines: more > 0 ? [...told.slice(0, mostLines), `… ${more} more lines`] : told,
    hosts: hosts.map((host) => cleanLine(host)),
    machine: cleanLine(machine),
  };
}

/** Two texts that differ in their figures say the same. */
export const withoutFigures = (text: string): string => text.replace(/\d+/g, '#').slice(0, 500);

export const isFor = (on: readonly NotifyEvent[], { events }: Pick<Message, 'events'>): boolean =>
  events.some((event) => on.includes(event));

/** The whole text, for people. */
export const textOf = ({ title, lines, machine }: Message): string =>
  [title, ...lines, `(reseed on ${machine})`].join('\n');
