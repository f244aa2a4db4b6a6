import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { displayWidth } from '../../components/base/width.ts';
import type { HostPicture } from '../../src/fleet/picture.ts';
import { hostLike, openConsole, recorded } from './console.tsx';
import { changedJob, recordedJobs } from './jobs.ts';

const calm = recorded('calm');
const trouble = recorded('trouble');
const atCalm = { picture: calm.picture, nowMs: calm.recordedAtMs };
const inTrouble = { picture: trouble.picture, nowMs: trouble.recordedAtMs };

test('a fleet in trouble says at a glance which hosts, and why', async () => {
  const console = openConsole(inTrouble);
  const screen = await console.shows('6 hosts  ✖ 2 critical  ! 2 warnings  ● 4 up  ✖ 1 unreachable  ○ 1 down');
  expect(screen).toMatch(/db1 .*primary.*● up.*✖ 1 invalid .*snapshot drill-full/);
  expect(screen).toMatch(/db3 .*○ down.*✖ mysql is stopped/);
  expect(screen).toMatch(/db6 .*✖ unreachable.*✖ 10\.77\.0\.16 did not/);
  expect(screen).toContain('READ-WRITE  ops@jump1');
});

test('at 120 columns an alert has more than 40 cells: the versions give way, and come where there is room', async () => {
  const head =
    (await openConsole(inTrouble).shows('SNAPSHOTS')).split('\n').find((line) => line.includes('ALERT')) ?? '';
  expect(head).not.toMatch(/VERSION|CLUSTER/);
  expect(120 - head.indexOf('ALERT')).toBeGreaterThan(40);
  const wide = await openConsole({ ...inTrouble, columns: 200 }).shows('SNAPSHOTS');
  expect(wide).toMatch(/CLUSTER .*VERSION/);
});

test('what is not known is ?, and never 0', async () => {
  const console = openConsole(inTrouble);
  const screen = await console.shows('db6');
  const row = screen.split('\n').find((line) => line.includes('db6'));
  expect(row).toMatch(/db6\s+\?\s+✖ unreachable\s+\?\s+\?\s+\?/);
});

test('the alerts of the host under the cursor are below in full, as far as the line goes', async () => {
  const console = openConsole(inTrouble);
  await console.shows('db6');
  console.press('G');
  const screen = await console.shows('── db6');
  expect(screen).toContain('unreachable: 10.77.0.16 did not finish the SSH handshake within 15 s');
});

test.each([
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
  { columns: 200, rows: 50 },
  { columns: 41, rows: 10 },
])('no line is broken or too long, and none too many, at $columns x $rows', async ({ columns, rows }) => {
  const name = 'ein-sehr-langer-名前-der-nirgends-hineinpasst-01';
  const hosts = [...trouble.picture.hosts, hostLike(trouble.picture, 'db5', name)];
  const console = openConsole({ ...inTrouble, picture: { ...trouble.picture, hosts }, columns, rows });
  await console.shows('db1');
  const lines = console.lines();
  expect(lines).toHaveLength(rows);
  for (const line of lines) expect(displayWidth(line), line).toBeLessThanOrEqual(columns);
  expect(lines[0]).toContain('READ-WRITE');
});

test('more width shows more columns, and never one less', async () => {
  let before = 0;
  for (const columns of [40, 60, 80, 100, 120, 140, 160, 200]) {
    const console = openConsole({ ...inTrouble, columns });
    await console.shows('HOST');
    const titles = console.lines()[1]?.trim().split(/\s+/).length ?? 0;
    expect(titles, `at ${columns}`).toBeGreaterThanOrEqual(before);
    before = titles;
  }
  expect(before).toBe(10);
});

test('wide characters keep the columns straight', async () => {
  const hosts = [...calm.picture.hosts, hostLike(calm.picture, 'db1', '東京-db')];
  const console = openConsole({ ...atCalm, picture: { ...calm.picture, hosts } });
  const screen = await console.shows('東京-db');
  const columnOf = (name: string) => {
    const line = screen.split('\n').find((text) => text.includes(name)) ?? '';
    return displayWidth(line.slice(0, line.indexOf('●')));
  };
  expect(columnOf('東京-db')).toBe(columnOf('db2'));
});

test('keys that are typed faster than the screen is drawn are all done', async () => {
  const console = openConsole(atCalm);
  await console.shows('db6');
  console.press('jjj');
  await console.shows(/▸ db4/);
  console.press('kG');
  await console.shows(/▸ db6/);
  console.press('g');
  await console.shows(/▸ db1/);
});

