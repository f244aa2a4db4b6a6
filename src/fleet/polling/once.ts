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
  /** The whole inventory: its hosts are known, and so not discovered. */
  readonly inventory: Inventory;
  /** The hosts to ask, and to answer with. Left out: all. */
  readonly hosts?: readonly Host[];
  /**
   * Counts for each host from its turn to connect; time in which this process is late does not count. After it, parts
   * of a host that never came are unknown, and late. A host without any whole answer has the failure `timeout`.
   */
  readonly deadlineMs: number;
  /** What earlier watches saw in error logs. */
  readonly earlier?: Earlier;
  /** Ends the waiting at once: the result is then the picture so far. */
  readonly signal: AbortSignal;
  /** Called with the hosts that have neither answered nor failed yet, whenever these change. */
  readonly onHeard?: (waitingFor: readonly string[]) => void;
}

/** Asks for everything but the size of the datadir. Resolves when no probe is left on any host. */
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
  // `stop` also publishes the events that are held back.
  await polling.stop();
  const whole = store.getState();
  const ends = only(whole, asked).hosts.flatMap((host) => {
    if (isMute(host)) return [lateEvent(host, deadlineMs, nowMs())];
    return late.has(host.host) ? untoldEvent(host, deadlineMs) : [];
  });
  // Into the whole picture: a source that was not asked is a host of the inventory all the same.
  return only(folded(whole, ends), asked);
}

/** Failed, or answered fully: the second answer of a session has the remaining parts (agenda.ts). */
const isSettled = ({ link, partAtMs }: HostPicture) =>
  link.state === 'failed' || partAtMs.lvm !== undefined || partAtMs.errorLog !== undefined;

/** The host may have accepted the probe without sending one whole report. */
const isMute = ({ link, partAtMs }: HostPicture) =>
  link.state === 'connecting' || (link.state !== 'failed' && Object.keys(partAtMs).length === 0);

/** Parts that were asked for and did not come. "Not told" is not the same as "none". */
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
