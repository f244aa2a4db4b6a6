// What is at work, as the queue of one inventory sees it. Pure.
import { present } from '../../host/known.ts';
import type { Inventory } from '../../inventory/settings.ts';
import type { JobRecord } from '../../job/journal/record.ts';
import { isRowProof } from '../../proofs/rows/plan.ts';
import type { OpenJob, Place } from '../../schedule/queue.ts';
import { targetOf } from '../hosts/target-of.ts';

/** `stillOf`: why nothing is known to work on a job. */
export function placeOf(
  jobs: readonly JobRecord[],
  inventory: Inventory,
  stillOf: (job: JobRecord) => string | undefined,
): Place {
  return {
    jobs: jobs.map((job): OpenJob => {
      const hosts = job.plan.hosts.flatMap((name) => namesHere(inventory, job, name));
      const common = { words: `job ${job.id} (${job.plan.title})`, ...present('still', stillOf(job)) };
      return isRowProof(job.plan)
        ? { ...common, hosts: [], rowsOf: rowsClusterOf(inventory, hosts[0]) }
        : { ...common, hosts };
    }),
    limits: inventory.scheduleLimits ?? {},
    datacenterOf: (host) => inventory.hosts.find(({ name }) => name === host)?.datacenter,
  };
}

/** Of a replica whose rows are compared; empty: it has none. A host that this inventory lacks stands for itself. */
export function rowsClusterOf({ hosts }: Pick<Inventory, 'hosts'>, replica = ''): string {
  const host = hosts.find(({ name }) => name === replica);
  return host ? (host.cluster ?? '') : replica;
}

/** Two inventories may give two machines the same name, and one machine two. One that this inventory lacks is known by its address. */
function namesHere(inventory: Inventory, { targets }: JobRecord, name: string): readonly string[] {
  const target = targets.find((one) => one.name === name);
  if (!target) return [name];
  const address = addressOf(target);
  const own = inventory.hosts
    .filter((host) => addressOf(targetOf(host, inventory)) === address)
    .map((host) => host.name);
  if (own.length === 0) return [address];
  // Two servers of one machine have one address.
  return own.includes(name) ? [name] : own;
}

const addressOf = ({ host, port }: { readonly host: string; readonly port?: number }) => `${host}:${port ?? ''}`;
