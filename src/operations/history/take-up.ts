// A job of a jump host that is gone is taken up: its hosts refuse whatever its runner may still do, should it wake up. Nothing of the shared
// database is run. Of the job's row, which has to be sealed, the key and the names of its hosts are used, and the hosts themselves tell what the job
// has there. What it left is taken away by a cleaning, which goes by the marks on the host; what it was to do is planned anew.
import type { HistoryDatabase } from '../../history/connection.ts';
import type { OtherName } from '../../history/name.ts';
import { jumpHosts, type OtherJob, sealedJob } from '../../history/read.ts';
import { keyIn } from '../../history/seal.ts';
import type { Host, Inventory } from '../../inventory/settings.ts';
import { fenceHost } from '../../job/fence-step.ts';
import { isOver, type JobRecord } from '../../job/journal/record.ts';
import type { Joined } from '../../job/journal/sharing.ts';
import { whoLine } from '../../job/who.ts';
import { shortDuration } from '../../text/amounts.ts';
import { cleanLine } from '../../text/clean.ts';
import { targetOf } from '../hosts/target-of.ts';
import { author, type JobStore } from '../jobs/job-store.ts';
import { receiversOf } from '../notify/receivers.ts';
import { confirmOf } from '../plans/confirm.ts';
import type { Draft } from '../plans/draft.ts';
import { given, type Refusal, type Result, refused } from '../result.ts';
import { readOnlyHere } from './abort-other.ts';
import { askHistory } from './ask.ts';
import { findJob } from './job-on-hosts.ts';
import { settingsOf } from './joined.ts';

/** A lease is over where its jump host was not heard of for longer: some renewals. By the clock of the database. */
const overMs = 60_000;

/** The plan that takes the job up, or why it may not be. */
export async function draftTakingUp(
  store: JobStore,
  of: OtherName,
  inventory: Pick<Inventory, 'hosts' | 'readOnly'>,
): Promise<Result<Draft>> {
  const joined = store.journal.sharing.joined();
  const path = joined && settingsOf(joined).key;
  if (!joined || path === undefined) {
    const message = `whether ${of.host} wrote the row of its job ${of.id} can't be told: the jump hosts share no key`;
    return refused({
      kind: 'refused',
      message,
      advice: 'key: in history of the inventory, the same on all; without it: reseed clean HOST, for each of its hosts',
    });
  }
  const asked = await askHistory(store, async (database) => await rowOf(database, path, of));
  if (!asked.ok) return asked;
  const { job: found, heardAgoMs } = asked.value;
  const name = `${of.host}:${of.id}`;
  if (!found) return refused({ kind: 'usage', message: `there is no job ${name}`, advice: 'reseed jobs lists them' });
  if ('why' in found) return refused({ kind: 'failed', message: `job ${name}: ${found.why}`, advice: '' });
  const why = whyNot(found, heardAgoMs, inventory);
  if (why) return refused(why);
  const names = hostsOf(found.job);
  const all = inventory.hosts.filter(({ name }) => names.includes(name));
  const hosts = all.filter(({ name, readOnly }) => !readOnly || found.job.plan.hosts.includes(name));
  const readOnly = all.filter((host) => !hosts.includes(host)).map((host) => host.name);
  const there = await findJob(found.job, hosts, inventory, joined.jump);
  return there.ok
    ? given(draftFor(found, { hosts, readOnly, there: there.value, inventory, joined, heardAgoMs }))
    : there;
}

/** Heard of: by what its jump host told of this job, and of itself. */
async function rowOf(database: HistoryDatabase, path: string, of: OtherName) {
  const job = await sealedJob(database, keyIn(path), of);
  const jump = (await jumpHosts(database)).find(({ name }) => name === of.host);
  const ofJob = job && 'job' in job ? [job.heardAgoMs] : [];
  return { job, heardAgoMs: Math.min(...ofJob, ...(jump ? [jump.heardAgoMs] : [])) };
}

function whyNot(
  { job, name, from }: OtherJob,
  heardAgoMs: number,
  inventory: Pick<Inventory, 'hosts' | 'readOnly'>,
): Refusal | undefined {
  const readOnly = readOnlyHere(job, inventory);
  if (readOnly !== undefined) return { kind: 'refused', message: readOnly, advice: '' };
  if (isOver(job.state)) return { kind: 'refused', message: `job ${name} is over: ${job.state}`, advice: '' };
  if (heardAgoMs <= overMs) {
    const heard = `${from} was heard of ${shortDuration(Math.max(0, heardAgoMs))} ago`;
    return {
      kind: 'refused',
      message: `${heard}: job ${name} can be taken up when it was not heard of for ${overMs / 1000} s`,
      advice: `reseed job abort ${name} asks it to end the job; on ${from}: reseed job resume ${job.id}`,
    };
  }
  const missing = hostsOf(job).filter((host) => !inventory.hosts.some(({ name: known }) => known === host));
  if (missing.length > 0) {
    const message = `the inventory here has no ${missing.join(', ')}, where the runner of job ${name} could go on`;
    return { kind: 'refused', message, advice: 'add its hosts, by the names that they have there' };
  }
  if (/^[a-z0-9]{1,40}$/.test(job.key)) return undefined;
  return { kind: 'refused', message: `job ${name} has no key that marks what it made on hosts`, advice: '' };
}

/** Those of its plan, and all others that its commands reach: where a hook runs, or a source that is asked. No host has a name with a slash: that is the jump host itself. */
const hostsOf = ({ plan, targets }: JobRecord): readonly string[] => [
  ...new Set([...plan.hosts, ...targets.map(({ name }) => name).filter((name) => !name.includes('/'))]),
];

interface TakingUp {
  readonly hosts: readonly Host[];
  /** Further ones, which may not be changed from here. */
  readonly readOnly: readonly string[];
  /** A sentence each: what they have of the job. */
  readonly there: readonly string[];
  readonly inventory: Pick<Inventory, 'hosts'>;
  readonly joined: Joined;
  readonly heardAgoMs: number;
}

function draftFor({ job, name, from }: OtherJob, taking: TakingUp): Draft {
  const { hosts, readOnly, there, inventory, joined, heardAgoMs } = taking;
  const { key, who } = author();
  const by = { by: joined.jump, who: `${joined.name} (${whoLine(who)})` };
  const names = hosts.map((host) => host.name);
  const heard = `${from} was last heard of ${shortDuration(heardAgoMs)} ago`;
  return {
    planned: {
      ok: true,
      plan: {
        kind: 'take-up',
        title: cleanLine(`take up job ${name}: ${job.plan.title}`).slice(0, 300),
        hosts: names,
        destroys: [],
        steps: names.map((host) => fenceHost.plan({ host, job: job.key, name, ...by })),
      },
    },
    key,
    who,
    targets: hosts.map((host) => targetOf(host, inventory)),
    name,
    impact: [
      ...there,
      `${heard}. Should its runner wake up, each further command of it is refused on ${names.join(', ')}, and so is its undo`,
      ...readOnly.map((host) => `${host} is read-only here: a command of it is not refused there`),
    ],
    kept: [
      `what the job has made on its hosts. When this is done: ${names.map((host) => `reseed clean ${host}`).join('; ')}. What it was to do is planned anew`,
    ],
    receivers: receiversOf(hosts),
    ...confirmOf(hosts),
  };
}
