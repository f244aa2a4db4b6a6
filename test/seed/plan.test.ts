// Plans of seeds, from what hosts of the practice fleet said.

import { describe, expect, test } from 'vitest';
import type { Plan } from '../../src/job/plan/plan.ts';
import { readSeedFacts, type SeedFacts } from '../../src/seed/facts.ts';
import { coldCopy } from '../../src/seed/methods/cold-copy/cold-copy.ts';
import { planSeed } from '../../src/seed/plan-seed.ts';
import { preflight } from '../../src/seed/preflight/preflight.ts';
import type { Side } from '../../src/seed/request.ts';
import { deleteByCommand } from '../../src/seed/target/delete-by-command.ts';
import { printed, stepTools } from '../job/step-tools.ts';
import { factsOf, request, side, stopped } from './sides.ts';
import { wordsOf } from './words-of.ts';

function planOf(...args: Parameters<typeof request>): Plan {
  const requested = request(...args);
  const planned = planSeed(requested, preflight(requested));
  if (!planned.ok) throw new Error(planned.message);
  return planned.plan;
}
const names = (plan: Plan) => plan.steps.map(({ name }) => name);

describe('the plan of a seed', () => {
  test('touches the target only when its new data is there and was compared', () => {
    const order = names(planOf(side('db2'), [side('db3')]));
    const place = (name: string) => order.indexOf(name);
    for (const name of ['hold db3', 'stop db3', 'switch db3']) expect(place(name)).toBeGreaterThan(place('verify'));
    expect(place('hold back db3')).toBeLessThan(place('free db3'));
    expect(place('start db3')).toBeGreaterThan(place('switch db3'));
    expect(order.at(-1)).toBe('drop db3');
  });

  test('takes along when the files of a server that is down changed last: rows that are written there later are not lost', () => {
    const words = (target: ReturnType<typeof side>) =>
      planOf(side('db2'), [target]).steps.find(({ name }) => name === `prepare ${target.host.name}`)?.commands.run
        ?.args;
    expect(words(side('db6', { changedAt: 1_763_800_000 }))).toContain('changed=1763800000');
    expect(words(side('db3', { changedAt: 1_763_800_000 }))).toContain('changed=');
  });

  test('proves the channel before anything is deleted, where there is no room for both', () => {
    const small = side('db3', { freeBytes: 100_000_000, dataBytes: 229_000_000 });
    const plan = planOf(side('db2'), [small], { clear: true });
    const order = names(plan);
    expect(order.indexOf('clear db3')).toBeGreaterThan(order.indexOf('channel db3'));
    expect(order.indexOf('clear db3')).toBeGreaterThan(order.indexOf('stop db3'));
    expect(order.indexOf('clear db3')).toBeLessThan(order.indexOf('copy'));
    expect(plan.destroys).toEqual([
      expect.stringMatching(/218M in \/srv\/mysql\/data, with 2 binary logs \(.*\), on db3 is deleted before the copy/),
    ]);
  });

  test('has commands.deleteDatadir delete old data that is given up, in a view where it can write nothing else', () => {
    const facts = { freeBytes: 100_000_000, dataBytes: 229_000_000, tools: [...factsOf('db3').tools, 'unshare'] };
    const withCommand = (one: Side): Side => ({
      ...one,
      host: { ...one.host, commands: { deleteDatadir: { run: ['/opt/empty', '{directory}'] } } },
    });
    const plan = planOf(side('db2'), [withCommand(side('db3', facts))], { clear: true });
    const order = names(plan);
    expect(order.indexOf('delete by command on db3')).toBe(order.indexOf('clear db3') - 1);
    const step = plan.steps.find(({ name }) => name === 'delete by command on db3');
    expect(step?.commands.give?.args[0]).toBe('give');
    expect(step?.commands.start?.program).toMatchObject({
      script: 'seed-delete',
      args: [
        'form=list',
        'seconds=3600',
        'look=owned program /opt/empty',
        `look=owned file ${factsOf('db3').datadir}`,
        'argument=/opt/empty',
        `argument=${factsOf('db3').datadir}`,
        `datadir=${factsOf('db3').datadir}`,
        expect.stringMatching(/^job=/),
      ],
    });
    expect(plan.destroys[0]).toMatch(
      /is deleted before the copy, by commands.deleteDatadir: .opt.empty '\{directory\}', as root/,
    );
  });

  test.each([
    ['ended 127', 'deleteDatadir ended with 127 on db2; reseed deletes what is left itself'],
    ['died', 'deleteDatadir was ended on db2 from outside; reseed deletes what is left itself'],
  ])(
    'goes on after a commands.deleteDatadir that %s: the data is given up, and reseed deletes it',
    async (state, said) => {
      const facts = { freeBytes: 100_000_000, dataBytes: 229_000_000, tools: [...factsOf('db3').tools, 'unshare'] };
      const small = side('db3', facts);
      const target = { ...small, host: { ...small.host, commands: { deleteDatadir: { run: '/no/such' } } } };
      const plan = planOf(side('db2'), [target], { clear: true });
      const step = plan.steps.find(({ name }) => name === 'delete by command on db3');
      if (!step) throw new Error('no such step');
      const ran: string[] = [];
      const polls = ['absent', state];
      const { tools, notes } = stepTools({
        commands: step.commands,
        input: { seconds: 3600 },
        answer: (key) => {
          ran.push(key);
          return printed(key === 'poll' ? `${polls.shift()}\n\n\n` : '');
        },
      });
      expect(await deleteByCommand.run(tools)).toEqual({ ok: true });
      expect(ran).toEqual(['give', 'poll', 'end', 'start', 'poll', 'hold']);
      expect(notes).toContain(`! ${said}`);
    },
  );

  test('never runs commands.deleteDatadir where the old data stays until the new is in use', () => {
    const asked = side('db3');
    const target = { ...asked, host: { ...asked.host, commands: { deleteDatadir: { run: '/opt/empty' } } } };
    expect(names(planOf(side('db2'), [target])).filter((name) => /command/.test(name))).toEqual([]);
    expect(preflight(request(side('db2'), [target])).map(({ text }) => text)).toContain(
      'commands.deleteDatadir is not run: reseed deletes the old data itself, once the new has taken its place',
    );
  });

  test('says before anything else what is lost, binary logs on a volume of their own among it', () => {
    const binaryLogs = { count: 41, bytes: 1_288_490_189, folder: '/var/log/mysql-bin' };
    const { destroys } = planOf(side('db2'), [side('db3', { dataBytes: 327_155_712, binaryLogs })]);
    expect(destroys).toEqual([
      '312M in /srv/mysql/data and 41 binary logs (1.2G) in /var/log/mysql-bin on db3 are deleted once db3 has caught up',
    ]);
  });

  test('looks just before the stop whether the target is used as the plan saw it: hours lie between', () => {
    const note = (target: ReturnType<typeof side>) => {
      const { steps } = planOf(side('db2'), [target]);
      const at = steps.findIndex(({ name }) => name === 'note db3');
      expect(steps[at + 1]?.name).toBe('stop db3');
      return steps[at]?.commands.run?.args.find((word) => word.startsWith('planned='));
    };
    const told = side('db3').report.server;
    if (!told?.ok) throw new Error('no server recorded');
    const readOnly = (value: boolean) =>
      side('db3', {}, { server: { ok: true, value: { ...told.value, readOnly: value } } });
    expect(note(readOnly(true))).toBe('planned=read-only');
    expect(note(readOnly(false))).toBe('planned=replica');
  });

  test('leaves no port open, and nothing on the donor, before a server is stopped', () => {
    const plan = planOf(side('db2'), [side('db3'), side('db6')]);
    const release = plan.steps.find(({ name }) => name === 'release donor');
    expect(release?.input.made).toEqual(expect.arrayContaining(['channel db3', 'channel db6', 'copy', 'snapshot db2']));
    expect(names(plan).indexOf('release donor')).toBeLessThan(names(plan).indexOf('hold db3'));
  });

  test('has every target in a lane of its own, and the donor in none', () => {
    const { steps } = planOf(side('db2'), [side('db3'), side('db6')]);
    expect(new Set(steps.map(({ lane }) => lane))).toEqual(new Set([undefined, 'db3', 'db6']));
    for (const { host, lane } of steps) if (host !== 'db2') expect(lane).toBe(host);
    expect(steps.filter(({ name }) => name === 'stop db6')).toEqual([]);
  });

  test('runs the command that a target has for after the copy, between the proof of its files and the start of its server', () => {
    const db3 = side('db3');
    const commands = { afterCopy: { run: ['/opt/post-copy', '{directory}', '{host}'] } } as const;
    const target = { ...db3, host: { ...db3.host, commands } };
    const plan = planOf(side('db2'), [target, side('db6')]);
    const order = names(plan).filter((name) => name.endsWith(' db3'));
    const at = order.indexOf('start the command afterCopy on db3');
    expect(order.slice(at - 1, at + 3)).toEqual([
      'prove files db3',
      'start the command afterCopy on db3',
      'wait for the command afterCopy on db3',
      'free db3',
    ]);
    const step = plan.steps.find(({ name }) => name === 'start the command afterCopy on db3');
    expect(step).toMatchObject({ lane: 'db3', acquires: { release: 'end', whenDone: 'release' } });
    expect(step?.commands.start?.args).toContain('role=custom-t1');
    expect(step?.commands.start?.program?.args.slice(2)).toEqual([
      'look=owned program /opt/post-copy',
      'look=owned file /srv/mysql/data',
      'argument=/opt/post-copy',
      'argument=/srv/mysql/data',
      'argument=db3',
      'sum=',
    ]);
    expect(names(plan)).not.toContain('start the command afterCopy on db6');
    const shown = preflight(request(side('db2'), [target])).find(({ text }) => text.startsWith('commands.afterCopy'));
    expect(shown).toMatchObject({ level: 'pass', host: 'db3' });
  });

  test('keeps the snapshot where that is requested, and takes none where one is named', () => {
    const whenDone = (plan: Plan) => plan.steps.find(({ name }) => name === 'snapshot db2')?.acquires?.whenDone;
    expect(whenDone(planOf(side('db2'), [side('db3')]))).toBe('release');
    expect(whenDone(planOf(side('db2'), [side('db3')], { keepSnapshot: true }))).toBe('keep');
    const { lvm } = side('db2').report;
    const volume = lvm?.ok ? lvm.value.volumes[0] : undefined;
    if (!volume) throw new Error('no volume recorded');
    const snapshot = {
      ...volume,
      kind: 'snapshot' as const,
      volume: 'nightly',
      origin: 'mysql',
      tags: ['reseed', 'reseed-proved'],
      valid: true,
    };
    const order = names(planOf(side('db2'), [side('db3')], { snapshot }));
    expect(order.slice(2, 4)).toEqual(['coordinates', 'mount vg0/nightly']);
  });

  test('of a stopped server reads its files, keeps it down meanwhile, and proves that before a target is touched', () => {
    const plan = planOf(stopped(), [side('db6')], { method: coldCopy });
    const order = names(plan);
    const place = (name: string) => order.indexOf(name);
    expect(order.filter((name) => /snapshot|mount/.test(name))).toEqual([]);
    expect(place('hold db2')).toBeLessThan(place('list'));
    expect(place('proof db2')).toBeGreaterThan(place('verify'));
    expect(place('release donor')).toBeGreaterThan(place('proof db2'));
    expect(place('hold db6')).toBeGreaterThan(place('proof db2'));
    const step = (name: string) => plan.steps.find((one) => one.name === name);
    expect(step('hold db2')?.acquires).toMatchObject({ release: 'free', whenDone: 'release' });
    expect(step('release donor')?.input.made).toEqual(['channel db6', 'copy', 'sums', 'list', 'hold db2']);
    expect(step('copy')?.commands['send start']?.program?.args[0]).toBe('root=/var/lib/mysql');
    const keys = Object.keys({ ...step('copy')?.commands, ...step('verify')?.commands });
    expect(keys.filter((key) => /guard|mount/.test(key))).toEqual([]);
    // What the others of its cluster replicate from, and the position that its own data reports.
    expect(step('stands db6')?.work).toBe('read-own-position');
    expect(step('attach db6')?.input).toMatchObject({
      position: 'here',
      follow: 'source',
      source: { name: expect.stringContaining('db1') },
    });
    expect(order).not.toContain('start db2');
  });

  test('has no password of a statement that another session runs: findings go into the journal and to receivers', () => {
    const of = "3 app@10.0.0.1 ALTER USER app IDENTIFIED BY 'hunter2'";
    const { statement, ddl } = readSeedFacts(`machine 1\ndatadir /data\nstatement ${of}\nddl ${of}\n`) ?? {};
    const shown = { seconds: 3, who: 'app@10.0.0.1', words: 'ALTER USER app IDENTIFIED ...' };
    expect([statement, ddl]).toEqual([shown, shown]);
  });

  test('of a stopped server whose clock was set back has its data: only when it was left is not known', () => {
    const down = stopped();
    const found = (changedSeconds: number) =>
      preflight(request({ ...down, facts: { ...down.facts, changedSeconds } }, [side('db6')], { method: coldCopy }))
        .filter(({ level, text }) => level !== 'pass' && text.startsWith('its server is down'))
        .map(({ level, text }) => `${level}: ${text}`);
    expect(found(-10_800)).toEqual([
      'warn: its server is down, and when its files were left is not known: their times lie ahead of its clock',
    ]);
    expect(found(60)).toEqual([]);
    const told = readSeedFacts('machine 1\ndatadir /data\nchanged_seconds -10800\n');
    expect(told?.changedSeconds).toBe(-10_800);
  });

  test('of a stopped primary starts it again before a target is attached to it', () => {
    const report = { server: { ok: false, why: 'it is down' }, replication: { ok: false, why: 'it is down' } } as const;
    const { service } = stopped().report;
    const primary = side('db1', {}, { ...report, ...(service && { service }) });
    const { replication } = side('db3').report;
    const others = [{ host: side('db3').host, report: { ...(replication && { replication }) } }];
    const order = names(planOf(primary, [side('db3')], { method: coldCopy, others }));
    const place = (name: string) => order.indexOf(name);
    expect(place('start db1')).toBeGreaterThan(place('release donor'));
    expect(place('prove account db3')).toBeGreaterThan(place('start db1'));
    expect(place('hold db3')).toBeGreaterThan(place('prove account db3'));
  });

  test('holds the event scheduler of a target off where the donor has events that are enabled, or may have', () => {
    const heldBack = (facts: Partial<SeedFacts>) =>
      JSON.stringify(planOf(side('db2', facts), [side('db3')]).steps.find(({ name }) => name === 'hold back db3'));
    const event = { schema: 'shop', name: 'tick', definer: 'root@localhost' };
    expect(heldBack({ events: { count: 1, first: [event] } })).toContain('--event-scheduler=DISABLED');
    expect(heldBack({ events: { count: 0, first: [] } })).not.toContain('event-scheduler');
  });

  test('never copies what is of the donor and not of its data: its option files, keys, certificates and keyring', () => {
    const { places } = side('db2').facts;
    const own = [
      { kind: 'option-file', path: '/var/lib/mysql/conf/prod[1]' },
      { kind: 'keyring', path: '/var/lib/mysql/keys/ring' },
    ];
    const list = planOf(side('db2', { places: [...places, ...own] }), [side('db3')]).steps.find(
      ({ name }) => name === 'list db2' || name === 'list',
    );
    const patterns = wordsOf(list?.commands.list?.args ?? [], 'pattern');
    expect(patterns).toEqual(
      expect.arrayContaining([
        '*.cnf',
        '*.pem',
        '*.my',
        'server-key.pem',
        String.raw`conf/prod\[1]`,
        'keys/ring',
        'relay.[0-9][0-9][0-9][0-9][0-9][0-9]',
      ]),
    );
  });

  test('has a blank where the password comes, which goes by standard input', () => {
    const words = planOf(side('db2'), [side('db3')]).steps.find(({ name }) => name === 'attach db3')?.commands.change
      ?.args;
    expect(words?.join().includes('SOURCE_USER = {user}, SOURCE_PASSWORD = {password}')).toBe(true);
  });

  test('is refused in the words of the first check that refuses', () => {
    const requested = request(side('db2'), [side('db1')]);
    expect(planSeed(requested, preflight(requested))).toMatchObject({
      ok: false,
      message: expect.stringMatching(/^db1[: ]/),
    });
  });
});
