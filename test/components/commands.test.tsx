import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { dispatch, usable } from '../../src/commands/dispatch.ts';
import { type Command, type Context, commandOf, commands, hasKeysOn, screenNames } from '../../src/commands/list.ts';
import { openConsole, recorded } from './console.tsx';
import { recordedJobs } from './jobs.ts';

const { picture, recordedAtMs: nowMs } = recorded('calm');
const context: Context = { screen: 'fleet', readOnly: false, onDiscovered: false, discovered: 0 };
const stop: Command = {
  name: 'mysql.stop',
  keys: ['x'],
  help: 'stop the server',
  where: ['fleet'],
  changes: true,
  dangerous: true,
  available: () => true,
};

test('in read-only mode no command that changes anything is done, whoever asks for it', () => {
  const done: string[] = [];
  const handler = () => {
    done.push('stopped');
    return undefined;
  };
  expect(dispatch(stop, { ...context, readOnly: true }, handler)).toEqual({
    done: false,
    why: 'x: this console is read-only',
  });
  expect(done).toEqual([]);
  expect(dispatch(stop, context, handler)).toEqual({ done: true });
  expect(done).toEqual(['stopped']);
});

test('a host that the inventory keeps read-only is not changed either', () => {
  const [first] = picture.hosts;
  if (!first) throw new Error('nothing was recorded');
  const host = { ...first.host, readOnly: true };
  expect(usable(stop, { ...context, host })).toBe('db1 is read-only in the inventory');
});

test('the footer leaves out keys that do nothing there: of a job that is over, of a list that is open', async () => {
  const { recordedAtMs, views } = recordedJobs();
  const console = openConsole({ picture, nowMs: recordedAtMs, jobs: views });
  await console.shows('db6');
  const footer = () => console.lines().at(-1);
  console.press('J');
  await console.shows('1 runner died');
  expect(footer()).toMatch(/ a abort +r resume /);
  expect(footer()).not.toContain('J jobs');
  console.press('J');
  await console.shows('J: this is the list of jobs');
  console.press('j\r');
  await console.shows('log, to its end');
  for (const key of ['a abort', 'r resume', 'f follow', 'p pause']) expect(footer()).not.toContain(key);
  expect(footer()).toContain('w pager');
  console.press('f');
  await console.shows('f: the job is over: its log does not grow');
  console.press('S');
  await console.shows(/ snapshots {2}/);
  expect(footer()).not.toContain('S snapshots');
});

test('on each screen a key means one command', () => {
  for (const screen of screenNames) {
    const here = commands.filter((command) => hasKeysOn(command, screen));
    const keys = here.flatMap((command) => command.keys as readonly string[]);
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
    for (const key of keys) expect(commandOf(key, screen)).toBeDefined();
  }
});

test('a key means the same on every screen', () => {
  // Opening, going back, finding, and what the blank does with the row are one meaning each.
  const alike = [
    ['host.open', 'job.open'],
    ['screen.back', 'list.showAll'],
    ['list.filter', 'log.search'],
    ['seed.plan', 'host.open', 'job.open'],
    ['list.nextMatch', 'log.nextMatch'],
    ['list.previousMatch', 'log.previousMatch'],
    // In a list the blank marks or chooses, in a text it pages down.
    ['seed.choose', 'mark.toggle', 'text.pageDown'],
  ];
  const named = Map.groupBy(
    commands.flatMap(({ name, keys }) => keys.map((key) => ({ name, key }))),
    ({ key }) => key,
  );
  for (const [key, some] of named) {
    const names = some.map(({ name }) => name);
    if (names.length > 1)
      expect(
        alike.find((group) => names.every((name) => group.includes(name))),
        key,
      ).toBeDefined();
  }
});

test('1 to 5 lead to the lists and to the host that was opened last, and the way back is above the keys', async () => {
  const console = openConsole({ picture, nowMs });
  await console.shows('▸ db1');
  console.press('j\r');
  await console.shows('▸error log');
  expect(console.lines().at(-2)).toMatch(/^ fleet › db2 ─+$/);
  console.press('4');
  await console.shows(/^ jobs /m);
  console.press('3');
  await console.shows(' fleet › db2 › jobs › snapshots ─');
  console.press('5');
  await console.shows(/^ schedules /m);
  console.press('2');
  await console.shows(/^ fleet › db2 ─+$/m);
  // However often one goes to and fro, esc leads through no screen twice.
  for (const key of '5454') console.press(key);
  await console.shows(' fleet › db2 › schedules › jobs ─');
  console.press('1');
  await console.shows('▸ db2');
  expect(console.lines().at(-2)).toMatch(/^─+$/);
  expect(console.screens.getState().stack).toEqual([{ name: 'fleet' }]);
});

