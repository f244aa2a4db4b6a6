// The names that a shell completes, from the inventory and the journal of this account: no host is asked while someone types.
import { existsSync } from 'node:fs';
import { namedCommands } from '../../custom/named.ts';
import type { Host, Inventory } from '../../inventory/settings.ts';
import { jobHome } from '../../job/journal/home.ts';
import type { JobRecord } from '../../job/journal/record.ts';
import { type JobStep, stepsOf } from '../../job/steps-of.ts';
import { namedBy } from '../../scripts/snapshot-words.ts';
import { removeSnapshot } from '../../snapshot/remove-snapshot.ts';
import { takeSnapshot } from '../../snapshot/take-snapshot.ts';
import { inJobStore } from '../jobs/job-store.ts';

const newestJobs = 200;

/**
 * `argument`: as the help of a verb has it, `host`, `id`. `before`: the arguments that are there already. Empty: there is nothing to complete, or
 * that can't be read.
 */
export function namesFor(
  argument: string,
  before: readonly string[],
  inventory: Pick<Inventory, 'hosts' | 'schedules' | 'rules' | 'notify'> | undefined,
): readonly string[] {
  const { hosts = [], schedules = [], rules = [], notify = [] } = inventory ?? {};
  const all = (names: readonly { readonly name: string }[]) => names.map(({ name }) => name);
  switch (argument) {
    case 'host':
    case 'donor':
    case 'target':
      return all(hosts).filter((name) => !before.includes(name));
    case 'id':
      return jobs().map(({ id }) => String(id));
    case 'snapshot':
      return snapshotsOf(before[0]);
    case 'command':
      return hosts.filter(({ name }) => name === before[0]).flatMap((host) => all(namedCommands(host)));
    case 'schedule':
      return all(schedules);
    case 'rule':
      return all(rules);
    case 'receiver':
      return all(notify);
    case 'cluster':
    case 'datacenter':
      return [...new Set(hosts.flatMap((host: Host) => host[argument] ?? []))];
    default:
      return [];
  }
}

/** The newest first. */
function jobs(): readonly JobRecord[] {
  if (!existsSync(jobHome(process.env).journal)) return [];
  const found = inJobStore(({ journal }) => journal.jobs(newestJobs));
  return typeof found === 'string' ? [] : found;
}

/** Those that jobs of this account took of the host, and did not remove: another program may have. The newest first. */
function snapshotsOf(host: string | undefined): readonly string[] {
  const of = jobs().filter(({ plan }) => host !== undefined && plan.hosts.includes(host));
  const named = (steps: readonly JobStep[]) =>
    steps
      .flatMap(({ planned: { commands } }) => commands.remove ?? commands.run ?? [])
      .map(({ args }) => namedBy(args).volume);
  const taken = of.flatMap((job) => stepsOf(job, takeSnapshot, host).filter(({ made }) => made === 'kept'));
  const removed = of.flatMap((job) =>
    stepsOf(job, removeSnapshot, host).filter(({ record }) => record.state === 'done'),
  );
  const gone = new Set(named(removed));
  return named(taken).filter((name) => !gone.has(name));
}
