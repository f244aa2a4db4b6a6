// Hosts of the practice fleet as a seed sees them: their reports and facts as they were recorded.

import { readFileSync } from 'node:fs';
import type { HostReport } from '../../src/host/facts.ts';
import { readSeedFacts, type SeedFacts } from '../../src/seed/facts.ts';
import { lvmSnapshot } from '../../src/seed/methods/lvm-snapshot/lvm-snapshot.ts';
import type { SeedRequest, Side } from '../../src/seed/request.ts';
import { practiceInventory, recorded } from '../live/pictures.ts';

export function side(name: string, facts: Partial<SeedFacts> = {}, report: Partial<HostReport> = {}): Side {
  const host = practiceInventory().hosts.find((one) => one.name === name);
  const told = recorded('up').reports.get(name);
  if (!host || !told) throw new Error(`nothing recorded of ${name}`);
  return {
    host,
    report: { ...told, ...report },
    facts: { ...factsOf(name), listener: { state: 'open', why: '' }, ...facts },
  };
}

/** `odd` was db5 with its tables elsewhere and strange files, `down` db2 with its server stopped. */
export function factsOf(name: string): SeedFacts {
  const read = readSeedFacts(readFileSync(new URL(`../fixtures/seed/facts-${name}.txt`, import.meta.url), 'utf8'));
  if (!read) throw new Error(`nothing recorded of ${name}`);
  return read;
}

/** db2 with its server down, as it was recorded. */
export function stopped(): Side {
  const { service } = side('db2').report;
  const down = { ok: false, why: 'it is down' } as const;
  if (!service?.ok) throw new Error('no service recorded');
  const { pid: _, ...rest } = service.value;
  const value = { ...rest, state: 'inactive', subState: 'dead' };
  return side('db2', factsOf('down'), { service: { ok: true, value }, server: down, replication: down });
}

const others = () =>
  practiceInventory().hosts.flatMap((host) => {
    const report = recorded('up').reports.get(host.name);
    return report ? [{ host, report }] : [];
  });

export function request(donor: Side, targets: readonly Side[], more: Partial<SeedRequest> = {}): SeedRequest {
  return {
    donor,
    targets,
    method: lvmSnapshot,
    others: others(),
    keepSnapshot: false,
    compression: 'auto',
    clear: false,
    job: '9f3a4c21',
    who: { account: 'ops', jumpHost: 'jump1' },
    nowMs: Date.UTC(2026, 10, 22, 19, 30, 47),
    ...more,
  };
}
