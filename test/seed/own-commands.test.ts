// A seed whose data is carried by commands of the inventory: what the plan says of them, and how the steps judge their ends.
import { describe, expect, test } from 'vitest';
import type { StepEnd } from '../../src/job/plan/step-work.ts';
import { carryData } from '../../src/seed/methods/own-commands/carry-data.ts';
import { ownCommands } from '../../src/seed/methods/own-commands/own-commands.ts';
import { startReceiver } from '../../src/seed/methods/own-commands/start-receiver.ts';
import { planSeed } from '../../src/seed/plan-seed.ts';
import { preflight } from '../../src/seed/preflight/preflight.ts';
import type { SeedRequest } from '../../src/seed/request.ts';
import { besideRequest, carried } from './able.ts';
import { side } from './sides.ts';

function stepsOf(asked: SeedRequest) {
  const planned = planSeed(asked, []);
  if (!planned.ok) throw new Error(planned.message);
  return planned.plan.steps;
}
const refusals = (asked: SeedRequest) =>
  preflight(asked)
    .filter(({ level }) => level === 'refuse')
    .map(({ text, advice }) => `${text}; ${advice}`);

describe('a seed by commands.send and commands.receive', () => {
  test('calls them as orchestrator-agent does: (directory, port), and (directory, target host, port)', () => {
    const steps = stepsOf(carried());
    const words = (name: string) => steps.find((one) => one.name === name)?.commands.start?.program?.args;
    expect(words('receive db3')).toEqual([
      'receive',
      'form=line',
      'seconds=86400',
      'look=owned program /opt/receive.sh',
      'argument=/opt/receive.sh',
      'argument=/mnt',
      'argument=21099',
      'port=21099',
      'datadir=/srv/mysql/data',
      'job=9f3a4c21',
      'owner=mysql:mysql',
    ]);
    expect(words('start the command send on db3')?.slice(2)).toEqual([
      'look=owned program /opt/send.sh',
      'argument=/opt/send.sh',
      'argument=/run/reseed/mount/reseed-9f3a4c21-20261122T193047Z',
      'argument=10.77.0.13',
      'argument=21099',
      // That is of hooks.
      'sum=',
    ]);
  });

  test('gives a program of a list the arguments that it names', () => {
    const asked = carried(
      { run: ['/opt/in', '--port={port}', '{directory}', '{cluster}'] },
      { run: ['/opt/out', '{targetHost}:', '{port}', '{targetHost}'] },
    );
    const receive = stepsOf(asked).find(({ name }) => name === 'receive db3');
    expect(receive?.commands.start?.program?.args.slice(5, 9)).toEqual([
      'argument=/opt/in',
      'argument=--port=21099',
      'argument=/mnt',
      'argument=shop',
    ]);
  });

  test('starts the receiver first, and stops the server only when all files were compared', () => {
    const names = stepsOf(carried()).map(({ name }) => name);
    const order = ['list', 'sums', 'receive db3', 'start the command send on db3', 'carry', 'verify', 'release donor'];
    expect(names.filter((name) => order.includes(name))).toEqual(order);
    expect(names.indexOf('stop db3')).toBeGreaterThan(names.indexOf('release donor'));
  });

  test('needs a word of the operator for the port that is open to any host, and says so in the plan', () => {
    expect(refusals(carried({ insecure: false }))).toEqual([
      expect.stringMatching(
        /^commands.receive opens port 21099 of db3: any host that reaches it .*write insecure: true/,
      ),
    ]);
    expect(
      preflight(carried())
        .filter(({ level }) => level === 'warn')
        .map(({ text }) => text),
    ).toContainEqual(expect.stringContaining('(agreed to by insecure: true)'));
  });

  test('is refused where it can not work, with what would make it possible', () => {
    expect(refusals(carried({ run: ['/opt/in', '{directory}'] }))).toEqual([
      'commands.receive is not told {port}; write commands: { receive: { run: [PROGRAM, "{directory}", "{port}"] } } for db3',
    ]);
    const asked = carried();
    const [target] = asked.targets;
    if (!target) throw new Error('no target');
    expect(refusals({ ...asked, donor: { ...asked.donor, host: side('db2').host } })).toContainEqual(
      expect.stringMatching(/^the inventory has no commands.send for db2; write commands/),
    );
    expect(refusals({ ...asked, targets: [target, side('db6')] })).toContainEqual(
      expect.stringMatching(/sends to one target/),
    );
    expect(refusals({ ...asked, channel: 'relay' })).toContainEqual(expect.stringContaining('the channel relay'));
    expect(refusals(besideRequest())).toContainEqual(expect.stringContaining('is given one folder'));
  });

  test('never shares its port with the listener of the job; of one port alone it is refused before anything is made', () => {
    const open = stepsOf(carried()).find(({ name }) => name === 'channel db3');
    expect(open?.targetCommands?.db3?.start?.program?.args).toContain('last=21098');
    const asked = carried();
    const targets = asked.targets.map((one) => {
      const seed = { ...one.host.seed, ports: { first: 21_000, last: 21_000 } };
      return { ...one, host: { ...one.host, seed } };
    });
    expect(refusals({ ...asked, targets })).toContainEqual(expect.stringContaining('seed.ports has port 21000 alone'));
  });

  test('never deletes old data before the copy: that is not resumed, and there would be no data left', () => {
    const asked = carried();
    const targets = asked.targets.map((one) => ({ ...one, facts: { ...one.facts, freeBytes: 1, dataBytes: 2e9 } }));
    expect(refusals({ ...asked, targets, clear: true })).toContainEqual(
      expect.stringContaining("the old can't be deleted before the copy: custom is not resumed after a break"),
    );
    expect(planSeed({ ...asked, targets, clear: true }, [])).toMatchObject({ ok: false });
  });

  test('is offered only where the inventory has both commands', () => {
    const { donor, targets } = carried();
    const seen = ({ host, report }: Pick<typeof donor, 'host' | 'report'>) => ({ host, report, down: false });
    const [target] = targets;
    if (!target) throw new Error('no target');
    expect(ownCommands.gifts(seen(donor), seen(target))).toMatchObject([{ brief: 'own commands' }]);
    expect(ownCommands.gifts(seen(side('db2')), seen(target))).toBe('the inventory has no commands.send for it');
    expect(ownCommands.gifts(seen(donor), seen(side('db3')))).toBe('the inventory has no commands.receive for db3');
  });
});

