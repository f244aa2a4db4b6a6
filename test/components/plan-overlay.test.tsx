// A plan is shown before the job begins. Enter, a wrong name and read-only mode begin no job.
import { expect, test } from 'vitest';
import { fullLook } from '../../components/base/theme.ts';
import { displayWidth } from '../../components/base/width.ts';
import { planProposal, proposalRows } from '../../components/overlays/plan-proposal.ts';
import type { JobView } from '../../src/job/journal/watch.ts';
import { openConsole, recorded } from './console.tsx';
import { changedJob, jobNumbered, recordedJobs } from './jobs.ts';

const calm = recorded('calm');
const at = { picture: calm.picture, nowMs: calm.recordedAtMs };

async function onHost(number: number, options: Partial<Parameters<typeof openConsole>[0]> = {}) {
  const console = openConsole({ ...at, ...options });
  await console.shows('▸ db1');
  console.press(`${'j'.repeat(number - 1)}\r`);
  await console.shows('error log');
  return console;
}

const titles = ({ jobs }: ReturnType<typeof openConsole>) =>
  jobs.launched.map(({ planned }) => (planned.ok ? planned.plan.title : planned.message));

test('s on the fleet shows the plan of a snapshot, v its exact commands; y launches it and opens its screen', async () => {
  const console = openConsole(at);
  await console.shows('▸ db1');
  console.press('s');
  const plan = await console.shows('snapshot db1');
  expect(plan).toContain('○ lock db1');
  expect(plan).not.toContain('host-lock.sh');
  console.press('v');
  expect(await console.shows('host-lock.sh take')).toMatch(/take-snapshot\.sh job=\w+ group=vg0 volume=mysql /);
  console.press('\r\r\r');
  await console.shows('enter does nothing here');
  expect(titles(console)).toEqual([]);
  console.press('y');
  await expect.poll(() => titles(console)).toEqual(['snapshot db1']);
  expect(console.screens.getState().stack.at(-1)).toEqual({ name: 'job', id: 17 });
});

test('what others would miss is said in red, and wants the name typed: enter, y, a wrong name and esc do nothing', async () => {
  const console = await onHost(1);
  console.press('D');
  const plan = await console.shows('stop db1');
  expect(plan).toMatch(/✖ replicas lose their source: /);
  expect(plan).toContain('✖ db1 takes writes');
  console.press('\r\r');
  await console.shows('enter does nothing here');
  console.press('y\r\r');
  await console.shows('Type db1, then enter: _');
  console.press('db2\r');
  await console.shows('that is not the name: nothing was done');
  console.press('y\r');
  await console.shows('that is not the name');
  console.press('db');
  await console.shows('then enter: db_');
  console.press('\x1b');
  await console.shows('y asks for the name db1');
  console.press('\x1b');
  await console.shows('nothing was done');
  expect(titles(console)).toEqual([]);
  console.press('Dydb1\r');
  await expect.poll(() => titles(console)).toEqual(['stop db1']);
});

test('in an environment with confirm a plan that breaks nothing wants the name typed too, and the header names it', async () => {
  const hosts = at.picture.hosts.map((one) => {
    const environment = { name: 'production', colour: 'red', confirm: true } as const;
    return one.host.name === 'db2' ? { ...one, host: { ...one.host, environment } } : one;
  });
  const console = openConsole({ ...at, picture: { ...at.picture, hosts } });
  await console.shows('▸ db1');
  expect(console.lines()[0]).not.toContain('PRODUCTION');
  console.press('js');
  expect(await console.shows('y asks for the name db2')).toContain('✖ db2 is of the environment production');
  expect(console.lines()[0]).toMatch(/ PRODUCTION +READ-WRITE/);
  console.press('y\r');
  expect(titles(console)).toEqual([]);
  console.press('db2\r');
  await expect.poll(() => titles(console)).toEqual(['snapshot db2']);
  console.press('1:proof rows\r');
  expect(await console.shows('y asks for the name db2')).toContain('✖ db2 is of the environment production');
});

