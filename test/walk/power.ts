// A practice host's power, for a walk. `drill heal` waits for a server, and the start of a target's server may be
// blocked.
import { requireHostNamed } from '../../src/drill/hosts.ts';
import { withLock } from '../../src/drill/lock.ts';
import { cutPower } from '../../src/drill/machine/machine.ts';
import { tellSerial } from '../../src/drill/machine/serial.ts';
import { silentProgress } from '../../src/drill/progress.ts';
import { requireHost, requireState } from '../../src/drill/state.ts';
import { startHost } from '../../src/drill/up.ts';
import { testPlaces } from '../fleet/fleet.ts';

export async function pullPlug(host: string): Promise<void> {
  await withLock(testPlaces.state, silentProgress, async () => {
    await cutPower(requireHost(await requireState(testPlaces), host));
  });
}

/** Waits until a login works, and all services that start by themselves have started, or were kept from it. */
export async function switchOnAgain(host: string): Promise<void> {
  await withLock(testPlaces.state, silentProgress, async () => {
    await startHost(testPlaces, await requireState(testPlaces), requireHostNamed(host), silentProgress);
  });
  await tellSerial(testPlaces, requireHostNamed(host), booted, 120_000);
}

const booted = `
until systemctl is-active --quiet drill-setup ssh; do sleep 0.2; done
until [ -z "$(systemctl list-jobs --no-legend)" ]; do sleep 0.2; done`;
