// What a rule proposes for a host: the best donor, and the finished plan. Nothing happens on any host.
import type { FleetPicture, HostPicture } from '../../fleet/picture.ts';
import type { Inventory, Rule } from '../../inventory/settings.ts';
import type { Message } from '../../notify/message.ts';
import { shownWord } from '../../remote/call/quote.ts';
import type { Candidate } from '../../seed/methods/candidate.ts';
import { candidatesFor } from '../../seed/methods/candidates.ts';
import { areRelated } from '../../seed/replica/source/followed.ts';
import { author } from '../jobs/job-store.ts';
import { type Draft, graveSentences } from '../plans/draft.ts';
import type { Past } from '../plans/past.ts';
import { refusalText } from '../result.ts';
import { planRun } from '../schedules/plan-run.ts';
import { seenOf } from '../seed/seen.ts';

/** The donor's name, and that of the method. */
export type Recovery = NonNullable<Message['recovery']>;

export interface Proposal {
  readonly host: string;
  readonly rule: string;
  /** Absent: there is no plan. */
  readonly recovery?: Recovery;
  /** Its plan, as it can be begun. */
  readonly draft?: Draft;
  readonly title: string;
  /** What its plan would destroy or break, or why there is none. Clean. */
  readonly lines: readonly string[];
}

interface Proposing {
  readonly inventory: Inventory;
  readonly picture: FleetPicture;
  readonly past: Past;
  readonly signal: AbortSignal;
}

export async function propose(rule: Rule, name: string, proposing: Proposing, plan = planRun): Promise<Proposal> {
  const { inventory, picture, past, signal } = proposing;
  const shown = picture.hosts.find(({ host }) => host.name === name);
  const seen = picture.hosts.map((host) => seenOf(host, past));
  const target = seen.find(({ host }) => host.name === name);
  const by = { host: name, rule: rule.name };
  if (!target || !shown) return { ...by, title: 'no recovery is planned', lines: [`${name} was not asked`] };
  const whyNot = whyNoReplica(shown, picture);
  if (whyNot !== undefined) return { ...by, title: 'no recovery is planned', lines: [whyNot] };
  const { candidates, unfit } = candidatesFor(target, seen);
  const { cluster } = target.host;
  const related = new Set(
    seen
      .filter((one) => (cluster !== undefined && one.host.cluster === cluster) || areRelated(one, target, seen))
      .map(({ host }) => host.name),
  );
  const isFit = ({ method }: (typeof candidates)[number]) => rule.method === undefined || method.name === rule.method;
  const fit = candidates.filter((one) => related.has(one.donor.name) && isFit(one));
  const best = (rule.auto && fit.find(isReplica)) ?? fit[0];
  if (!best) {
    const strange = candidates.map(({ donor }) => donor).filter((donor) => !related.has(donor.name));
    const lines = [
      ...unfit.map(({ host, why }) => `${host.name}: ${why}`),
      ...[...new Set(strange)].map(
        (donor) => `${donor.name}: whether it has the data of ${name} is not known: give both the same cluster`,
      ),
    ];
    return { ...by, title: 'no recovery is planned: there is no good donor', lines };
  }
  const { donor } = best;
  const method = rule.method ?? best.method.name;
  const command = `reseed seed ${shownWord(donor.name)} ${shownWord(name)} --method ${method}`;
  const act = { do: 'seed', donor: donor.name, method } as const;
  const schedule = { name: rule.name, cron: '', hosts: [name], act, allow: {} };
  const own = author();
  const who = { ...own.who, rule: rule.name };
  const drafted = await plan(inventory, { schedule, hosts: [name] }, { ...own, who }, signal);
  if (!drafted.ok)
    return { ...by, title: `no recovery is planned from ${donor.name}`, lines: [refusalText(drafted.refusal)] };
  const { planned } = drafted.value;
  if (!planned.ok) {
    return { ...by, title: `no recovery is planned from ${donor.name}`, lines: [planned.message, planned.advice] };
  }
  return {
    ...by,
    recovery: { donor: donor.name, method },
    draft: drafted.value,
    title: `recovery is planned: ${planned.plan.title}`,
    lines: [...graveSentences(planned.plan, drafted.value), command],
  };
}

/** Only such a donor gives its data without a person: no primary, and no server that is down. */
const isReplica = ({ takesWrites, method, lag }: Candidate) =>
  !takesWrites && method.donorRuns && lag.kind === 'behind';

/** Whether the donor of a plan that was made before can still give its data in that way, by this look. */
export function canStillGive({ donor, method }: Recovery, name: string, { hosts }: FleetPicture, past: Past): boolean {
  const seen = hosts.map((host) => seenOf(host, past));
  const target = seen.find(({ host }) => host.name === name);
  const { candidates = [] } = target ? candidatesFor(target, seen) : {};
  return candidates.some((one) => one.donor.name === donor && one.method.name === method);
}

/**
 * A primary is not seeded from its replicas: what it had and they did not have yet would be lost. A server that does not answer does not tell
 * what it is; the others of its cluster may.
 */
function whyNoReplica({ host, report, replicas }: HostPicture, { hosts }: FleetPicture): string | undefined {
  if (report.replication?.ok && report.replication.value.channels.length > 0) return undefined;
  if (replicas.length > 0) return `${host.name} is a primary: its replicas are ${replicas.join(', ')}`;
  const isMate = (one: HostPicture) => host.cluster !== undefined && one.host.cluster === host.cluster;
  return hosts.some((one) => one.host.name !== host.name && isMate(one) && one.role === 'primary')
    ? undefined
    : `whether ${host.name} is a replica is not known: it does not answer, and its cluster has no other primary`;
}
