// A journal, a clock, hosts that answer as a test says, and runners that only are recorded: for tests of schedules.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { Inventory } from '../../src/inventory/settings.ts';
import { type JobHome, jobHome } from '../../src/job/journal/home.ts';
import { type Journal, openJournal } from '../../src/job/journal/journal.ts';
import { asJson } from '../../src/job/plan/step-work.ts';
import type { JobStore } from '../../src/operations/jobs/job-store.ts';
import { receiversOf } from '../../src/operations/notify/receivers.ts';
import type { Author, Draft } from '../../src/operations/plans/draft.ts';
import { given, type Result } from '../../src/operations/result.ts';
import { tick } from '../../src/operations/schedules/tick.ts';
import type { RunToPlan, TickEvent, Ticking } from '../../src/operations/schedules/ticking.ts';
import { withdrawUnbegun } from '../../src/operations/schedules/withdraw.ts';
import { inventoryOf } from '../inventory/reading.ts';
import { addJob } from '../job/adding.ts';

export interface Scene {
  readonly store: JobStore & { readonly home: JobHome; readonly journal: Journal };
  /** ISO 8601. */
  at(time: string): void;
  /** What the hosts answer from now on; left out: a plan of one job for the run. */
  answers(plan?: (run: RunToPlan, by: Author) => Promise<Result<Draft>>): void;
  /** One tick; each event as `nightly db2: begun 1`. `only`: a schedule that an operator runs, until the signal. */
  tick(inventory: string, only?: string, signal?: AbortSignal): Promise<readonly string[]>;
  /** Which times are this jump host's, from now on. */
  claims(claim: Ticking['claim']): void;
  /** Ends the jobs that are open. */
  end(state?: 'done' | 'failed'): void;
  nowMs(): number;
  /** Why nothing is known to work on the open jobs. */
  stand(still: string): void;
}

export const path = '/etc/reseed/hosts.yaml';

/** To be called once in a test file. */
export function sceneForEach(): () => Scene {
  let scene: Scene | undefined;
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'reseed-schedule-'));
    scene = openScene(folder);
  });
  afterEach(async () => {
    scene?.store.journal.close();
    await rm(folder, { recursive: true });
  });
  return () => {
    if (!scene) throw new Error('no test runs');
    return scene;
  };
}

export const draftFor = ({ schedule: { act }, hosts }: RunToPlan, by: Author, more: Partial<Draft> = {}): Draft => {
  const all = act.do === 'seed' ? [act.donor, ...hosts] : hosts;
  const plan = { kind: act.do, title: `${act.do} of ${hosts.join(', ')}`, hosts: all, steps: [], destroys: [] };
  return {
    planned: { ok: true, plan },
    key: by.key,
    targets: [],
    who: by.who,
    impact: [],
    name: hosts.join(','),
    ...more,
  };
};

function openScene(folder: string): Scene {
  let still: string | undefined;
  let claim: Ticking['claim'];
  let nowMs = Date.parse('2026-01-01T00:00:00Z');
  const home = jobHome({ XDG_STATE_HOME: folder });
  const journal = openJournal(home.journal, () => nowMs);
  if (!journal) throw new Error('no journal');
  const usual = async (run: RunToPlan, by: Author) => given(draftFor(run, by));
  let plan: (run: RunToPlan, by: Author) => Promise<Result<Draft>> = usual;
  const ticked = async (inventory: Inventory, name?: string, signal?: AbortSignal) => {
    const only = inventory.schedules?.find((one) => one.name === name);
    return await tick({
      ...(only && { only }),
      ...(signal && { signal }),
      ...(claim && { claim }),
      store: { home, journal },
      inventory,
      path,
      nowMs: () => nowMs,
      plan: async (run, by) => {
        const drafted = await plan(run, by);
        const told = receiversOf(inventory.hosts.filter((host) => run.hosts.includes(host.name)));
        return drafted.ok ? given({ ...drafted.value, receivers: told }) : drafted;
      },
      begin: (job) => {
        const { id } = addJob(journal, { ...job, receivers: (job.receivers ?? []).map(asJson) });
        journal.setJob(id, 'running');
        return { id };
      },
      withdraw: (key) => withdrawUnbegun({ home, journal }, key),
      stillOf: () => still,
    });
  };
  return {
    store: { home, journal },
    at: (time) => {
      nowMs = Date.parse(time);
    },
    answers: (next) => {
      plan = next ?? usual;
    },
    tick: async (text, only, signal) => (await ticked(inventoryOf(text), only, signal)).map(eventText),
    claims: (next) => {
      claim = next;
    },
    end: (state = 'done') => {
      for (const { id } of journal.openJobs()) journal.setJob(id, state);
    },
    nowMs: () => nowMs,
    stand: (text) => {
      still = text;
    },
  };
}

const eventText = ({ run, end: { state, job, reason } }: TickEvent) =>
  `${run.schedule} ${run.hosts.join(',')}: ${[state, job, reason].filter((one) => one !== undefined).join(' ')}`;
