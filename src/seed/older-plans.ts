// Reads plans of format 1 and of builds before formats. There, many steps were one kind (`seed-command`,
// `snapshot-command`), commands for a target had its name after their keys (`start db3`), and coordinates were found by
// a step's name. Releases always use the recorded commands, whatever this converts.
import { lanesOf } from '../job/lanes.ts';
import type { Commands, Json, Plan, PlannedStep } from '../job/plan/plan.ts';

export const olderPlan = (plan: Plan): Plan => ({ ...plan, steps: plan.steps.map((step) => olderStep(plan, step)) });

function olderStep(plan: Plan, step: PlannedStep): PlannedStep {
  const work = kindNow(step);
  const targets = plan.hosts.filter((host) => lanesOf(plan).includes(host));
  return {
    ...step,
    work,
    input: inputNow(plan, work, step.input),
    ...(overChannels.has(work) && { targetCommands: ofTargets(targets, step.commands) }),
  };
}

/** Their names began with the kind; the rest is a host, a unit or a snapshot. */
const kindsByName: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'seed-command': {
    remember: 'seed-remember',
    prepare: 'seed-prepare',
    'hold back': 'seed-hold-back',
    hold: 'seed-block-start',
    note: 'seed-note-replication',
    clear: 'seed-clear',
    switch: 'seed-swap',
    free: 'seed-free-start',
    drop: 'seed-drop',
    proof: 'seed-prove-still',
  },
  'snapshot-command': {
    applier: 'stop-applier',
    mount: 'mount-snapshot',
    unmount: 'unmount-snapshot',
    remove: 'remove-snapshot',
  },
};

function kindNow({ work, name, lane }: PlannedStep): string {
  if (work === 'seed-begin') return 'seed-sums';
  if (work === 'start-server' && lane !== undefined) return 'seed-start';
  const [, kind = work] = Object.entries(kindsByName[work] ?? {}).find(([word]) => name.startsWith(`${word} `)) ?? [];
  return kind;
}

function inputNow({ steps }: Plan, work: string, input: PlannedStep['input']): PlannedStep['input'] {
  const kindOf = (name: Json | undefined): Json => steps.find((step) => step.name === name)?.work ?? '';
  const attached = (one: PlannedStep['input']) =>
    'coordinatesOf' in one ? { ...one, coordinatesOf: kindOf(one.coordinatesOf) } : one;
  if (work === 'prove-files' || work === 'seed-remember') return {};
  if (!isObject(input.sources)) return attached(input);
  const sources = Object.entries(input.sources).map(([target, one]) => [target, isObject(one) ? attached(one) : one]);
  return { ...input, sources: Object.fromEntries(sources) };
}

const isObject = (json: Json | undefined): json is { readonly [key: string]: Json } =>
  typeof json === 'object' && json !== null && !Array.isArray(json);

const overChannels: ReadonlySet<string> = new Set(['seed-channel', 'seed-copy', 'seed-verify']);

/** `start db3`, and `sources of db3: source`. */
function ofTargets(targets: readonly string[], commands: Commands): Readonly<Record<string, Commands>> {
  const of = (target: string): Commands => {
    const asked = `sources of ${target}: `;
    const own = Object.entries(commands).flatMap(([key, command]) => {
      if (key.startsWith(asked)) return [[key.slice(asked.length), command] as const];
      return key.endsWith(` ${target}`) ? [[key.slice(0, -target.length - 1), command] as const] : [];
    });
    return Object.fromEntries(own);
  };
  return Object.fromEntries(targets.map((target) => [target, of(target)]));
}