test('a filter typed in one go with its slash is a filter, and none of its letters a command', async () => {
  const console = openConsole(atCalm);
  await console.shows('db6');
  console.press('/crm !db5\r');
  const screen = await console.shows('filter: crm !db5');
  expect(screen).toContain('db4');
  expect(screen).not.toMatch(/db[12356] .*●/);
  console.press('\x1b');
  await console.shows('db6');
});

test('escape while a filter is typed brings the old one back', async () => {
  const console = openConsole(atCalm);
  await console.shows('db6');
  console.press('/shop\r');
  await console.shows('filter: shop, 4 of 6  ');
  console.press('/x');
  await console.shows('filter: shopx_');
  expect(console.screen()).not.toContain('db1');
  console.press('\x1b');
  const screen = await console.shows('filter: shop, 4 of 6  ');
  expect(screen).toContain('db1');
});

describe('the order of rows', () => {
  const order = (console: ReturnType<typeof openConsole>) =>
    [...console.screen().matchAll(/^ [▸ ] (db\d)/gm)].map(([, name]) => name);
  const inventory = ['db1', 'db2', 'db3', 'db4', 'db5', 'db6'];
  const worst = ['db6', 'db3', 'db1', 'db5', 'db2', 'db4'];

  test('is the worst first; 0 is the inventory, and 0 again the worst', async () => {
    const console = openConsole({ ...inTrouble, worstFirst: true });
    await console.shows('ALERT▼');
    expect(order(console)).toEqual(worst);
    console.press('0');
    await console.shows("in the inventory's order");
    expect(order(console)).toEqual(inventory);
    console.press('0');
    await console.shows('ALERT▼');
    expect(order(console)).toEqual(worst);
  });

  test('o and the letter of a title sort by it, again the other way round, a third time the worst first', async () => {
    const console = openConsole(inTrouble);
    await console.shows('db6');
    console.press('oh');
    await console.shows('HOST▲');
    expect(order(console)).toEqual(inventory);
    console.press('oh');
    await console.shows('HOST▼');
    expect(order(console)).toEqual(inventory.toReversed());
    console.press('oh');
    await console.shows('ALERT▼');
    expect(order(console)).toEqual(worst);
    console.press('oa');
    await console.shows('ALERT▲');
    expect(order(console)).toEqual(worst.toReversed());
  });

  test('has a cause before its effects: replicas without a source stand below it, other trouble after them', async () => {
    const without = { kind: 'noSource', level: 'critical', text: 'no connection' } as const;
    const changes: Readonly<Record<string, Partial<HostPicture>>> = {
      db3: { alerts: [{ kind: 'down', level: 'critical', text: 'mysql is stopped' }], sources: [] },
      db1: { alerts: [without], sources: ['db3'] },
      db2: { alerts: [without], sources: ['db3'] },
      db6: { alerts: [{ kind: 'diskFull', level: 'critical', text: 'disk full' }], sources: [] },
      // Its own trouble is that of no source.
      db5: { alerts: [{ kind: 'replicationBroken', level: 'critical', text: '1062' }], sources: ['db4'] },
      db4: { alerts: [{ kind: 'probe', level: 'warning', text: 'lvm: ?' }], sources: [] },
    };
    const hosts = calm.picture.hosts.map((one) => ({ ...one, ...changes[one.host.name] }));
    const console = openConsole({ ...atCalm, picture: { ...calm.picture, hosts }, worstFirst: true });
    await console.shows('ALERT▼');
    expect(order(console)).toEqual(['db3', 'db1', 'db2', 'db6', 'db5', 'db4']);
  });

  test('keeps the cursor on the host that was the worst, when another one is worse', async () => {
    const console = openConsole({ ...inTrouble, worstFirst: true });
    await console.shows(/▸ db6/);
    const hosts = trouble.picture.hosts.map((one) => (one.host.name === 'db6' ? { ...one, alerts: [] } : one));
    console.fleet.setState({ hosts });
    await console.shows('✖ 1 critical');
    expect(order(console)[0]).toBe('db3');
    expect(console.underCursor()).toBe('db6');
  });

  test('has a host on which a job left something before all others', async () => {
    const { views } = recordedJobs();
    const [job] = views.filter(({ job: { id } }) => id === 9);
    if (!job) throw new Error('no job 9 was recorded');
    const left = changedJob(job, {
      state: 'cleanup-needed',
      plan: { ...job.job.plan, hosts: ['db2'], steps: job.job.plan.steps.map((step) => ({ ...step, host: 'db2' })) },
      resources: [{ step: job.job.plan.steps[0]?.name ?? '', what: 'the lock of db2', state: 'left' }],
    });
    const console = openConsole({ ...inTrouble, jobs: [left], worstFirst: true });
    await console.shows('cleanup needed');
    expect(order(console)[0]).toBe('db2');
  });
});

