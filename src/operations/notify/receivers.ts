// Receivers as the journal keeps them, with a job or a message: what another build, or a damaged disk, left of them is checked.
import * as z from 'zod';
import { notifyEvents, type Receiver } from '../../inventory/settings.ts';
import { isFor, type Message } from '../../notify/message.ts';

const url = z.union([z.object({ file: z.string() }), z.object({ variable: z.string() })]);
const words = z.tuple([z.string()], z.string());

const receiver = z.object({
  name: z.string(),
  on: z.array(z.enum(notifyEvents)),
  hosts: z.exactOptional(z.array(z.string())),
  againMs: z.number(),
  way: z.discriminatedUnion('to', [
    z.object({ to: z.enum(['slack', 'teams', 'webhook']), url }),
    z.object({
      to: z.literal('mail'),
      recipients: z.array(z.string()),
      from: z.exactOptional(z.string()),
      sendmail: z.string(),
    }),
    z.object({ to: z.literal('command'), run: words }),
  ]),
});

/** undefined: it can't be read. */
export const receiverFrom = (json: unknown): Receiver | undefined => receiver.safeParse(json).data;

export const receiversFrom = (json: unknown): readonly Receiver[] =>
  (Array.isArray(json) ? json : []).flatMap((one) => receiverFrom(one) ?? []);

/** Those of the hosts, each once. */
export function receiversOf(hosts: readonly { readonly notify?: readonly Receiver[] }[]): readonly Receiver[] {
  return [...new Map(hosts.flatMap(({ notify = [] }) => notify).map((one) => [one.name, one])).values()];
}

/** Those that a message is for. */
export const listeners = (all: readonly Receiver[], message: Message): readonly Receiver[] =>
  all.filter(
    ({ on, hosts }) =>
      isFor(on, message) && (hosts === undefined || message.hosts.some((host) => hosts.includes(host))),
  );