/** A report of unit.sh: its state, its last line of progress, its log. */
const unit = (state: string, progress = '', log = '') =>
  `${state}\n${progress}\n${Buffer.from(log).toString('base64')}`;

/** The end of a step, with what its commands answer one after the other; the last answer is repeated. */
async function ended(
  kind: typeof carryData | typeof startReceiver,
  answers: Readonly<Record<string, readonly string[]>>,
) {
  const step = stepsOf(carried()).find(({ work }) => work === kind.kind);
  if (!step) throw new Error('no such step');
  const notes: string[] = [];
  const asked = new Map<string, number>();
  const tools = {
    step: { ...step, commands: {} },
    input: step.input,
    signal: new AbortController().signal,
    pause: async () => undefined,
    note: (text: string) => notes.push(text),
    progress: () => undefined,
    resultOf: () => undefined,
    resultsOf: () => new Map(),
    lostLanes: () => ({}),
    run: async (key: string) => {
      const at = asked.get(key) ?? 0;
      asked.set(key, at + 1);
      const all = answers[key] ?? [];
      const stdout = all[Math.min(at, all.length - 1)] ?? '';
      return stdout.startsWith('!')
        ? { ok: false, kind: 'exit', message: stdout.slice(1), advice: '', printed: '' }
        : { ok: true, stdout };
    },
  };
  const end: StepEnd<unknown> = await kind.run(tools as never);
  return { end, notes };
}

describe('the ends of the two commands', () => {
  const settle = ['removed 1 auto.cnf\ncame 12 3400\n'];

  test('both with 0, and all files of the list are there: it is done, and says what was taken away', async () => {
    const { end, notes } = await ended(carryData, {
      'sender poll': [unit('running'), unit('ended 0', '', 'start nc\n')],
      'receiver poll': [unit('running', '100'), unit('ended 0', '3400', 'start nc on port 21099\n')],
      settle,
    });
    expect(end).toEqual({ ok: true });
    // The step is the donor's, and so is the host of each line in its log.
    expect(notes).toEqual([
      'send on db2 | start nc',
      'receive on db3 | start nc on port 21099',
      'removed, since it is not of the data: 1 (auto.cnf)',
      "12 files, 3.3K: each file of the donor's list, with its size",
    ]);
  });

  test.each([
    [
      'the sender failed',
      { 'sender poll': [unit('ended 1', '', 'nc: refused\n')], 'receiver poll': [unit('running')] },
      'send ended with 1 on db2: nc: refused',
    ],
    [
      'the receiver failed',
      { 'sender poll': [unit('running')], 'receiver poll': [unit('ended 2', '', 'tar: x\n')] },
      'receive ended with 2 on db3: tar: x',
    ],
    [
      'the target was restarted',
      { 'sender poll': [unit('running')], 'receiver poll': [unit('absent')] },
      'db3 was restarted after receive was started: whether it ended is not known, and it is not started again',
    ],
    [
      'a file did not come',
      { 'sender poll': [unit('ended 0')], 'receiver poll': [unit('ended 0')], settle: ['!ibdata1 did not come'] },
      'ibdata1 did not come',
    ],
  ])('%s: the seed fails with its words', async (_, answers, message) => {
    expect((await ended(carryData, answers)).end).toMatchObject({ ok: false, message });
  });

  test('the sender is started only when the receiver has its port open', async () => {
    const listens = await ended(startReceiver, {
      start: ['started running'],
      poll: [unit('running'), unit('running', 'listens')],
    });
    expect(listens).toMatchObject({ end: { ok: true }, notes: ['it listens on port 21099'] });
    const fails = await ended(startReceiver, {
      start: ['started running'],
      poll: [unit('ended 1', '', 'nc: in use\n')],
    });
    expect(fails.end).toMatchObject({ ok: false, message: 'receive ended with 1 on db3: nc: in use' });
  });
});
