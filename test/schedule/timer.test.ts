// What a machine gets that ticks each minute: units of systemd, or a line of a crontab.
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test, vi } from 'vitest';
import { install, isInstalled, planInstall } from '../../src/operations/schedules/install.ts';
import { planUninstall, uninstall } from '../../src/operations/schedules/uninstall.ts';
import {
  crontabLine,
  isActive,
  isOfOther,
  tickCommand,
  tickerName,
  units,
  withLine,
} from '../../src/schedule/timer.ts';

const ticker = {
  command: tickCommand('/usr/bin/node', '/opt/my tools/reseed.js', '/etc/100%/$HOME/"a"\\b/hosts.yaml'),
  environment: { HOME: '/home/$ops', XDG_STATE_HOME: "/srv/o'neil" },
  fleet: 'shop & crm',
};

test('the units keep every sign of a path as it is, and let jobs go on after the tick', () => {
  const [service, timer] = units(ticker);
  expect([service?.name, timer?.name]).toEqual(['reseed-schedule-shop-crm.service', 'reseed-schedule-shop-crm.timer']);
  expect(service?.text.split('\n')).toEqual(
    expect.arrayContaining([
      'Environment="HOME=/home/$ops"',
      'ExecStart="/usr/bin/node" "/opt/my tools/reseed.js" "schedule" "tick" "--inventory" "/etc/100%%/$$HOME/\\"a\\"\\\\b/hosts.yaml"',
      'KillMode=process',
    ]),
  );
  expect(timer?.text).toContain('OnCalendar=*-*-* *:*:00');
});

test('the line of a crontab runs the same words in a shell', async () => {
  const line = crontabLine({ ...ticker, command: ['printf', '%s|', 'a b', "o'neil", '100%', '$HOME'] });
  const [, text = ''] = /^\* \* \* \* \* (.*)$/.exec(line) ?? [];
  // cron takes \% for %.
  const { stdout } = await execa('sh', ['-c', text.replaceAll('\\%', '%')]);
  expect(stdout).toBe("a b|o'neil|100%|$HOME|");
});

test('a crontab keeps its other lines, and has the one of a fleet once', () => {
  const line = crontabLine(ticker);
  const other = '0 1 * * * /usr/bin/backup';
  const once = withLine(`${other}\n`, line, ticker.fleet);
  expect(once).toBe(`${other}\n${line}\n`);
  expect(withLine(once, line, ticker.fleet)).toBe(once);
  expect(withLine('', line, ticker.fleet)).toBe(`${line}\n`);
});

test('a fleet with a name of signs alone has a unit too', () => {
  expect(tickerName('§§')).toBe('reseed-schedule');
});

test('the entry of another inventory with the same name is told from the own one', () => {
  const other = { ...ticker, command: tickCommand('/usr/bin/node', '/opt/reseed.js', '/srv/crm/hosts.yaml') };
  const texts = (one: typeof ticker) => [
    units(one)[0]?.text ?? '',
    withLine('0 1 * * * backup\n', crontabLine(one), one.fleet),
  ];
  expect(texts(ticker).map((text) => isOfOther(text, ticker))).toEqual([false, false]);
  expect(texts(other).map((text) => isOfOther(text, ticker))).toEqual([true, true]);
  // The line of another fleet is not looked at.
  expect(isOfOther(crontabLine({ ...other, fleet: 'crm' }), ticker)).toBe(false);
});

test('a timer whose files are there, and that was not enabled, is not installed', () => {
  const files = [{ path: '/etc/systemd/system/reseed-schedule.timer', text: 'x', before: 'x' }];
  const shown = (timer: string, reload = 'no') =>
    `NeedDaemonReload=no\nActiveState=inactive\nUnitFileState=static\n\nNeedDaemonReload=${reload}\n${timer}\n`;
  const enabled = 'ActiveState=active\nUnitFileState=enabled';
  expect(isInstalled({ files, isAtWork: isActive(shown(enabled)) })).toBe(true);
  const idle = [
    shown('ActiveState=inactive\nUnitFileState=enabled'),
    shown('ActiveState=active\nUnitFileState=disabled'),
    shown(enabled, 'yes'),
  ];
  for (const text of idle) expect(isInstalled({ files, isAtWork: isActive(text) })).toBe(false);
});

