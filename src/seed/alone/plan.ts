// The input for planning a server that replicates from no host after its seed, and what its option files make of it at its next
// start. Pure.
import { atLeast } from '../../snapshot/lock-words.ts';
import type { ServerPlan } from '../replica/plan.ts';
import type { Side } from '../request.ts';

export interface AlonePlan extends ServerPlan {
  /** SET PERSIST may have to set it. */
  readonly eventsBySql: true;
  readonly writable: boolean;
  /** The donor's enabled events run there; otherwise its event scheduler stays off. */
  readonly runsEvents: boolean;
  /** What its next start would read: the first word of each variable in `settled`. Absent: unknown. */
  readonly next: Readonly<Record<string, string>>;
  /** Targets of the job that will replicate from it. */
  readonly members: readonly string[];
}

/** The kind of the step that makes it one (detach.ts): replicas of a set begin where that step leaves their primary. */
export const detachKind = 'detach-server';

const settled = ['read_only', 'super_read_only', 'event_scheduler'] as const;

/** For a running server its program was asked; for one that is down, these are its only values. */
export function nextValues({ facts: { nextStart, variables } }: Pick<Side, 'facts'>): Readonly<Record<string, string>> {
  const from = nextStart ? (nextStart.values ?? {}) : variables;
  return Object.fromEntries(settled.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]]])));
}

/** A setting that the server is to have after the seed. */
export interface Wanted {
  readonly name: (typeof settled)[number];
  readonly value: 'ON' | 'OFF';
  /** What its option files, or SET PERSIST, would make of it at its next start; `?`: unknown. */
  readonly next: 'ON' | 'OFF' | '?';
}

export function wantedOf({ vendor, writable, runsEvents, eventsOff, next }: AlonePlan): Wanted[] {
  const readOnly = writable ? 'OFF' : 'ON';
  const all: readonly Pick<Wanted, 'name' | 'value'>[] = [
    { name: 'read_only', value: readOnly },
    ...(vendor === 'mysql' ? [{ name: 'super_read_only', value: readOnly } as const] : []),
    ...(eventsOff && !runsEvents ? [{ name: 'event_scheduler', value: 'OFF' } as const] : []),
  ];
  return all.map((one) => ({ ...one, next: onOrOff(next[one.name]) }));
}

/** Those that its next start would have otherwise. */
export const unlikeNext = (plan: AlonePlan): Wanted[] => wantedOf(plan).filter(({ value, next }) => value !== next);

/** MySQL 8.0 and later; others have only option files. */
export const hasPersist = ({ vendor, version }: Pick<AlonePlan, 'vendor' | 'version'>): boolean =>
  vendor === 'mysql' && atLeast(version, [8]);

function onOrOff(value: string | undefined): Wanted['next'] {
  if (value === undefined) return '?';
  return isOff(value) ? 'OFF' : 'ON';
}
export const isOff = (value: string): boolean => /^(OFF|0|FALSE|NO|DISABLED)$/i.test(value);

export const aloneText = ({ writable, members }: Pick<AlonePlan, 'writable' | 'members'>): string => {
  const followed = members.length > 0 ? `; ${members.join(', ')} will replicate from it` : '';
  return `will replicate from no host, and ${writable ? 'take writes' : 'be read-only'}${followed}`;
};
