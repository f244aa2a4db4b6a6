// Which hooks run at a place of a job: those of its hosts, each once, with their arguments and the host they run on. Pure.
import { hostValues } from '../custom/arguments.ts';
import { unfilled } from '../custom/plan.ts';
import type { HostReport } from '../host/facts.ts';
import { filled } from '../inventory/placeholders.ts';
import type { HookPoint, Host } from '../inventory/settings.ts';
import type { Who } from '../job/journal/record.ts';
import type { Plan } from '../job/plan/plan.ts';
import { type Planned, readOnlyRefusal, refusal } from '../job/plan/refusal.ts';
import type { RemoteTarget } from '../remote/remote.ts';
import { hooksAt, type NamedHook } from './named.ts';
import { jumpName } from './run-here.ts';

export interface HookSide {
  readonly host: Host;
  readonly report: HostReport;
  /** `host`: of a job without donor and targets. */
  readonly role: 'donor' | 'target' | 'host';
}

/** A job that is planned, and what is known of it. */
export interface HookedJob {
  readonly plan: Plan;
  readonly sides: readonly HookSide[];
  /** A host of the inventory, and how it is reached. */
  readonly reach: (name: string) => { readonly host: Host; readonly target: RemoteTarget } | undefined;
  readonly key: string;
  readonly who: Who;
  readonly method?: string;
  /** `vg0/reseed-1`: an existing snapshot that is given. */
  readonly snapshot?: string;
  readonly dataBytes?: number;
  /** The file that tells of a hook on this machine that it has begun. */
  readonly mark: (number: number) => string;
}

export interface Occasion {
  readonly point: HookPoint;
  readonly lane: string | undefined;
  /** The hosts whose hooks run. */
  readonly hosts: readonly string[];
}

export interface HookRun extends Omit<Occasion, 'hosts'> {
  readonly hook: NamedHook;
  /** The hosts that have it, with the same arguments. */
  readonly for: readonly string[];
  /** A host, or jumpName. */
  readonly place: string;
  readonly words: readonly string[];
}

export type Runs = { readonly ok: true; readonly runs: readonly HookRun[] } | Extract<Planned, { ok: false }>;

export function runsAt(job: HookedJob, { point, lane, hosts }: Occasion): Runs {
  const found = new Map<string, HookRun>();
  const sides = job.sides.filter((side) => hosts.includes(side.host.name));
  for (const [hook, side] of sides.flatMap((one) => hooksAt(one.host, point).map((hook) => [hook, one] as const))) {
    const given = filled(hook, hostValues(side.host, side.report));
    if (!given.ok) return unfilled(`hooks.${hook.name}`, side.host, given.unknown);
    const places = placesOf(hook, side, job, lane);
    const readOnly = readOnlyPlace(hook, places, job);
    if (readOnly) return readOnly;
    for (const place of places) {
      const key = JSON.stringify([hook, place, given.words]);
      const others = found.get(key)?.for ?? [];
      found.set(key, { point, lane, hook, place, words: given.words, for: [...others, side.host.name] });
    }
  }
  return { ok: true, runs: [...found.values()] };
}

/** `target` of a hook that a target has is that target; of one that only the donor has, all of them. */
function placesOf(
  { on, name }: NamedHook,
  { host, role }: HookSide,
  { sides }: HookedJob,
  lane: string | undefined,
): readonly string[] {
  if (on === 'jump') return [jumpName];
  if (typeof on === 'object') return [on.host];
  if (role === 'host' || role === on) return [host.name];
  if (on === 'target' && lane !== undefined) return [lane];
  const others = sides.filter((side) => side.role === on);
  return others.filter((side) => on === 'donor' || !side.host.hooks[name]).map((side) => side.host.name);
}

function readOnlyPlace({ name }: NamedHook, places: readonly string[], { reach }: HookedJob) {
  for (const place of places.filter((one) => one !== jumpName)) {
    const reached = reach(place);
    if (!reached) return refusal(`how ${place} is reached, where the hook ${name} runs, is not known`, '');
    const refused = readOnlyRefusal(reached.host);
    if (refused) return refusal(`the hook ${name} runs on ${place}: ${refused.message}`, refused.advice);
  }
  return undefined;
}
