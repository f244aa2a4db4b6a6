// Asks every host once: the live picture for a verb that wants one answer.
import { reportParts } from '../../host/facts.ts';
import { unanswered } from '../../host/known.ts';
import type { Host, Inventory } from '../../inventory/settings.ts';
import { deadlineIn } from '../../remote/deadline.ts';
import type { RemoteFailure } from '../../remote/failure.ts';
import type { Remote } from '../../remote/remote.ts';
import type { FleetPicture, HostPicture } from '../picture.ts';
import { createFleetStore, type Earlier, type FleetEvent, folded, only } from '../store.ts';
import { type PollingOptions, startPolling } from './poller.ts';

export interface OnceOptions extends Omit<PollingOptions, 'inventory' | 'store'> {
  /** The whole of it: who is known, and so no discovery. */
  readonly inventory: Inventory;
  /** Those that are asked, and that the answer has. Left out: all. */
  readonly hosts?: readonly Host[];
  /**
   * For each host, from when its turn to be connected to has come; what this process is late by does not count. Of one that has not
   * answered by then the parts that never came are unknown, and late; one that gave no whole answer at all has the failure `timeout`.
   */
  readonly deadlineMs: number;
  /** What was seen in error logs. */
  readonly earlier?: Earlier;
  /** Ends the waiting at once: the picture is then what has come so far. */
  readonly signal: AbortSignal;
  /** Told which hosts have neither answered nor failed yet, whenever that changes. */
  readonly onHeard?: (waitingFor: readonly string[]) => void;
}

/** Everything but the size of the datadir. Resolves when no probe is left on any host. */
export async function askOnce({
  inventory,
  hosts: asked = inventory.hosts,
  deadlineMs,
  signal,
  onHeard,
  ...options
}: OnceOptions): Promise<FleetPicture> {
  const { nowMs = Date.now } = options;
  const store = createFleetStore(inventory, nowMs(), options.earlier);
  const complete = Promise.withResolvers<void>();
  const waits = new Map<string, Remote[]>();
  const open = (host: Host): Remote => {
    const remote = options.open(host);
    waits.set(host.name, [...(waits.get(host.name) ?? []), remote]);
    return remote;
  };
  const waitedHereMs = ({ name }: Host) =>
    (waits.get(name) ?? []).reduce((sum, remote) => sum + (remote.waitedHereMs?.() ?? 0), 0);
  const late = new Set<Host>();
  let waiting = asked.length;
  const check = () => {
    const isDone = (host: HostPicture) => late.has(host.host) || isSettled(host);
    const left = only(store.getState(), asked).hosts.filter((host) => !isDone(host));
    if (left.length !== waiting) onHeard?.(left.map(({ host }) => host.name));
    waiting = left.length;
    if (waiting === 0) complete.resolve();
  };
  const unsubscribe = store.subscribe(check);
  check();
  const polling = startPolling({ ...options, open, inventory: { hosts: asked }, store });
  const deadlines = asked.map((host) => {
    const onLate = () => {
      late.add(host);
      check();
    };
    return deadlineIn(deadlineMs, onLate, () => waitedHereMs(host));
  });
  signal.addEventListener('abort', () => complete.resolve(), { once: true });
  if (signal.aborted) complete.resolve();
  await complete.promise;
  for (const deadline of deadlines) deadline.cancel();
  unsubscribe();
  // It publishes what it holds back.
  await polling.stop();
  const picture = only(store.getState(), asked);
  return folded(
    picture,
    picture.hosts.flatMap((host) => {
      if (isMute(host)) return [lateEvent(host, deadlineMs, nowMs())];
      return late.has(host.host) ? untoldEvent(host, deadlineMs) : [];
    }),
  );
}

/** Away, or heard to the end: the second of a session's answers has the rest of what there is (agenda.ts). */
const isSettled = ({ link, partAtMs }: HostPicture) =>
  link.state === 'failed' || partAtMs.lvm !== undefined || partAtMs.errorLog !== undefined;

/** It may have accepted the probe, and have sent no report that was whole. */
const isMute = ({ link, partAtMs }: HostPicture) =>
  link.state === 'connecting' || (link.state !== 'failed' && Object.keys(partAtMs).length === 0);

/** What it was asked and did not tell: not told is not the same as none. */
function untoldEvent({ host, link, partAtMs }: HostPicture, deadlineMs: number): FleetEvent[] {
  const parts = reportParts.filter((part) => part !== 'datadirSize' && partAtMs[part] === undefined);
  if (link.state === 'failed' || parts.length === 0) return [];
  const why = unanswered(`no answer within ${deadlineMs / 1000} s`);
  return [{ kind: 'untold', host: host.name, report: Object.fromEntries(parts.map((part) => [part, why])) }];
}

function lateEvent({ host }: HostPicture, deadlineMs: number, nowMs: number): FleetEvent {
  const failure: RemoteFailure = {
    ok: false,
    kind: 'timeout',
    deadlineMs,
    host: host.name,
    command: 'probe',
    message: `${host.name} gave no answer within ${deadlineMs / 1000} s`,
    advice: '',
    printed: '',
  };
  return { kind: 'link', host: host.name, link: { state: 'failed', sinceMs: nowMs - deadlineMs, failure } };
}