test('a line that was added to the crontab while install asked is not lost', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'reseed-install-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const kept = join(folder, 'kept');
  await writeFile(join(folder, 'crontab'), `#!/bin/sh\ncase $1 in -l) cat '${kept}' ;; -) cat >'${kept}' ;; esac\n`);
  await chmod(join(folder, 'crontab'), 0o755);
  await writeFile(kept, '0 1 * * * a\n0 2 * * * added\n');
  vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
  onTestFinished(() => void vi.unstubAllEnvs());
  const line = { text: crontabLine(ticker), fleet: ticker.fleet };
  const files = [{ path: 'crontab', text: '', before: '0 1 * * * a\n' }];
  const plan = {
    kind: 'cron',
    files,
    isAtWork: true,
    commands: [],
    undo: [],
    notes: [],
    removal: '',
    environment: {},
    line,
  } as const;
  expect(await install(plan)).toMatchObject({
    ok: false,
    refusal: { message: expect.stringContaining('another than it was') },
  });
  expect(await readFile(kept, 'utf8')).toBe('0 1 * * * a\n0 2 * * * added\n');
});

test('install shows the crontab, asks, writes it, and does nothing the second time', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'reseed-install-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const kept = join(folder, 'kept');
  const program = `#!/bin/sh\ncase $1 in -l) cat '${kept}' 2>/dev/null || { echo 'no crontab for ops' >&2; exit 1; } ;; -) cat >'${kept}' ;; esac\n`;
  await writeFile(join(folder, 'crontab'), program);
  await chmod(join(folder, 'crontab'), 0o755);
  await writeFile(join(folder, 'hosts.yaml'), 'fleet: shop\nhosts: { db1: {} }\n');
  const reseed = (...words: string[]) =>
    execa(process.execPath, ['bin/reseed.js', 'schedule', 'install', '--by', 'cron', ...words], {
      reject: false,
      stdin: 'ignore',
      env: {
        PATH: `${folder}:${process.env.PATH}`,
        XDG_STATE_HOME: folder,
        RESEED_TEST_KEYS: folder,
        RESEED_INVENTORY: join(folder, 'hosts.yaml'),
      },
    });
  const asked = await reseed();
  expect([asked.exitCode, asked.stderr]).toEqual([3, expect.stringContaining('to agree in advance: --yes')]);
  expect(asked.stdout).toMatch(
    /^the crontab of this account becomes:\n {4}\* \* \* \* \* .*schedule tick --inventory .*# reseed-schedule-shop$/m,
  );
  await expect(readFile(kept)).rejects.toThrow();
  expect((await reseed('--yes')).stdout).toContain('installed; to take it away: reseed schedule uninstall');
  expect(await readFile(kept, 'utf8')).toMatch(/^\* \* \* \* \* .*# reseed-schedule-shop\n$/);
  expect((await reseed('--yes')).stdout).toContain('nothing was done');
  // Bytes of another encoding stay, in lines that are not ours.
  const latin = Buffer.from('0 1 * * * /usr/bin/backup /srv/caf\xe9\n', 'latin1');
  await writeFile(kept, latin);
  expect((await reseed('--yes')).stdout).toContain('installed; to take it away: reseed schedule uninstall');
  expect((await readFile(kept)).subarray(0, latin.length).equals(latin)).toBe(true);
  // A variable that only this shell has.
  const keyed = join(folder, 'keyed.yaml');
  await writeFile(keyed, 'fleet: keyed\nhosts: { db1: { ssh: { identity: "$RESEED_TEST_KEYS/id" } } }\n');
  const unread = await reseed('--yes', '--inventory', keyed);
  expect([unread.exitCode, unread.stderr]).toEqual([
    3,
    expect.stringMatching(
      /a tick could not read the inventory, since it has only HOME, XDG_STATE_HOME: .*RESEED_TEST_KEYS/,
    ),
  ]);
  expect(await readFile(kept, 'latin1')).not.toContain('keyed');
  // Who may write the inventory begins jobs by it.
  await chmod(join(folder, 'hosts.yaml'), 0o664);
  expect((await reseed('--dry-run')).stdout).toMatch(
    /^! the group of \S+hosts.yaml may write it: each of them begins jobs/m,
  );
  await chmod(join(folder, 'hosts.yaml'), 0o644);
  expect((await reseed('--dry-run')).stdout).not.toContain('may write it');
  const twin = join(folder, 'twin.yaml');
  await writeFile(twin, 'fleet: shop\nhosts: { db1: {} }\n');
  const taken = await reseed('--yes', '--inventory', twin);
  expect([taken.exitCode, taken.stderr]).toEqual([
    3,
    expect.stringContaining('reseed-schedule-shop is there already, and is of another inventory'),
  ]);
  expect(await readFile(kept, 'utf8')).not.toContain('twin');
  // One that can't be read now would be lost.
  await writeFile(join(folder, 'crontab'), program.replace('no crontab for ops', 'cannot open it: I/O error'));
  await rm(kept);
  const torn = await reseed('--yes');
  expect([torn.exitCode, torn.stderr]).toEqual([
    1,
    expect.stringContaining("can't be read: cannot open it: I/O error"),
  ]);
});