test('a name with the letters of keys is typed like any other, and pasted', async () => {
  const console = await onHost(1);
  console.press('Dyvjkqy');
  await console.shows('then enter: vjkqy_');
  console.press('\x15\x1b[200~db1\n\x1b[201~');
  await console.shows('then enter: db1_');
  expect(titles(console)).toEqual([]);
  console.press('\r');
  await expect.poll(() => titles(console)).toEqual(['stop db1']);
});

test('a replica that nobody misses is restarted by y', async () => {
  const console = await onHost(2);
  console.press('B');
  expect(await console.shows('restart db2')).toContain('y does it');
  console.press('y');
  await expect.poll(() => titles(console)).toEqual(['restart db2']);
});

test('the footer offers no start where the server runs, and no stop where it is down; the keys say why', async () => {
  const up = await onHost(1);
  const offered = await up.shows('D stop');
  expect(offered).not.toContain('U start');
  up.press('U');
  await up.shows('U: the server runs already');
  const blank = await onHost(6);
  expect(await blank.shows('U start')).not.toContain('D stop');
  blank.press('D');
  await blank.shows('D: the server is down already');
});

test('on the fleet a server that is down while a job works on it is not "down already": the plan is asked, which names the job', async () => {
  const view = jobNumbered(recordedJobs().views, 11);
  const works = changedJob(view, { state: 'running', plan: { ...view.job.plan, hosts: ['db6'] } });
  const stop = async (jobs: readonly JobView[]) => {
    const console = openConsole({ ...at, jobs });
    await console.shows('▸ db1');
    console.press('jjjjj:mysql.stop\r');
    return console;
  };
  await (await stop([])).shows('D: the server is down already');
  expect(await (await stop([works])).shows('refused')).not.toContain('D: the server');
});

test('at 80 columns the footer of a host still offers the seed, and the one of the fleet the filter and the jobs', async () => {
  const host = await onHost(1, { columns: 80, rows: 24 });
  const last = (screen: string) => screen.trimEnd().split('\n').at(-1) ?? '';
  const keys = last(await host.shows('D stop'));
  for (const key of ['s snapshot', 'e seed', '/ search', '? help', 'q quit']) expect(keys).toContain(key);
  expect(displayWidth(keys)).toBeLessThanOrEqual(80);
  const fleet = last(await openConsole({ ...at, columns: 80, rows: 24 }).shows('▸ db1'));
  for (const key of ['enter open', 's snapshot', 'e seed', '/ filter', 'J jobs', '? help'])
    expect(fleet).toContain(key);
});

test('a plan that is refused says why and what would help, and there is nothing to agree to', async () => {
  const hosts = at.picture.hosts.map((picture) => ({
    ...picture,
    report: { ...picture.report, lvm: { ok: false, why: 'lvs: not found' } as const },
  }));
  const console = openConsole({ ...at, picture: { ...at.picture, hosts } });
  await console.shows('▸ db1');
  console.press('s');
  expect(await console.shows('refused')).toContain('the volumes of db1 are not known: lvs: not found');
  console.press('yyy');
  await expect.poll(() => titles(console)).toEqual([]);
  console.press('\r');
  await console.shows('▸ db1');
});

test('read-only: no plan opens, by key or palette', async () => {
  const console = openConsole({ ...at, readOnly: true });
  await console.shows('▸ db1');
  console.press('s');
  await console.shows('s: this console is read-only');
  console.press(':mysql.stop\r');
  await console.shows('D: this console is read-only');
  expect(titles(console)).toEqual([]);
});

test('D means a stop on the fleet as on a host: it shows the plan, and sorts nothing', async () => {
  const console = openConsole(at);
  await console.shows('▸ db1');
  console.press('D');
  await console.shows('── stop db1');
  expect(console.screens.getState().fleet.sort.column).toBeUndefined();
});