test('ctrl+t shows replicas below their sources, each host once, also where two replicate from each other', async () => {
  const from = (name: string, ...sources: string[]) => ({ name, sources });
  const wired = [from('db1', 'db2'), from('db2'), from('db3', 'db1', 'db4'), from('db4', 'db5'), from('db5', 'db4')];
  const hosts = calm.picture.hosts.map((one) => ({
    ...one,
    sources: wired.find(({ name }) => name === one.host.name)?.sources ?? [],
  }));
  const console = openConsole({ ...atCalm, picture: { ...calm.picture, hosts } });
  await console.shows('db6');
  console.press('j\u0014');
  await console.shows(/▸ db2/);
  const rows = console.lines().slice(2, 8);
  expect(
    rows.map((line) =>
      line
        .slice(3, 20)
        .trimEnd()
        .replace(/ {2,}\S+$/, ''),
    ),
  ).toEqual(['db2', '└ db1', '  └ db3 ‹ db4', 'db6', 'db4 ‹ db5', '└ db5']);
  console.press('\u0014');
  await expect.poll(() => console.screen()).not.toContain('└');
  expect(console.underCursor()).toBe('db2');
});

test('ctrl+z shows only hosts with an alert, and says so; esc shows all again', async () => {
  const console = openConsole(inTrouble);
  await console.shows('db6');
  const rows = () => [...console.screen().matchAll(/^ [▸ ] (db\d)/gm)].map(([, name]) => name);
  const troubled = trouble.picture.hosts.filter(({ alerts }) => alerts.length > 0).map(({ host }) => host.name);
  expect(troubled.length).toBeLessThan(rows().length);
  console.press('\u001a');
  await console.shows('only hosts with an alert  (esc: show all)');
  expect(rows()).toEqual(troubled);
  console.press('\u001b');
  await expect.poll(rows).toHaveLength(trouble.picture.hosts.length);
});

test('the cursor stays on its host when the rows change their order', async () => {
  const console = openConsole(atCalm);
  await console.shows('db6');
  console.press('jj');
  await console.shows(/▸ db3/);
  console.press('oa');
  await console.shows('ALERT▼');
  console.fleet.setState(trouble.picture, true);
  await console.shows('1 down');
  expect(console.underCursor()).toBe('db3');
  expect(console.lines()[3]).toContain('db3');
});

test('a list that is longer than the screen says which part of it is shown', async () => {
  const console = openConsole({ ...inTrouble, columns: 30, rows: 8 });
  await console.shows(/HOST .* 1-4 of 6/);
  console.press('G');
  expect(await console.shows(/HOST .* 3-6 of 6/)).toMatch(/db3 .*✖ /);
});

test('a value that is too old is dimmed by its age, and the host that gives no answer says since when', async () => {
  const [first, ...others] = calm.picture.hosts;
  if (!first) throw new Error('nothing was recorded');
  const sinceMs = calm.recordedAtMs - 42_000;
  const silent = {
    ...first,
    link: { state: 'silent', sinceMs } as const,
    alerts: [{ kind: 'silent', level: 'warning', text: 'does not answer; what is shown is old', sinceMs } as const],
  };
  const console = openConsole({ ...atCalm, picture: { ...calm.picture, hosts: [silent, ...others] } });
  const screen = await console.shows('◌ stale');
  expect(screen).toMatch(/db1 .*◌ stale.* 42 s/);
  expect(screen).toContain('◌ 1 stale');
});

test('a part of a report that stays away while the rest comes shows its own age', async () => {
  const later = calm.recordedAtMs + 10 * 60_000;
  const fresh = calm.picture.hosts.map((host) => {
    const ages = Object.keys(host.partAtMs).map((part) => [part, part === 'disk' ? calm.recordedAtMs : later]);
    return { ...host, partAtMs: Object.fromEntries(ages) };
  });
  const console = openConsole({ nowMs: later, picture: { ...calm.picture, hosts: fresh } });
  const screen = await console.shows('db1');
  expect(screen).toMatch(/db1 .*10 % +1\.7G \(10 min\)/);
});

