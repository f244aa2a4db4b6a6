// What an abort says before it is agreed to: the state that each host ends in, not a list of what the job made.
import { expect, test } from 'vitest';
import { awaitCommand } from '../../src/custom/await-command.ts';
import { startCommand } from '../../src/custom/start-command.ts';
import type { JobRecord, ResourceState, StepState } from '../../src/job/journal/record.ts';
import type { PlannedStep } from '../../src/job/plan/plan.ts';
import { abortSentences, swapsBack } from '../../src/operations/jobs/words/abort-words.ts';
import { olderPlan } from '../../src/seed/older-plans.ts';
import { clearOld } from '../../src/seed/target/clear-old.ts';
import { misnamed } from './misnamed.ts';

/** As format 1 has them: olderPlan() reads them. */
const kinds: Readonly<Record<string, string>> = {
  lock: 'lock',
  snapshot: 'take-snapshot',
  list: 'seed-list',
  copy: 'seed-copy',
  stop: 'stop-server',
  clear: 'seed-command',
  switch: 'seed-command',
  prove: 'prove-data',
  drop: 'seed-command',
};

function seed(states: Readonly<Record<string, StepState>>): JobRecord {
  const step = (name: string, host: string, rest: Partial<PlannedStep> = {}): PlannedStep => {
    return { name, title: name, host, work: kinds[name.split(' ')[0] ?? ''] ?? '', input: {}, commands: {}, ...rest };
  };
  const acquires = (what: string) => ({ acquires: { what, release: 'r', whenDone: 'release' as const } });
  const lane = { lane: 'db5' };
  const steps = [
    step('lock db4', 'db4', acquires('the lock of db4')),
    step('snapshot db4', 'db4', acquires('the snapshot vg0/reseed-1 on db4')),
    step('list', 'db4', acquires("the job's folder /run/reseed/1 on db4")),
    step('copy', 'db4'),
    ...['stop db5', 'clear db5', 'switch db5', 'prove data db5', 'drop db5'].map((name) => step(name, 'db5', lane)),
  ];
  return {
    id: 1,
    key: 'cafe',
    plan: olderPlan({ kind: 'seed', title: 'seed db4 → db5', hosts: ['db4', 'db5'], steps, destroys: [] }),
    targets: [],
    state: 'running',
    who: { account: 'ops', jumpHost: 'jump1' },
    createdMs: 0,
    abortRequested: false,
    steps: steps.map(({ name }) => ({ name, state: states[name] ?? 'waiting' })),
    resources: steps.flatMap(({ name, acquires: made }) =>
      made ? [{ step: name, what: made.what, state: 'held' as const }] : [],
    ),
  };
}
test('of a command of the inventory does not say that nothing was done on its host', () => {
  const custom = { host: 'db3', job: 'cafe', name: 'pin', line: 'pin', words: [], seconds: 9 };
  const steps = [startCommand.plan(custom), awaitCommand.plan(custom)];
  const job = (state: StepState, made?: ResourceState): JobRecord => ({
    ...seed({}),
    plan: { kind: 'run', title: 'run pin on db3', hosts: ['db3'], steps, destroys: [] },
    steps: steps.map(({ name }) => ({ name, state })),
    resources: made ? [{ step: 'start the command pin', what: 'the command pin on db3', state: made }] : [],
  });
  expect(abortSentences(job('waiting'), [])).toEqual(['db3: the command was not started']);
  expect(abortSentences(job('running', 'held'), [])).toEqual([
    'db3: the command is ended, with all that it started; what it did is not undone',
  ]);
});

test('of a delta that takes the files of old data: it is whole until the copy begins, and may be from then on', () => {
  const lent = (states: Record<string, StepState>): JobRecord => {
    const job = seed(states);
    const steps = job.plan.steps.map((step) =>
      step.work === clearOld.kind ? { ...step, input: { taken: true } } : step,
    );
    return { ...job, plan: { ...job.plan, steps } };
  };
  const [, before] = abortSentences(lent({ 'stop db5': 'done', 'clear db5': 'done' }), []);
  expect(before).toBe('db5 keeps its data; its server is started again');
  const [, midst] = abortSentences(lent({ 'stop db5': 'done', 'clear db5': 'done', copy: 'running' }), []);
  expect(midst).toContain('whether its old data was deleted is not known yet. If it was not, it stays');
  const taken = { 'stop db5': 'done', 'clear db5': 'done', copy: 'done' } as const;
  const [, after] = abortSentences(lent(taken), []);
  expect(after).toBe('db5 is left without data: its old data was deleted before the copy');
  const [, inPlace] = abortSentences(lent({ ...taken, 'switch db5': 'running' }), []);
  expect(inPlace).toContain('db5 keeps what is in place of its new data, not proved, and its server stays down');
});

const donor =
  'db4 keeps its data, its server was not touched; what the job made on it is removed; removed: the snapshot vg0/reseed-1 on db4';

test.each<[string, Record<string, StepState>, string]>([
  [
    'during the copy',
    { copy: 'running' },
    'db5 keeps its data; its server was not stopped so far; should the job stop it before the abort, it is started again',
  ],
  ['after the stop', { copy: 'done', 'stop db5': 'done' }, 'db5 keeps its data; its server is started again'],
  [
    'after the swap',
    { 'stop db5': 'done', 'switch db5': 'done' },
    'db5 gets its old data back; its server is started again',
  ],
  ['after the drop', { 'switch db5': 'done', 'drop db5': 'done' }, 'db5 keeps its new data: its old data was deleted'],
])('%s', (_, states, target) => {
  expect(abortSentences(seed(states), [])).toEqual([donor, target]);
});