test('o waits for the letter of a column, and shows which there are; another key does nothing', async () => {
  const console = openConsole({ picture, nowMs });
  await console.shows('▸ db1');
  console.press('o');
  await console.shows(/ o … +h host +c cluster .*l lag/);
  console.press('L');
  await console.shows('LAG▼');
  for (const key of ['q', 'D']) {
    console.press(`o${key}`);
    await console.shows(key === 'q' ? 'o q does nothing here' : 'DC▲');
  }
  console.press('o');
  await console.shows(' o …');
  console.press('\u001b');
  await console.shows('enter open');
  expect([console.quits, console.screens.getState().overlay]).toEqual([[], undefined]);
});

test('the help has every command with its keys, from the list itself', async () => {
  const console = openConsole({ picture, nowMs, rows: 200 });
  await console.shows('db6');
  console.press('?');
  const help = await console.shows('Everywhere');
  for (const { keys, help: words } of commands) {
    expect(help).toContain(words);
    expect(help).toContain(keys.join(', '));
  }
  expect(help).toMatch(/not in the inventory\n +not now: every server that the hosts name is in the inventory/);
  console.press('q');
  await console.shows('db6');
  expect(console.quits).toEqual([]);
});

test('a long help is scrolled, to its end and no further', async () => {
  const console = openConsole({ picture, nowMs, columns: 80, rows: 24 });
  await console.shows('db6');
  console.press('?');
  await console.shows('Everywhere');
  console.press('Gjj');
  await console.shows('open the log in $PAGER');
  console.press('g');
  await console.shows('Everywhere');
});

test('the palette finds a command by some of its letters, and does it', async () => {
  const console = openConsole({ picture, nowMs });
  await console.shows('db6');
  console.press(':srtlag');
  await console.shows(/▸ sort lag/);
  console.press('\r');
  await console.shows('LAG▼');
});

test('the palette reads what another host received, and shows the plan that applies it on the host under the cursor', async () => {
  const console = openConsole({ picture, nowMs, rows: 60 });
  await console.shows('db6');
  console.press('jj');
  await console.shows(/▸ db3/);
  console.press(':relay');
  await console.shows(/▸ salvage apply/);
  console.press('\r');
  const plan = await console.shows('salvage db2 → db3: 10 transactions');
  expect(plan).toContain('CREATE USER');
  expect(plan).toContain("can't be taken back");
  expect(plan).toContain('y asks for the name db3');
});

test.each([
  ['checksum', /▸ proof rows/, 'row proof db3: has the rows of db1'],
  // The hosts were recorded before a proof asked for its programs: what is shown is its refusal, with every check.
  ['verify backup', /▸ proof restore/, 'room for the copy: data-vg has 1.8G free beside the snapshot'],
])('the palette plans a proof of the host under the cursor, by the word %s', async (words, command, title) => {
  const console = openConsole({ picture, nowMs, rows: 60 });
  await console.shows('db6');
  console.press('jj');
  await console.shows(/▸ db3/);
  console.press(`:${words}`);
  await console.shows(command);
  console.press('\r');
  await console.shows(title);
});

test.each([
  [80, 24],
  [120, 40],
])(
  'a salvage is planned from the Host screen at %i x %i: its warnings scroll, and it begins by the name of the target alone',
  async (columns, rows) => {
    const console = openConsole({ picture, nowMs, columns, rows });
    await console.shows('db6');
    console.press('jj');
    await console.shows(/▸ db3/);
    console.press('\r');
    await console.shows(/db3 .*replica/);
    console.press(':salvage\r');
    const plan = await console.shows('salvage db2 → db3: 10 transactions');
    expect(plan.split('\n').filter((line) => stringWidth(line) > columns)).toEqual([]);
    console.press('y');
    await console.shows('Type db3, then enter: _');
    console.press('db2\r');
    await console.shows('that is not the name: nothing was done');
    expect(console.jobs.launched).toHaveLength(0);
    console.press('\x15db3\r');
    await expect.poll(() => console.screens.getState().stack.at(-1)).toEqual({ name: 'job', id: 17 });
  },
);

