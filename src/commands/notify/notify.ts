// reseed notify: who is told of what, whether it arrives, and a test of that.
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { Command } from 'commander';
import type { Receiver } from '../../inventory/settings.ts';
import type { Delivery } from '../../job/journal/telling.ts';
import { testEvent } from '../../notify/events.ts';
import { messageSchema } from '../../notify/message.ts';
import { idOf, toReceiver } from '../../operations/notify/send.ts';
import { failingText, wayText } from '../../operations/notify/words.ts';
import { unicodeSigns } from '../../text/badge.ts';
import { clockText } from '../../text/times.ts';
import { exampleText, exitCodes, exitWith, printFailure, printJson, printLine, tableLines } from '../answer.ts';
import { untilSignalled } from '../hosts/signals.ts';
import { type HostOptions, inventoryFlag } from '../hosts/targets.ts';
import { inJournal, type Read, readSchedules } from '../schedule/read-schedules.ts';

export function notifyCommand(): Command {
  const group = new Command('notify').description(
    'who is told of jobs, schedules and alerts (notify of the inventory)',
  );
  const verb = (name: string, description: string) =>
    group
      .command(name)
      .description(description)
      .option(...inventoryFlag)
      .option('--json', 'answer in JSON');
  verb('list', 'every receiver: of what it is told, the last messages, and what could not be sent').action(list);
  verb('test', 'send a test message now; ends with 1 where one was not taken')
    .argument('[receiver]', 'its name in the inventory; left out: all')
    .action(test);
  return group.addHelpText(
    'after',
    exampleText(['reseed notify list', 'reseed notify test', 'reseed notify test team']),
  );
}

const shown = 20;

async function list(options: HostOptions): Promise<void> {
  const read = await readSchedules(options);
  if (!read) return;
  const { notify = [], heartbeat } = read.inventory;
  const told = inJournal(options, ({ journal: { telling } }) => ({
    failing: telling.failing(0),
    newest: telling.newest(shown),
    beat: telling.heartbeat(read.path),
  }));
  if (!told) return;
  const { failing, newest, beat } = told;
  if (options.json) {
    printJson('notify', {
      receivers: notify,
      heartbeat: heartbeat ? { ...heartbeat, ...beat } : null,
      failing: failing.map(deliveryJson),
      newest: newest.map(deliveryJson),
    });
    return;
  }
  if (notify.length === 0) printLine('the inventory has no receivers (notify)');
  else {
    const rows = notify.map((one) => [one.name, one.on.join(','), one.hosts?.join(',') ?? 'all', wayText(one)]);
    for (const line of tableLines(['RECEIVER', 'ON', 'HOSTS', 'TO'], rows)) printLine(line);
  }
  if (heartbeat) printLine(beatLine(beat));
  for (const one of newest) printLine(deliveryLine(one));
  for (const one of failing) printLine(`${unicodeSigns.bad} ${failingText(one)}`);
}

function beatLine(beat: { readonly calledMs: number; readonly error?: string } | undefined): string {
  if (!beat) return `${unicodeSigns.unknown} heartbeat: not called yet; a tick of schedules does`;
  const at = clockText(new Date(beat.calledMs));
  if (beat.error === undefined) return `${unicodeSigns.good} heartbeat: called at ${at}`;
  return `${unicodeSigns.bad} heartbeat: failed at ${at}: ${beat.error}`;
}

const signs = {
  waiting: unicodeSigns.waiting,
  sent: unicodeSigns.good,
  same: unicodeSigns.none,
  failed: unicodeSigns.bad,
} as const;
const words = {
  waiting: 'waits',
  sent: 'sent',
  same: 'not sent, it was told the same before',
  failed: 'given up',
} as const;

function deliveryLine({ name, state, error, atMs, message }: Delivery): string {
  const title = messageSchema.safeParse(message).data?.title ?? 'its record is damaged';
  const why = error === undefined ? '' : ` (${error})`;
  return `${signs[state]} ${clockText(new Date(atMs))} ${name} ${words[state]}${why}: ${title}`;
}

const deliveryJson = ({ receiver: _, ...rest }: Delivery) => rest;

async function test(name: string | undefined, options: HostOptions): Promise<void> {
  const read = await readSchedules(options);
  const chosen = read && chosenOf(read, name, options);
  if (!chosen) return;
  exitWith(await untilSignalled((signal) => tested(chosen, options, signal)));
}

/** undefined: the error was printed, and the exit code is set. */
function chosenOf({ inventory: { notify = [], file } }: Read, name: string | undefined, { json }: HostOptions) {
  const chosen = notify.filter((one) => name === undefined || one.name === name);
  if (chosen.length > 0) return chosen;
  const known = notify.map((one) => one.name).join(', ');
  exitWith(exitCodes.usage);
  printFailure(json, {
    error: 'usage',
    message: `${file} has no receiver${name === undefined ? '' : ` ${name}`}`,
    advice: known === '' ? 'write it there, under notify' : `it has ${known}`,
  });
  return undefined;
}

async function tested(chosen: readonly Receiver[], { json }: HostOptions, signal: AbortSignal): Promise<number> {
  const number = randomBytes(4).toString('hex');
  const results = await Promise.all(
    chosen.map(async (receiver) => {
      const { key, message } = testEvent(receiver.name, number, { machine: hostname(), nowMs: Date.now() });
      const failed = await toReceiver(receiver, idOf(key), message, signal);
      return { name: receiver.name, ...(failed && { error: failed.why }) };
    }),
  );
  if (json) printJson('notify-test', { receivers: results });
  else
    for (const { name, error } of results)
      printLine(error === undefined ? `${unicodeSigns.good} ${name} took it` : `${unicodeSigns.bad} ${name}: ${error}`);
  return results.some(({ error }) => error !== undefined) ? exitCodes.failed : exitCodes.done;
}
