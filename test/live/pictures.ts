// Pictures for the tests of the live fleet: from an inventory's text, and from reports recorded on the practice fleet.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FleetPicture, HostPicture } from '../../src/fleet/picture.ts';
import { createFleetStore, type FleetEvent, folded } from '../../src/fleet/store.ts';
import type { HostReport } from '../../src/host/facts.ts';
import { parseInventory } from '../../src/inventory/inventory.ts';
import type { Inventory } from '../../src/inventory/settings.ts';

export function inventoryFrom(text: string): Inventory {
  const read = parseInventory(text, { fileName: 'hosts.yaml', environment: { HOME: '/root' } });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.inventory;
}

export const inventoryOf = (...names: string[]): Inventory =>
  inventoryFrom(`hosts:\n${names.map((name) => `  ${name}: {}`).join('\n')}`);

/** The sample inventory; it is the practice fleet's. */
export const practiceInventory = (): Inventory =>
  inventoryFrom(readFileSync(join(import.meta.dirname, '../../hosts.yaml'), 'utf8'));

interface Recorded {
  readonly at: string;
  readonly hosts: readonly {
    readonly host: string;
    readonly facts: HostReport;
  }[];
}

/** What `reseed status --json` printed on the practice fleet, recorded. */
export function recorded(name: 'up' | 'trouble'): {
  readonly atMs: number;
  readonly reports: ReadonlyMap<string, HostReport>;
} {
  const path = join(import.meta.dirname, `../fixtures/fleet/${name}.json`);
  const { at, hosts } = JSON.parse(readFileSync(path, 'utf8')) as Recorded;
  return { atMs: Date.parse(at), reports: new Map(hosts.map(({ host, facts }) => [host, withoutTimes(facts)])) };
}

const bare = ({ at: _, ...fact }: { readonly at?: string }) => fact;

/** A printed fact has the time at which it came; a report has none. */
function withoutTimes(facts: HostReport): HostReport {
  return Object.fromEntries(Object.entries(facts).map(([part, fact]) => [part, bare(fact)])) as HostReport;
}

/** The picture after these reports, of hosts that are watched since then. */
export function pictureOf(name: 'up' | 'trouble', inventory: Inventory = practiceInventory()): FleetPicture {
  const { atMs, reports } = recorded(name);
  const events = [...reports].map(([host, report]): FleetEvent => ({ kind: 'report', host, report, atMs }));
  return folded(createFleetStore(inventory, atMs).getState(), events);
}

export function hostNamed({ hosts }: FleetPicture, name: string): HostPicture {
  const found = hosts.find(({ host }) => host.name === name);
  if (!found) throw new Error(`there is no ${name}`);
  return found;
}