test('in the palette each command says what it does, and one that can not be used also why; what was chosen last stands first', async () => {
  const console = openConsole({ picture, nowMs });
  await console.shows('db6');
  console.press(':unmount');
  await console.shows(/▸ snapshot unmount +u +unmount the snapshot \(not now: works on the snapshots only\)/);
  console.press('\x15limit');
  await console.shows('no command has these words');
  console.press('\x15sort lag\r');
  await console.shows('LAG▼');
  console.press(':');
  await console.shows(/▸ sort lag/);
});

test('a key that is no command, and one that can not be used now, say so until the next key', async () => {
  const console = openConsole({ picture, nowMs });
  await console.shows('db6');
  console.press('i');
  await console.shows('i: every server that the hosts name is in the inventory');
  console.press('z');
  await console.shows('z does nothing here (? for help)');
  console.press('j');
  await console.shows(/▸ db2/);
  expect(console.screen()).not.toContain('does nothing here');
});

test('pasted text is never taken for keys', async () => {
  const console = openConsole({ picture, nowMs });
  await console.shows('db6');
  console.press('\x1b[200~qjjj\r\x1b[201~');
  await console.shows('pasted text is not taken for keys');
  expect(console.quits).toEqual([]);
  expect(console.underCursor()).toBe('db1');
  console.press('/');
  await console.shows('filter: _');
  console.press('\x1b[200~db3\n\x1b[201~');
  await console.shows('filter: db3_');
});

test('q leaves with 0, Ctrl-C with 130, also while something is typed', async () => {
  const console = openConsole({ picture, nowMs });
  await console.shows('db6');
  console.press('q');
  console.press('/abc\x03');
  await console.shows('db6');
  expect(console.quits).toEqual([0, 130]);
});

test('read-only is said in the header', async () => {
  const console = openConsole({ picture, nowMs, readOnly: true, columns: 80 });
  await console.shows('READ-ONLY');
});

test('keys that follow the opening of a host go to the host', async () => {
  const console = openConsole({ picture, nowMs });
  await console.shows('db6');
  console.press('j\r\x1b');
  await console.shows(/▸ db2/);
  expect(console.screens.getState().stack).toHaveLength(1);
  console.press('\rj');
  await expect.poll(() => console.screens.getState().stack.length).toBe(2);
  expect(console.screens.getState().fleet.cursor?.id).toBe('db2');
});

test('ctrl+r asks every host now', async () => {
  const console = openConsole({ picture, nowMs });
  await console.shows('db6');
  console.press('\x12');
  await console.shows('every host is asked now');
  expect(console.refreshed()).toBe(1);
});

describe('commands of the inventory', () => {
  const commands = {
    pin: { run: ['/opt/pin', '{datadir}'], help: 'pin the tables' },
    wipe: { run: 'wipe', dangerous: true },
  } as const;
  const withCommands = (readOnly = false) => ({
    ...picture,
    hosts: picture.hosts.map((one) => ({ ...one, host: { ...one.host, commands, readOnly } })),
  });

  test('are in the palette, each shows its plan, and a dangerous one asks for the name of the host', async () => {
    const console = openConsole({ picture: withCommands(), nowMs });
    await console.shows('db6');
    console.press(':run.pin');
    await console.shows(/▸ run pin +db1: pin the tables/);
    console.press('\r');
    await console.shows('run pin on db1');
    await console.shows('/opt/pin /var/lib/mysql, as root; it is ended after 10 min');
    console.press('y');
    await console.shows('job');
    expect(console.jobs.launched.map(({ planned }) => planned.ok && planned.plan.title)).toEqual(['run pin on db1']);
  });

  test('are a list of the host under the cursor', async () => {
    const console = openConsole({ picture: withCommands(), nowMs });
    await console.shows('db6');
    console.press('!');
    const list = await console.shows('commands of the inventory');
    expect(list).toContain('run pin');
    expect(list).toMatch(/run wipe +db1: dangerous: wipe, as root/);
    expect(list).not.toContain('mysql stop');
    console.press('wipe\r');
    await console.shows('wipe is dangerous, the inventory says');
    console.press('y');
    await console.shows(/[Tt]ype db1/);
    expect(console.jobs.launched).toEqual([]);
  });

  test('are hidden where nothing may be changed', async () => {
    const console = openConsole({ picture: withCommands(true), nowMs });
    await console.shows('db6');
    console.press(':run.pin');
    expect(await console.shows('commands')).not.toContain('pin the tables');
    console.press('\u001b');
    await console.shows('db6');
    console.press('!');
    await console.shows('db1 is read-only in the inventory');
  });
});
