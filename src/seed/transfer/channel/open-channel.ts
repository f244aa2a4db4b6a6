// Opens the channel from the donor to one target, and tests it by the very port that the data will take. When repeated,
// parts that are still open are used; after a restart of either host some are not.

import type { FailedStep, StepTools } from '../../../job/plan/step-work.ts';
import { failed, notDone } from '../../../job/runner/step-end.ts';
import { pollUnit } from '../../../job/unit/watch-unit.ts';
import { type PeerKind, peerKindIn } from '../../../scripts/seed-way-words.ts';
import { keyOfPasser, openChain } from '../open-chain.ts';
import { readListener, readPeerKey } from './peer-key.ts';

/** For a step that uses channels. */
export type ChannelTools = StepTools<{
  /** Targets that are reached through this machine. */
  readonly relayed: readonly string[];
}>;

/**
 * Opens the channels that are not open, or, `anew`, all of them again. Returns the targets whose channel did not open,
 * each with the reason.
 */
export async function openChannels(
  tools: ChannelTools,
  targets: readonly string[],
  anew: boolean,
): Promise<Readonly<Record<string, string>>> {
  const closed: Record<string, string> = {};
  for (const target of targets) {
    const listener = anew ? undefined : await pollUnit(tools, 'look', target);
    if (listener?.state.kind === 'running') continue;
    const end = await connectTo(tools, target, anew);
    if (end) closed[target] = `${end.message}${end.advice ? `; ${end.advice}` : ''}`;
  }
  return closed;
}

/** undefined: it is open. `anew`: opens the listener again, since an open one may have another key of the donor's. */
export async function connectTo(tools: ChannelTools, target: string, anew: boolean): Promise<FailedStep | undefined> {
  const { run } = tools;
  const { kind, donor } = channelOf(tools, target);
  const key = await run('key', { target });
  if (!key.ok) return notDone(key);
  const listener = await pollUnit(tools, 'look', target);
  if (listener && (anew || listener.state.kind === 'died' || listener.state.kind === 'ended')) {
    const gone = await run('end', { target });
    if (!gone.ok) return notDone(gone);
  }
  const passer = await keyOfPasser(tools, target);
  const own = readPeerKey(kind, key.stdout);
  if (own === undefined) return failed(`${donor} did not send a key for the channel to ${target}`, notAKey);
  const keys = [own, ...(passer === undefined ? [] : [passer])];
  const opened = await run('open', { target, stdin: framed(keys) });
  if (!opened.ok) return notDone(opened);
  const started = await run('start', { target });
  if (!started.ok) return notDone(started);
  const port = await run('port', { target });
  if (!port.ok) return notDone(port);
  const closed = await meet(tools, target, port.stdout);
  if (closed) return closed;
  if (passer !== undefined) await openChain(tools, target, port.stdout);
  const listed = await run('list', { target });
  return listed.ok ? undefined : notDone(listed);
}

const notAKey = 'what it said has another form: look whether that host was changed by others';

/** The kind of its keys, and the host that connects. */
function channelOf({ step }: ChannelTools, target: string): { readonly kind: PeerKind; readonly donor: string } {
  const { open, key } = step.targetCommands?.[target] ?? {};
  const donor = key?.host ?? '';
  return { kind: peerKindIn(open?.args ?? []), donor };
}

/** On one line, so that nothing in it can pass for the following input. */
const framed = (keys: readonly string[]) => `${Buffer.from(`${keys.join('\n')}\n`).toString('base64')}\n`;

/** A relay through this machine ends with its runner, or with its connections: the donor is told the port of a new one. */
export async function meetAgain(tools: ChannelTools, target: string): Promise<FailedStep | undefined> {
  if (!isRelayed(tools, target) || tools.relays.stands(target)) return undefined;
  const port = await tools.run('port', { target });
  return port.ok ? await meet(tools, target, port.stdout) : notDone(port);
}

/** Tells the donor the target's `listener` (port and host key), and sends a word there and back. */
async function meet(tools: ChannelTools, target: string, listener: string): Promise<FailedStep | undefined> {
  const { run, note } = tools;
  const heard = readListener(listener);
  if (!heard) return failed(`${target} did not say where it listens for the job, and with which key`, notAKey);
  const { port, known } = heard;
  const called = await portToCall(tools, target, port);
  if (typeof called !== 'number') return called;
  const met = await run('meet', { target, stdin: `${called} ${known}\n` });
  if (!met.ok) return notDone(met);
  const proved = await run('prove', { target });
  if (!proved.ok) return notDone(proved);
  note(
    `the channel to ${target} is open: port ${port}${called === port ? '' : `, through this machine from port ${called}`}`,
  );
  return undefined;
}

async function portToCall(tools: ChannelTools, target: string, port: number): Promise<number | FailedStep> {
  if (!isRelayed(tools, target)) return port;
  const donor = tools.step.targetCommands?.[target]?.meet?.host ?? '';
  const way = await tools.relays.through(donor, target, port);
  if (way.ok) return way.value;
  const { message, advice } = way.trouble;
  return failed(message, advice);
}

const isRelayed = ({ input }: ChannelTools, target: string): boolean => input.relayed.includes(target);