test('is the same where the names of the steps are those of others: what a step is, its kind says', () => {
  const states: Record<string, StepState> = {
    copy: 'done',
    'stop db5': 'done',
    'clear db5': 'waiting',
    'switch db5': 'done',
  };
  const job = seed(states);
  expect(abortSentences(misnamed(job), [])).toEqual(abortSentences(job, []));
  expect(abortSentences(misnamed(job), [])).toEqual([donor, 'db5 gets its old data back; its server is started again']);
});

test('of a target whose swap was refused before it moved anything, is not said to give the old data back', () => {
  const refused = {
    step: 'switch db5',
    key: 'run',
    code: 3,
    said: 'not looked through. Nothing was moved: see what its disk does',
  };
  const job = seed({ 'stop db5': 'done', 'switch db5': 'failed' });
  expect(abortSentences(job, [refused])[1]).toBe('db5 keeps its data; its server is started again');
});

test.each<[PlannedStep, string]>([
  [
    {
      name: 'applier db4',
      title: 'stop the applier of db4',
      host: 'db4',
      work: 'snapshot-command',
      input: {},
      commands: {},
      acquires: { what: 'the restart of the applier of db4', release: 'start', whenDone: 'release' },
    },
    'its applier, which the job stopped, is started again',
  ],
  [
    {
      name: 'hold db4',
      title: 'block mysql start on db4',
      host: 'db4',
      work: 'seed-hold',
      input: {},
      commands: {},
      acquires: { what: 'the hold on mysql of db4', release: 'free', whenDone: 'release' },
    },
    'its server, whose start the job blocks, stays down and can be started again',
  ],
])('a donor whose server the job holds is not said to be untouched', (step, words) => {
  const job = seed({});
  const held = (state: 'wanted' | 'held' | 'released') => ({
    ...job,
    plan: olderPlan({ ...job.plan, steps: [...job.plan.steps, step] }),
    resources: [...job.resources, { step: step.name, what: step.acquires?.what ?? '', state }],
  });
  for (const state of ['wanted', 'held'] as const) {
    const [said] = abortSentences(held(state), []);
    expect(said).toContain(`db4 keeps its data; ${words}; `);
    expect(said).not.toContain('not touched');
  }
  expect(abortSentences(held('released'), [])[0]).not.toContain('not touched');
});

const ran = (step: string, code?: number) => [{ step, key: 'run', said: '', ...(code !== undefined && { code }) }];
const undecided = 'db5: whether its old data was deleted is not known yet. If it was not,';
const again = 'its server is started again';
const ifDropped = `${undecided} the abort puts it back, and ${again}; if it was, db5 keeps its new data`;
const ifCleared = `${undecided} it stays, and ${again}; if it was, db5 is left without data`;

test.each<[string, Record<string, StepState>, ReturnType<typeof ran>, string]>([
  ['whose runner died before drop ran its command', { 'switch db5': 'done', 'drop db5': 'running' }, [], ifDropped],
  ['whose drop failed', { 'switch db5': 'done', 'drop db5': 'failed' }, ran('drop db5', 1), ifDropped],
  ['whose runner died before clear ran its command', { 'clear db5': 'running' }, [], ifCleared],
  ['whose clear was refused', { 'clear db5': 'failed' }, ran('clear db5', 65), ifCleared],
  [
    'whose clear has run, and its runner died before that was written',
    { 'clear db5': 'running' },
    ran('clear db5', 0),
    'db5 is left without data: its old data was deleted before the copy',
  ],
  [
    'whose old data was deleted to make room, after the swap',
    { 'clear db5': 'done', 'switch db5': 'failed' },
    [],
    'db5 keeps what is in place of its new data, not proved, and its server stays down: its old data was deleted before the copy',
  ],
  [
    'whose old data was deleted to make room, and whose new data was proved',
    { 'clear db5': 'done', 'switch db5': 'done', 'prove data db5': 'done', 'attach db5': 'failed' },
    [],
    'db5 keeps its new data, which was proved, and its server is left as it is: the old data was deleted before the copy. Whether it replicates: reseed status db5',
  ],
])('old data is said to be deleted only where that is known: a job %s', (_, states, commands, target) => {
  expect(abortSentences(seed({ 'stop db5': 'done', ...states }), commands)[1]).toBe(target);
});

test('of a job that could not undo all, after its host has started again, says that the old data takes the place of the new', () => {
  const job = seed({ copy: 'done', 'switch db5': 'done', 'drop db5': 'failed' });
  const steps = job.plan.steps.map((step) =>
    step.name === 'switch db5'
      ? {
          ...step,
          acquires: { what: 'the new data in place of the old on db5', release: 'r', whenDone: 'keep' as const },
        }
      : step,
  );
  const left = [{ step: 'switch db5', what: 'the new data in place of the old on db5', state: 'left' as const }];
  const over: JobRecord = { ...job, state: 'cleanup-needed', plan: { ...job.plan, steps }, resources: left };
  const sentence =
    'db5 gets back the OLD data that it had before the seed; its new data is deleted, also where db5 has started on it since and replicates: reseed status db5 tells';
  expect(abortSentences(over, []).at(-1)).toBe(sentence);
  expect(swapsBack(over)).toEqual([sentence]);
  const cleared = over.steps.map((step) => (step.name === 'clear db5' ? { ...step, state: 'done' as const } : step));
  expect(swapsBack({ ...over, steps: cleared })).toEqual([
    'db5 gets no data back: the old was deleted before the copy. Its server is stopped, and its start blocked, unless the job had proved its new data',
  ]);
  // Nothing of it is left, so no name has to be typed.
  expect(swapsBack({ ...over, resources: [] })).toEqual([]);
  expect(swapsBack({ ...over, state: 'running' })).toEqual([]);
});
