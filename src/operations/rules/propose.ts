// What a rule proposes for a host: the best donor, and the finished plan. Nothing happens on any host; a person carries it out.
import type { FleetPicture } from '../../fleet/picture.ts';
import type { Inventory, Rule } from '../../inventory/settings.ts';
import { shownWord } from '../../remote/call/quote.ts';
import { candidatesFor } from '../../seed/methods/candidates.ts';
import { author } from '../jobs/job-store.ts';
import { graveSentences } from '../plans/draft.ts';
import type { Past } from '../plans/past.ts';
import { refusalText } from '../result.ts';
import { planRun } from '../schedules/plan-run.ts';
import { seenOf } from '../seed/seen.ts';

export interface Proposal {
  readonly host: string;
  readonly rule: string;
  /** What an operator types for it; absent: there is none. */
  readonly command?: string;
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
  const seen = picture.hosts.map((host) => seenOf(host, past));
  const target = seen.find(({ host }) => host.name === name);
  const by = { host: name, rule: rule.name };
  if (!target) return { ...by, title: 'no recovery is planned', lines: [`${name} was not asked`] };
  const { candidates, unfit } = candidatesFor(target, seen);
  const best = candidates.find(({ method }) => rule.method === undefined || method.name === rule.method);
  if (!best) {
    const lines = unfit.map(({ host, why }) => `${host.name}: ${why}`);
    return { ...by, title: 'no recovery is planned: there is no good donor', lines };
  }
  const { donor } = best;
  const method = rule.method ?? best.method.name;
  const command = `reseed seed ${shownWord(donor.name)} ${shownWord(name)} --method ${method}`;
  const act = { do: 'seed', donor: donor.name, method } as const;
  const schedule = { name: rule.name, cron: '', hosts: [name], act, allow: {} };
  const drafted = await plan(inventory, { schedule, hosts: [name] }, author(), signal);
  if (!drafted.ok)
    return { ...by, title: `no recovery is planned from ${donor.name}`, lines: [refusalText(drafted.refusal)] };
  const { planned } = drafted.value;
  if (!planned.ok) {
    return { ...by, title: `no recovery is planned from ${donor.name}`, lines: [planned.message, planned.advice] };
  }
  return {
    ...by,
    command,
    title: `recovery is planned: ${planned.plan.title}`,
    lines: [...graveSentences(planned.plan, drafted.value), command],
  };
}