test.each([
  { columns: 80, disk: /10 % \(13 min\)/ },
  { columns: 120, disk: /10 % +1\.7G \(13 min\)/ },
  { columns: 200, disk: /10 % +1\.7G \(13 min\)/ },
])('an old value of a host that answers has its age, whole, at $columns columns', async ({ columns, disk }) => {
  const nowMs = trouble.recordedAtMs + 13 * 60_000;
  const console = openConsole({ picture: trouble.picture, nowMs, columns });
  const screen = await console.shows(/db2 .*13 min/);
  const row = screen.split('\n').find((line) => line.includes('db2')) ?? '';
  expect(row).toMatch(/ 0 s \(13 min\) /);
  expect(row).toMatch(disk);
  expect(screen).not.toMatch(/\(\d+( m| mi| min)?…/);
});

test('a replica that is not connected to its source says so whole in LAG', async () => {
  const hosts = calm.picture.hosts.map((one) => {
    const { replication } = one.report;
    if (one.host.name !== 'db2' || !replication?.ok) return one;
    const channels = replication.value.channels.map((channel) => ({ ...channel, ioThread: 'connecting' as const }));
    return {
      ...one,
      report: { ...one.report, replication: { ...replication, value: { ...replication.value, channels } } },
    };
  });
  const console = openConsole({ ...atCalm, picture: { ...calm.picture, hosts }, columns: 80 });
  expect(await console.shows('db6')).toMatch(/db2 .* no source /);
});

test('a server that the inventory does not have is shown, with the lines that add it', async () => {
  const server = {
    host: '10.77.0.19',
    port: 3306,
    relation: 'replica',
    of: 'db1',
    yaml: '  10.77.0.19:\n    cluster: shop\n    ssh: { host: 10.77.0.19 }',
  } as const;
  const console = openConsole({ ...atCalm, picture: { ...calm.picture, discovered: [server] } });
  await console.shows('+ 10.77.0.19, replica of db1, not in hosts.yaml');
  console.press('G\r');
  const sheet = await console.shows('add these lines below hosts: in hosts.yaml');
  expect(sheet).toContain('ssh: { host: 10.77.0.19 }');
  console.press('y');
  await console.shows('copied');
  expect(console.copied).toEqual([server.yaml]);
  console.press('\x1b');
  await console.shows(/▸ \+ 10\.77/);
  console.press('i');
  await console.shows('only hosts of the inventory are shown');
  expect(console.screen()).not.toContain('10.77.0.19');
});

test('y copies the name of the host under the cursor', async () => {
  const console = openConsole(atCalm);
  await console.shows('db6');
  console.press('jy');
  await console.shows('copied db2');
  expect(console.copied).toEqual(['db2']);
});

test('of a thousand hosts only those on the screen are drawn, and the last one is one key away', async () => {
  const hosts = Array.from({ length: 1000 }, (_, index) => hostLike(calm.picture, 'db2', `db-${index + 1}`));
  const console = openConsole({ ...atCalm, columns: 80, rows: 24, picture: { ...calm.picture, hosts } });
  const first = await console.shows('1000 hosts');
  expect(first.match(/db-\d+/g)).toHaveLength(16);
  console.press('G');
  await console.shows(/▸ db-1000/);
  console.press('\x1b[5~');
  await console.shows(/▸ db-985/);
  console.press('/db-77\r');
  const found = await console.shows(/▸ db-77/);
  expect(found).toContain('db-779');
});

test('without unicode nothing but ASCII is drawn', async () => {
  const console = openConsole({ ...inTrouble, look: { unicode: false } });
  const screen = await console.shows('* 4 up  x 1 unreachable  o 1 down');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: this is what ASCII is.
  expect(screen.replace(/[\x00-\x7f]/g, '')).toBe('');
  expect(console.underCursor()).toBe('db1');
});

test('for a screen reader each host is a sentence, the one under the cursor last and whole', async () => {
  const console = openConsole({ ...inTrouble, look: { linear: true }, columns: 80, rows: 24 });
  await console.shows('selected, 1 of 6: db1: mysql up');
  console.press('jj');
  const screen = await console.shows('selected, 3 of 6: db3: mysql down, alert mysql is stopped');
  expect(screen).not.toMatch(/[─█░▸]/);
  expect(screen).not.toMatch(/\d\d:\d\d:\d\d/);
});

test('what was said of a key goes from the screen though no other key is pressed: its cause may be gone', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true });
  onTestFinished(() => void vi.useRealTimers());
  const console = openConsole(inTrouble);
  await console.shows('▸ db1');
  console.press('~');
  await console.shows('~ does nothing here');
  vi.advanceTimersByTime(21_000);
  await expect.poll(() => console.screen()).not.toContain('does nothing here');
});

