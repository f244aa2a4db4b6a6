// The poller with the real probe, on this machine: no server runs here, and all else is asked as on a host.
import { expect, test } from 'vitest';
import { startPolling } from '../../src/fleet/polling/poller.ts';
import { createFleetStore } from '../../src/fleet/store.ts';
import { openRemotes } from '../../src/remote/open.ts';
import { scriptText } from '../../src/scripts/script.ts';
import { hostNamed, inventoryFrom } from './pictures.ts';

test('a poll of this machine fills its picture, continues, and leaves no probe behind', async () => {
  const inventory = inventoryFrom('hosts: { here: { sudo: false, ssh: { transport: local } } }');
  const store = createFleetStore(inventory, Date.now());
  const remotes = openRemotes({ environment: process.env });
  const polling = startPolling({
    inventory,
    open: ({ name, ssh: { host }, sudo }) => remotes.open({ name, host, transport: 'local', sudo }),
    script: await scriptText('probe'),
    store,
    intervalMs: 200,
  });
  const here = () => hostNamed(store.getState(), 'here');
  await expect.poll(() => here().partAtMs.errorLog, { timeout: 60_000 }).toBeDefined();
  const { report, link, partAtMs } = here();
  expect(link).toEqual({ state: 'answering' });
  expect(report.system).toMatchObject({ ok: true, value: { cpus: expect.any(Number) } });
  expect(report.datadirSize).toBeUndefined();
  await expect.poll(() => here().partAtMs.system ?? 0, { timeout: 60_000 }).toBeGreaterThan(partAtMs.system ?? 0);

  polling.pollNow('here', ['datadirSize']);
  await expect.poll(() => here().report.datadirSize, { timeout: 60_000 }).toBeDefined();
  await polling.stop();
  await remotes.close();
  const stopped = store.getState();
  expect(hostNamed(stopped, 'here').link).toEqual({ state: 'answering' });
});
