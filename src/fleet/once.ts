// Asks every host once: the live picture for a verb that wants one answer.
import { setTimeout as after } from 'node:timers/promises';
import type { Host, Inventory } from '../inventory/settings.ts';
import type { RemoteFailure } from '../remote/failure.ts';
import type { FleetPicture, HostPicture } from './picture.ts';
import { type PollingOptions, startPolling } from './poller.ts';
import { createFleetStore, type FleetEvent, folded, only } from './store.ts';

export interface OnceOptions extends Omit<PollingOptions, 'inventory' | 'store'> {
  /** The whole of it: who is known, and so no discovery. */
  readonly inventory: Inventory;
  /** Those that are asked, and that the answer has. Left out: all. */
  readonly hosts?: readonly Host[];
  /** What has not answered by then is left as it is; a host that said nothing at all has the failure `timeout`. */
  readonly deadlineMs: number;
  /** Ends the waiting at once: the picture is then what has come so far. */
  readonly signal: AbortSignal;
}

/** Everything but the size of the datadir. Resolves when no probe is left on any host. */
export async function askOnce({
  inventory,
  hosts: asked = inventory.hosts,
  deadlineMs,
  signal,
  ...options
}: OnceOptions): Promise<FleetPicture> {
  const { nowMs = Date.now } = options;
  const store = createFleetStore(inventory, nowMs());
  const complete = Promise.withResolvers<void>();
  const unsubscribe = store.subscribe((picture) => {
    if (only(picture, asked).hosts.every(isSettled)) complete.resolve();
  });
  if (asked.length === 0) complete.resolve();
  const polling = startPolling({ ...options, inventory: { hosts: asked }, store });
  const over = new AbortController();
  const until = AbortSignal.any([signal, over.signal]);
  const deadline = after(deadlineMs, undefined, { signal: until }).catch(() => undefined);
  await Promise.race([complete.promise, deadline]);
  over.abort();
  unsubscribe();
  const picture = only(store.getState(), asked);
  await polling.stop();
  return folded(
    picture,
    picture.hosts.filter(isMute).map((host) => lateEvent(host, deadlineMs, nowMs())),
  );
}

/** Away, or heard to the end: the second of a session's answers has the rest of what there is (agenda.ts). */
const isSettled = ({ link, partAtMs }: HostPicture) =>
  link.state === 'failed' || partAtMs.lvm !== undefined || partAtMs.errorLog !== undefined;

const isMute = ({ link }: HostPicture) => link.state === 'connecting';

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
