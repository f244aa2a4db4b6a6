// Sends what waits for its receivers. Several processes may do it at once: each message is one's at a time, and how it ended is written down.
// A process that is killed between the answer and the note of it lets the message come twice: its id is the same then.
import { createHash } from 'node:crypto';
import type { Receiver } from '../../inventory/settings.ts';
import type { Delivery } from '../../job/journal/telling.ts';
import { plainBody, slackBody, teamsBody } from '../../notify/bodies.ts';
import { mailText } from '../../notify/mail.ts';
import { type Message, messageSchema } from '../../notify/message.ts';
import { jsonText } from '../../text/json.ts';
import type { JobStore } from '../jobs/job-store.ts';
import { receiverFrom } from './receivers.ts';
import { callUrl, type Failed, tried } from './ways/call-url.ts';
import { runProgram } from './ways/run-program.ts';
import { urlAt } from './ways/secret-url.ts';

/** Growing pauses, as an outage lasts minutes or hours; then it is given up, and reseed says so. */
const pausesMs = [15_000, 60_000, 5 * 60_000, 15 * 60_000, 3_600_000, 4 * 3_600_000];
const answerMs = 10_000;
const programMs = 20_000;
/** Longer than any try: then the process that had it was killed. */
const claimMs = 60_000;
const atOnce = 8;

export interface Sending {
  readonly nowMs: () => number;
  /** No message is begun after that time; those under way end by their own deadlines. */
  readonly budgetMs: number;
  readonly signal: AbortSignal;
}

/** A receiver that fails has no further try meanwhile. Throws where the journal's disk fails. */
export async function sendDue({ journal }: JobStore, { nowMs, budgetMs, signal }: Sending): Promise<void> {
  const untilMs = nowMs() + budgetMs;
  const failed = new Set<string>();
  while (!signal.aborted && nowMs() < untilMs) {
    const found = journal.telling.claim(nowMs(), nowMs() + claimMs, atOnce, [...failed]);
    if (found.length === 0) return;
    await Promise.all(
      found.map(async (delivery) => {
        const why = await sent(delivery, signal);
        if (why) failed.add(delivery.name);
        journal.telling.end(delivery.id, why ? outcomeOf(delivery, why, nowMs(), signal) : {}, nowMs());
      }),
    );
  }
}

function outcomeOf({ tries }: Delivery, failed: NonNullable<Failed>, nowMs: number, { aborted }: AbortSignal) {
  const { why, retryAfterMs = 0 } = failed;
  if (aborted) return { error: why, nextMs: nowMs };
  const pauseMs = pausesMs[tries - 1];
  return { error: why, ...(pauseMs !== undefined && { nextMs: nowMs + Math.max(pauseMs, retryAfterMs) }) };
}

async function sent({ receiver: kept, message: said, key }: Delivery, signal: AbortSignal): Promise<Failed> {
  const receiver = receiverFrom(kept);
  const message = messageSchema.safeParse(said).data;
  if (!receiver || !message) return { why: 'its record in the journal is damaged, or of another reseed' };
  return await toReceiver(receiver, idOf(key), message, signal);
}

/** For a header: the key may have the path of an inventory in it. */
export const idOf = (key: string): string => createHash('sha256').update(key).digest('hex').slice(0, 32);

/** One try. `id`: the same for the same message. Never throws. */
export const toReceiver = (receiver: Receiver, id: string, message: Message, signal: AbortSignal): Promise<Failed> =>
  tried(() => byWay(receiver, id, message, signal));

async function byWay({ way }: Receiver, id: string, message: Message, signal: AbortSignal): Promise<Failed> {
  if (way.to === 'command') {
    return await runProgram(way.run, { input: `${jsonText(plainBody(id, message))}\n`, signal, deadlineMs: programMs });
  }
  if (way.to === 'mail') {
    // The words after -- are addresses; a lone dot of the text ends nothing (-i).
    const words: [string, ...string[]] = [
      way.sendmail,
      '-i',
      ...(way.from ? ['-f', way.from] : []),
      '--',
      ...way.recipients,
    ];
    return await runProgram(words, { input: mailText(id, message, way), signal, deadlineMs: programMs });
  }
  const read = urlAt(way.url, way.to === 'webhook');
  if ('why' in read) return read;
  const body = { slack: slackBody, teams: teamsBody, webhook: (one: Message) => plainBody(id, one) }[way.to](message);
  return await callUrl(read, { body: jsonText(body), id, signal, deadlineMs: answerMs });
}