test('a journal that can not be written: the job is not begun, and it is said', async () => {
  const console = openConsole(at);
  await console.shows('▸ db1');
  Object.assign(console.jobs.services, { launch: () => 'nothing was done: the journal is full' });
  console.press('sy');
  await console.shows('nothing was done: the journal is full');
  expect(console.screens.getState().stack).toHaveLength(1);
});

test.each([40, 80, 120])(
  'a plan with checks, lanes and long commands fits %i cells, each figure with its sign',
  (width) => {
    const commands = [{ host: 'db4', text: `unit.sh start ${'漢字 word '.repeat(40)}` }];
    const draft = {
      planned: { ok: false, message: '', advice: '' },
      key: 'cafe',
      targets: [],
      who: { account: 'ops', jumpHost: 'jump1' },
      impact: [`the datadir of db4 (38G) is lost ${'for good '.repeat(20)}`],
      name: 'db4',
      steps: [{ title: `copy ${'x'.repeat(200)}`, lane: 'db4', commands, makes: 'makes the unit' }],
      checks: [
        { level: 'pass', host: 'db4', text: 'room for the data: 60G free, 41G needed', advice: '' },
        { level: 'warn', host: 'db1', text: 'lag: 12 s', advice: 'wait' },
        { level: 'refuse', host: 'db4', text: 'has replicas of its own', advice: 'point them elsewhere' },
      ],
    } as const;
    const plan = { kind: 'seed', title: 'seed db1 → db4', hosts: [], destroys: [], steps: [] };
    const rows = proposalRows(
      planProposal(draft, plan, new Map(), () => undefined),
      'exact',
      width,
      fullLook,
    );
    const lines = rows.map((row) => row.map(({ text }) => text).join(''));
    for (const line of lines) expect(displayWidth(line), line).toBeLessThanOrEqual(width);
    expect(rows[0]?.[1]?.tone).toBe('bad');
    for (const start of [' ✔ db4: room', ' ! db1: lag', ' ✖ db4: has']) {
      expect(lines.some((line) => line.startsWith(start))).toBe(true);
    }
  },
);

test('c shows what changes on each host, before and after; what is there only while it runs is told apart', async () => {
  const console = openConsole({ ...at, columns: 120, rows: 50 });
  await console.shows('db6');
  console.press('je');
  await console.shows('nothing is done yet');
  console.press('\r');
  await expect.poll(() => console.jobs.seeds.length).toBe(1);
  console.jobs.seeds[0]?.answer();
  await console.shows('c: changes');
  console.press('c');
  const screen = await console.shows('c: steps');
  expect(screen).toMatch(/ db2\n +server +- up\n +\+ up, restarted/);
  expect(screen).toMatch(
    /data +- \S+ in \/var\/lib\/mysql\/?\n +\+ that of db\d; the old is kept aside, and deleted at the end/,
  );
  expect(screen).toMatch(/source +db1 \(10\.77\.0\.11:3306\), as before/);
  expect(screen).toMatch(/while it runs +the lock of db2/);
  // What is lost stays above it, in red.
  expect(screen).toMatch(/✖ .* on db2 is deleted once db2 has caught up/);
  console.press('c');
  await console.shows('○ db2: open and test the channel');
});

test('a stop says that a server that is up is down afterwards', async () => {
  const console = await onHost(1);
  console.press('D');
  await console.shows('c: changes');
  console.press('c');
  expect(await console.shows('c: steps')).toMatch(/server +- up\n +\+ down/);
});

test('a snapshot that stays is counted, and one more is there afterwards', async () => {
  const console = await onHost(1);
  console.press('s');
  await console.shows('c: changes');
  console.press('c');
  expect(await console.shows('c: steps')).toMatch(/snapshots +- \d+\n +\+ \d+: the snapshot vg0\//);
});