/** A machine whose crontab is a file, as an account of its own that is root or not. */
async function machine() {
  const folder = await mkdtemp(join(tmpdir(), 'reseed-uninstall-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const kept = join(folder, 'kept');
  const program = `#!/bin/sh\ncase $1 in -l) cat '${kept}' 2>/dev/null || { echo 'no crontab for ops' >&2; exit 1; } ;; -r) rm '${kept}' ;; -) cat >'${kept}' ;; esac\n`;
  await writeFile(join(folder, 'crontab'), program);
  await chmod(join(folder, 'crontab'), 0o755);
  const inventory = join(folder, 'hosts.yaml');
  await writeFile(inventory, 'fleet: shop\nhosts: { db1: {} }\n');
  const reseed = (...words: string[]) =>
    execa(process.execPath, ['bin/reseed.js', 'schedule', ...words], {
      reject: false,
      stdin: 'ignore',
      env: { PATH: `${folder}:${process.env.PATH}`, XDG_STATE_HOME: folder, RESEED_INVENTORY: inventory },
    });
  return { folder, kept, inventory, reseed };
}

test('uninstall takes the line of its inventory out of the crontab, and leaves all others byte for byte', async () => {
  const { folder, kept, reseed } = await machine();
  const by = ['--by', 'cron', '--yes'];
  await reseed('install', ...by);
  expect((await reseed('uninstall', '--by', 'cron')).exitCode).toBe(3);
  expect((await reseed('uninstall', ...by)).stdout).toContain('removed: nothing looks at these schedules any more');
  // There was none before install.
  await expect(readFile(kept)).rejects.toThrow();
  expect((await reseed('uninstall', ...by)).stdout).toBe('nothing of this inventory is installed: nothing was done');
  const latin = Buffer.from('0 1 * * * /usr/bin/backup /srv/caf\xe9\n\n# mine\n', 'latin1');
  await writeFile(kept, latin);
  await reseed('install', ...by);
  const twin = join(folder, 'twin.yaml');
  await writeFile(twin, 'fleet: shop\nhosts: { db1: {} }\n');
  const other = await reseed('uninstall', ...by, '--inventory', twin);
  expect(other.stdout).toContain(
    '! stays: a line of the crontab by the name reseed-schedule-shop: it is of another inventory',
  );
  expect(await readFile(kept, 'latin1')).toContain('reseed-schedule-shop');
  const shown = await reseed('uninstall', '--by', 'cron', '--dry-run');
  expect(shown.stdout).toMatch(/^out of the crontab of this account:\n {4}\* \* \* \* \* .*# reseed-schedule-shop$/);
  await reseed('uninstall', ...by);
  expect((await readFile(kept)).equals(latin)).toBe(true);
});

test.each([
  ['that is broken by now', (inventory: string) => writeFile(inventory, 'fleet: [\n')],
  ['that is gone', (inventory: string) => rm(inventory)],
  [
    'whose fleet has another name since',
    (inventory: string) => writeFile(inventory, 'fleet: shop2\nhosts: { db1: {} }\n'),
  ],
])('uninstall takes away what looks at an inventory %s: it went on each minute', async (_, change) => {
  const { kept, inventory, reseed } = await machine();
  const mine = '0 1 * * * /usr/bin/backup\n';
  await writeFile(kept, mine);
  await reseed('install', '--by', 'cron', '--yes');
  expect(await readFile(kept, 'utf8')).toContain(`--inventory ${inventory} # reseed-schedule-shop`);
  await change(inventory);
  const { exitCode, stderr } = await reseed('uninstall', '--by', 'cron', '--yes');
  expect([exitCode, stderr]).toEqual([0, '']);
  expect(await readFile(kept, 'utf8')).toBe(mine);
});

test('uninstall of a timer removes it where the account may use no crontab, and says that it looked into none', async () => {
  const { folder, inventory } = await machine();
  vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
  onTestFinished(() => void vi.unstubAllEnvs());
  const place = { folder, systemctl: [join(folder, 'systemctl')], isRoot: false, username: 'ops' };
  await writeFile(join(folder, 'systemctl'), '#!/bin/sh\n');
  await chmod(join(folder, 'systemctl'), 0o755);
  const request = { fleet: 'shop', inventory, program: '/opt/reseed.js' };
  const installing = await planInstall({ ...request, kind: 'systemd' }, place);
  if (!installing.ok) throw new Error(installing.refusal.message);
  expect(await install(installing.value)).toMatchObject({ ok: true });
  await writeFile(
    join(folder, 'crontab'),
    "#!/bin/sh\necho 'You (ops) are not allowed to use this program (crontab)' >&2; exit 1\n",
  );
  expect(await planUninstall(request, place)).toMatchObject({
    ok: true,
    value: {
      files: [expect.stringContaining('.timer'), expect.stringContaining('.service')],
      lines: [],
      kept: [expect.stringMatching(/^a line of the crontab, if there is one: .*not allowed to use this program/)],
    },
  });
  // Where there is no timer either, nothing is known to be installed.
  expect(await planUninstall({ inventory: '/srv/other.yaml' }, place)).toMatchObject({ ok: false });
});

test('install says which receiver gets nothing from a tick, since the variable with its URL is not there', async () => {
  const { folder, inventory } = await machine();
  const place = { folder, systemctl: ['true'], isRoot: true, username: 'root' };
  const told = {
    notify: [
      {
        name: 'events',
        on: ['failed'],
        againMs: 0,
        way: { to: 'webhook', url: { variable: 'RESEED_EVENTS_URL' } },
      },
      { name: 'team', on: ['failed'], againMs: 0, way: { to: 'slack', url: { file: '/x' } } },
    ],
    heartbeat: { variable: 'BEAT_URL' },
  } as const;
  const request = { fleet: 'shop', inventory, program: '/opt/reseed.js', kind: 'systemd' } as const;
  const notesOf = async (one: Parameters<typeof planInstall>[0]) => {
    const planned = await planInstall(one, place);
    return planned.ok ? planned.value.notes.filter((note) => note.includes('URL')) : [];
  };
  expect(await notesOf({ ...request, told })).toEqual([
    expect.stringMatching(
      /^RESEED_EVENTS_URL, the URL of receiver events, is no variable of a tick: .*EnvironmentFile=.*reseed-schedule-shop.service/,
    ),
    expect.stringMatching(/^BEAT_URL, the URL of the heartbeat, /),
  ]);
  expect(await notesOf(request)).toEqual([]);
});

test.each([
  ['daemon-reload', 'while systemd does not answer'],
  ['enable', 'whose timer can not be enabled'],
])(
  'a timer is installed whole or not at all, where systemctl %s fails: files were left that uninstall could not take away',
  async (failing) => {
    const { folder, inventory } = await machine();
    const systemctl = join(folder, 'systemctl');
    await writeFile(
      systemctl,
      `#!/bin/sh\ncase $1 in ${failing}) echo 'Failed to connect to bus' >&2; exit 1 ;; esac\n`,
    );
    await chmod(systemctl, 0o755);
    const units = join(folder, 'units');
    const place = { folder: units, systemctl: [systemctl], isRoot: true, username: 'root' };
    const request = { fleet: 'shop', inventory, program: '/opt/reseed.js', kind: 'systemd' } as const;
    const installing = await planInstall(request, place);
    if (!installing.ok) throw new Error(installing.refusal.message);
    expect(await install(installing.value)).toMatchObject({
      ok: false,
      refusal: {
        message: expect.stringMatching(/^not installed: .*Failed to connect to bus; the files are as they were$/),
      },
    });
    expect(await readdir(units)).toEqual([]);
    // One that is there already is as it was, and goes on.
    const timer = join(units, 'reseed-schedule-shop.timer');
    await writeFile(timer, '[Timer]\n');
    const again = await planInstall(request, place);
    if (!again.ok) throw new Error(again.refusal.message);
    expect(await install(again.value)).toMatchObject({ ok: false });
    expect([await readdir(units), await readFile(timer, 'utf8')]).toEqual([
      ['reseed-schedule-shop.timer'],
      '[Timer]\n',
    ]);
  },
);

test('a timer is installed whole or not at all, where the second of its files can not be written: the service stayed', async () => {
  const { folder, inventory } = await machine();
  const units = join(folder, 'units');
  await mkdir(units);
  const service = join(units, 'reseed-schedule-shop.service');
  await writeFile(service, '[Service]\n');
  const place = { folder: units, systemctl: ['true'], isRoot: true, username: 'root' };
  const installing = await planInstall({ fleet: 'shop', inventory, program: '/opt/reseed.js', kind: 'systemd' }, place);
  if (!installing.ok) throw new Error(installing.refusal.message);
  await mkdir(join(units, 'reseed-schedule-shop.timer'));
  expect(await install(installing.value)).toMatchObject({
    ok: false,
    refusal: {
      message: expect.stringMatching(/^not installed: .*\.timer could not be written: .*; the files are as they were$/),
      advice: expect.stringContaining('--by cron'),
    },
  });
  expect(await readFile(service, 'utf8')).toBe('[Service]\n');
  expect((await readdir(units)).toSorted()).toEqual(['reseed-schedule-shop.service', 'reseed-schedule-shop.timer']);
});

test('a unit that is written on a full disk is the one that was there: it was empty, and the timer that worked was gone', async () => {
  const { folder } = await machine();
  const unit = join(folder, 'x.timer');
  await writeFile(unit, '[Timer]\n');
  // No file may have more bytes than that: the write fails after its first ones, as on a full disk.
  const program = `import { written } from '${join(import.meta.dirname, '../../src/operations/schedules/unit-files.ts')}';
    process.on('SIGXFSZ', () => undefined);
    console.log(written('${unit}', 'x'.repeat(100_000)));`;
  const file = join(folder, 'write.mts');
  await writeFile(file, program);
  const { stdout } = await execa('sh', ['-c', `ulimit -f 1; exec "${process.execPath}" "${file}"`]);
  expect(stdout).toContain('EFBIG');
  expect([await readFile(unit, 'utf8'), (await readdir(folder)).filter((name) => name.startsWith('x.'))]).toEqual([
    '[Timer]\n',
    ['x.timer'],
  ]);
});

test('units that were left where no manager answers can be taken away: uninstall stopped at systemctl, and removed none', async () => {
  const { folder, inventory } = await machine();
  const units = join(folder, 'units');
  const place = { folder: units, systemctl: ['true'], isRoot: false, username: 'ops' };
  const request = { fleet: 'shop', inventory, program: '/opt/reseed.js', kind: 'systemd' } as const;
  const installing = await planInstall(request, place);
  if (!installing.ok) throw new Error(installing.refusal.message);
  expect(await install(installing.value)).toMatchObject({ ok: true });
  const wants = join(units, 'timers.target.wants');
  await mkdir(wants);
  await symlink(join(units, 'reseed-schedule-shop.timer'), join(wants, 'reseed-schedule-shop.timer'));
  const systemctl = join(folder, 'systemctl');
  await writeFile(systemctl, "#!/bin/sh\necho 'Failed to connect to bus' >&2; exit 1\n");
  await chmod(systemctl, 0o755);
  const planned = await planUninstall(request, { ...place, systemctl: [systemctl] });
  if (!planned.ok) throw new Error(planned.refusal.message);
  expect(await uninstall(planned.value)).toMatchObject({
    ok: false,
    refusal: {
      message: expect.stringMatching(/^all of it is removed, but a timer that a manager has loaded .*connect to bus/),
      advice: expect.stringMatching(/disable --now reseed-schedule-shop.timer && .*daemon-reload$/),
    },
  });
  expect([await readdir(units), await readdir(wants)]).toEqual([['timers.target.wants'], []]);
});

test('uninstall stops the timer before it removes its units, and leaves units of another inventory and what an operator added', async () => {
  const { folder, inventory } = await machine();
  vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
  onTestFinished(() => void vi.unstubAllEnvs());
  await writeFile(
    join(folder, 'systemctl'),
    `#!/bin/sh\necho "$*" >>'${folder}/said'; ls '${folder}/systemd/user' >>'${folder}/said'\n`,
  );
  await chmod(join(folder, 'systemctl'), 0o755);
  const place = {
    folder: join(folder, 'systemd', 'user'),
    systemctl: ['systemctl', '--user'],
    isRoot: false,
    username: 'ops',
  };
  const request = { fleet: 'shop', inventory, program: '/opt/reseed.js', kind: 'systemd' } as const;
  const installing = await planInstall(request, place);
  if (!installing.ok) throw new Error(installing.refusal.message);
  expect(await install(installing.value)).toMatchObject({ ok: true });
  const unit = join(folder, 'systemd', 'user', 'reseed-schedule-shop.timer');
  await mkdir(`${unit}.d`);
  const twin = await planUninstall({ ...request, inventory: '/srv/twin.yaml' }, place);
  expect(twin).toMatchObject({
    ok: true,
    value: {
      files: [],
      before: [],
      kept: [expect.stringMatching(/service: it is not of/), expect.stringMatching(/timer: it is not of/)],
    },
  });
  const own = await planUninstall(request, place);
  if (!own.ok) throw new Error(own.refusal.message);
  expect(own.value).toMatchObject({
    files: [unit, unit.replace('.timer', '.service')],
    kept: [`${unit}.d: reseed did not write it`],
  });
  await rm(join(folder, 'said'));
  expect(await uninstall(own.value)).toMatchObject({ ok: true });
  expect((await readFile(join(folder, 'said'), 'utf8')).trim().split('\n')).toEqual([
    '--user disable --now reseed-schedule-shop.timer',
    'reseed-schedule-shop.service',
    'reseed-schedule-shop.timer',
    'reseed-schedule-shop.timer.d',
    '--user daemon-reload',
    'reseed-schedule-shop.timer.d',
  ]);
});
