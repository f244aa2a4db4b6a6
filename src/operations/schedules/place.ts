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
    jobs: jobs.map(
      (job): OpenJob => ({
        words: `job ${job.id} (${job.plan.title})`,
        // It only reads, for hours, and holds no host.
        hosts: isRowProof(job.plan) ? [] : job.plan.hosts.flatMap((name) => namesHere(inventory, job, name)),
        ...present('still', stillOf(job)),
      }),
    ),
    limits: inventory.scheduleLimits ?? {},
    datacenterOf: (host) => inventory.hosts.find(({ name }) => name === host)?.datacenter,
  };
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
