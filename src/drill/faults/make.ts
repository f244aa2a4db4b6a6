// Makes faults on running hosts, and heals them.
import { DrillFailure } from '../failure.ts';
import type { DrillHost } from '../host.ts';
import { withLock } from '../lock.ts';
import { cutPower, machineState, pauseMachine, resumeMachine } from '../machine/machine.ts';
import { tellSerial } from '../machine/serial.ts';
import type { Places } from '../places.ts';
import type { Progress } from '../progress.ts';
import { type FaultRecord, type FleetState, type HostRecord, requireHost, requireState, writeState } from '../state.ts';
import { startHost, waitUntilReady } from '../up.ts';
import { type Fault, faultNamed, readArguments } from './faults.ts';

/** Makes a fault on a host. Records it first, so that a half-made fault can be healed too. */
export async function makeFault(
  places: Places,
  fault: Fault,
  host: DrillHost,
  words: readonly string[],
  progress: Progress,
): Promise<void> {
  const args = readArguments(fault, host, words);
  const impossible = fault.impossible?.(host);
  if (impossible) throw new DrillFailure('refused', `${fault.name} can't be made on ${host.name}: ${impossible}`);
  await withLock(places.state, progress, async () => {
    const state = await requireState(places);
    const record = requireHost(state, host.name);
    await refuseWhenInTheWay(fault, host, record);
    record.faults.push({ name: fault.name, args: [...words] });
    await writeState(places, state);
    await progress.during(`${fault.name} on ${host.name}`, () => makeOn(places, fault, host, record, args));
  });
}

/** Resumes a paused host, and leaves its other faults as they are. */
export async function resumeHost(places: Places, host: DrillHost, progress: Progress): Promise<void> {
  await withLock(places.state, progress, async () => {
    const state = await requireState(places);
    const record = requireHost(state, host.name);
    const at = record.faults.findIndex(({ name }) => name === 'pause');
    if (at < 0) throw new DrillFailure('refused', `${host.name} is not paused`);
    if ((await machineState(record)) === 'paused') resumeMachine(record);
    record.faults.splice(at, 1);
    await writeState(places, state);
  });
}

/** The result for each fault of a host, by name. */
export interface Healed {
  readonly healed: readonly string[];
  /** Faults whose effect was already gone, as after a seed: nothing was done on the host. */
  readonly gone: readonly { readonly fault: string; readonly why: string }[];
}

/** Heals every fault of a host that still has an effect, the last one first. */
export async function healHost(places: Places, host: DrillHost, progress: Progress): Promise<Healed> {
  return withLock(places.state, progress, async () => {
    const state = await requireState(places);
    const healed: string[] = [];
    const gone: { fault: string; why: string }[] = [];
    for (let last = lastFault(state, host); last; last = lastFault(state, host)) {
      const fault = faultNamed(last.name);
      const why = await progress.during(`${fault.name} on ${host.name} healed`, () =>
        heal(places, state, fault, host, progress),
      );
      requireHost(state, host.name).faults.pop();
      await writeState(places, state);
      if (why === undefined) healed.push(fault.name);
      else gone.push({ fault: fault.name, why });
    }
    return { healed, gone };
  });
}

const lastFault = (state: FleetState, host: DrillHost): FaultRecord | undefined =>
  requireHost(state, host.name).faults.at(-1);

async function refuseWhenInTheWay(fault: Fault, host: DrillHost, record: HostRecord): Promise<void> {
  const machine = await machineState(record);
  const heal = `take that back first: reseed drill heal ${host.name}`;
  if (record.faults.some(({ name }) => name === fault.name)) {
    throw new DrillFailure('refused', `${fault.name} was made on ${host.name} already`, heal);
  }
  if (machine === 'off') throw new DrillFailure('refused', `${host.name} is off`, heal);
  if (machine === 'paused' && fault.acts.on === 'host')
    throw new DrillFailure('refused', `${host.name} is paused`, heal);
}

async function makeOn(
  places: Places,
  fault: Fault,
  host: DrillHost,
  record: HostRecord,
  args: string[],
): Promise<void> {
  if (fault.acts.on === 'power') await cutPower(record);
  else if (fault.acts.on === 'clock') pauseMachine(record);
  else {
    const words = fault.words ? fault.words(args) : args;
    await tellSerial(places, host, `/usr/local/lib/drill/${fault.acts.script} make ${words.join(' ')}`, 120_000);
  }
}

/** Undefined if it was healed; otherwise why its effect was gone already. */
async function heal(
  places: Places,
  state: FleetState,
  fault: Fault,
  host: DrillHost,
  progress: Progress,
): Promise<string | undefined> {
  const record = requireHost(state, host.name);
  const wasOff = (await machineState(record)) === 'off';
  if (wasOff) await startAgain(places, state, host, progress);
  if (fault.acts.on === 'clock' && !wasOff) resumeMachine(record);
  if (fault.acts.on !== 'host' || (wasOff && fault.volatile)) return undefined;
  const said = await tellSerial(places, host, `/usr/local/lib/drill/${fault.acts.script} heal`, 180_000);
  const why = /^gone: (.*)$/m.exec(said)?.[1];
  if (why !== undefined || !fault.restartToHeal) return why;
  await cutPower(requireHost(state, host.name));
  await startAgain(places, state, host, progress);
  return undefined;
}

/** Starts the machine again with the disks it has. Waits for its server unless a fault other than the last may keep it down. */
async function startAgain(places: Places, state: FleetState, host: DrillHost, progress: Progress): Promise<void> {
  await startHost(places, state, host, progress);
  const others = requireHost(state, host.name).faults.slice(0, -1);
  const staysDown = others.some(({ name }) => faultNamed(name).acts.on === 'host');
  if (staysDown) await tellSerial(places, host, 'true', 120_000);
  else await waitUntilReady(places, state, [host], progress);
}