test('the age of the newest snapshot is not cut: its word goes first', async () => {
  const hosts = trouble.picture.hosts.map((one) => {
    const { lvm } = one.report;
    if (!lvm?.ok) return one;
    const createdSeconds = trouble.recordedAtMs / 1000 - 20 * 60;
    const volumes = lvm.value.volumes.map((volume) => ({ ...volume, valid: true, createdSeconds }));
    return { ...one, alerts: [], report: { ...one.report, lvm: { ...lvm, value: { ...lvm.value, volumes } } } };
  });
  const row = async (columns: number) => {
    const console = openConsole({ ...inTrouble, picture: { ...trouble.picture, hosts }, columns });
    await console.shows('db1');
    return `${console.lines().find((line) => line.includes(' db1 '))} `;
  };
  expect(await row(200)).toContain(' 1 · 20 min ago ');
  for (const columns of [60, 70, 80, 90, 100, 110, 120])
    expect(await row(columns)).not.toMatch(/ 1 · \d+ ?(?!\d| min)/);
});

test('in a narrow header a blank stays between the states and READ-WRITE', async () => {
  const sinceMs = trouble.recordedAtMs - 42_000;
  const hosts = trouble.picture.hosts.map((one) =>
    one.host.name === 'db2' ? { ...one, link: { state: 'silent', sinceMs } as const } : one,
  );
  for (const columns of [44, 46, 48, 50, 52, 54, 56, 58, 60]) {
    const console = openConsole({ ...inTrouble, picture: { ...trouble.picture, hosts }, columns });
    await console.shows('READ-WRITE');
    expect(console.lines()[0], `at ${columns}`).toMatch(/ READ-WRITE/);
  }
});

test('in a narrow header what is in order is left out before any trouble is cut', async () => {
  const console = openConsole({ ...inTrouble, columns: 44 });
  await console.shows('READ-WRITE');
  expect(console.lines()[0]).toMatch(/^ {2}✖ 2 critical {2}! 2 warnings +READ-WRITE/);
});

describe('a recovery that a rule has planned', () => {
  const recovery = { donor: 'db2', method: 'lvm' };
  const planned = [{ host: 'db3', text: 'recovery is planned: seed db2 → db3', recovery }];

  test('is told at its host, with the key that shows its plan, which the footer has there alone', async () => {
    const console = openConsole({ ...atCalm, planned, columns: 160 });
    const screen = await console.shows('db3');
    expect(screen).toMatch(/db3 .*! R: recovery is planned: seed db2 → db3/);
    expect(screen).not.toMatch(/db2 .*recovery/);
    expect(console.lines().at(-1)).not.toContain('R recovery');
    console.press('R');
    await console.shows('R: no rule has planned a recovery of it');
    console.press('jj');
    await console.shows('── db3');
    expect(console.lines().at(-1)).toContain('R recovery');
  });

  test('is shown by R with every check, and begins by the name of its host alone', async () => {
    const console = openConsole({ ...atCalm, planned, rows: 60 });
    await console.shows('db3');
    console.press('jjR');
    await console.shows('asking db2 and db3 for the plan of the recovery');
    expect(console.jobs.seeds.map(({ choice: { donor, targets, method } }) => [donor, ...targets, method])).toEqual([
      ['db2', 'db3', 'lvm'],
    ]);
    console.jobs.seeds[0]?.answer();
    await console.shows('y asks for the name db3');
    console.press('ydb3\r');
    await expect.poll(() => console.screens.getState().stack.at(-1)).toEqual({ name: 'job', id: 17 });
    expect(console.jobs.launched).toHaveLength(1);
  });

  test('opens no plan over another screen that was opened meanwhile', async () => {
    const console = openConsole({ ...atCalm, planned });
    await console.shows('db3');
    console.press('jjR');
    await console.shows('asking db2 and db3');
    console.press('J');
    await console.shows('jobs');
    console.jobs.seeds[0]?.answer();
    await console.shows('db3: the recovery was left aside');
    expect(console.jobs.launched).toHaveLength(0);
  });

  test('for which no donor is found is told, and R has nothing to show', async () => {
    const none = [{ host: 'db3', text: 'no recovery is planned: there is no good donor' }];
    const console = openConsole({ ...atCalm, planned: none, columns: 200 });
    expect(await console.shows('db3')).toMatch(/db3 .*! no recovery is planned: there is no good donor/);
    console.press('jjR');
    await console.shows('R: no rule has planned a recovery of it');
  });

  test('stays shown on the screen of its host', async () => {
    const console = openConsole({ ...atCalm, planned });
    await console.shows('db3');
    console.press('jj\r');
    await console.shows('R: recovery is planned: seed db2 → db3');
    expect(console.lines().at(-1)).toContain('R recovery');
  });
});
