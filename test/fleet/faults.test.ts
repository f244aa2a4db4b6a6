// `reseed drill fault` has a real effect on MySQL hosts, status reports it, and heal reverses it. faults-mariadb.test.ts has others, and the
// walk what these have on a MySQL.
import { expect, test } from 'vitest';
import { heal, healsWhatIsBroken, make, replicates } from './breaking.ts';
import { drill, onHost, printedOn, reseed, statusOf, until } from './fleet.ts';
import { usesHosts } from './uses.ts';

usesHosts('db1', 'db2', 'db3', 'db6');
healsWhatIsBroken();

/** Whether a TCP connection from one host to another's server gets its greeting. */
async function greets(from: string, address: string, seconds = 5): Promise<boolean> {
  const done = await onHost(
    from,
    `timeout ${seconds} bash -c 'exec 3<>/dev/tcp/${address}/3306 && head -c 4 <&3 | wc -c'`,
  );
  return done.stdout.trim() === '4';
}

test('power-cut: the machine is off, nothing else can be made of it, and it comes back with what was made before', async () => {
  await make('stop-mysql', 'db2');
  await drill('fault', 'power-cut', 'db2');
  const { faults, ...off } = await statusOf('db2');
  expect(faults.map(({ name }) => name)).toEqual(['stop-mysql', 'power-cut']);
  expect(off).toMatchObject({ machine: 'off', ssh: null, mysql: null, ledger: null });
  expect(await refusal('power-cut', 'db2')).toBe(
    'reseed: power-cut was made on db2 already; take that back first: reseed drill heal db2',
  );
  expect(await refusal('cut', 'db2')).toBe('reseed: db2 is off; take that back first: reseed drill heal db2');
  // The last fault is healed first.
  expect(await drill('heal', 'db2')).toContain('db2: healed power-cut, stop-mysql');
  expect(await statusOf('db2')).toMatchObject({ machine: 'running', faults: [] });
  await replicates('db2');
  expect(await drill('verify', 'db2')).toContain('✔');
});

async function refusal(...words: string[]): Promise<string | undefined> {
  const { exitCode, stderr } = await reseed(['drill', 'fault', ...words]);
  expect(exitCode).toBe(3);
  // If another drill command runs, a message says so first.
  return stderr.split('\n').at(-1);
}

test('what can’t be made of a host is refused', async () => {
  expect(await refusal('break-replication', 'db1')).toBe(
    "reseed: break-replication can't be made on db1: it is not a replica",
  );
});

test('cut: nobody reaches the host, which runs on', async () => {
  await make('cut', 'db3');
  const cut = await statusOf('db3');
  expect(cut).toMatchObject({ machine: 'running', mysql: 'active' });
  expect(cut.ssh).not.toBe('ok');
  await heal('db3');
  expect((await statusOf('db3')).ssh).toBe('ok');
  await replicates('db3');
});

test('errant: the replica has what its primary never had, and goes on; a scenario says so; healed, it has neither rows nor GTIDs of it', async () => {
  await make('errant', 'db3');
  await replicates('db3');
  expect((await reseed(['drill', 'verify', 'db3'])).stdout).toContain('differs: drill.written_by_hand');
  await heal('db3');
  await replicates('db3');
  expect(await drill('verify', 'db3')).toContain('✔');
  const own = await printedOn('db3', `mysql -NBe "SELECT @@gtid_executed LIKE CONCAT('%', @@server_uuid, '%')"`);
  expect(own.trim()).toBe('0');
});

test('wrong-source: the replica replicates from a replica, and from its primary again once it is healed', async () => {
  const source = () => printedOn('db3', "mysql --vertical -e 'SHOW REPLICA STATUS' | sed -n 's/^ *Source_Host: //p'");
  await make('wrong-source', 'db3', 'db2');
  expect((await source()).trim()).toBe('10.77.0.12');
  await replicates('db3');
  await heal('db3');
  expect((await source()).trim()).toBe('10.77.0.11');
  await replicates('db3');
});

test('cut-seed: nothing is broken until a seed brings data, and then all packets are lost for a while', async () => {
  await make('cut-seed', 'db3', 'all', '20');
  expect((await statusOf('db3')).ssh).toBe('ok');
  await onHost('db3', 'mkdir -p /srv/mysql/data/.reseed-cafe/new/shop');
  const login = async () => (await statusOf('db3')).ssh;
  await until(login, (ssh) => ssh !== 'ok');
  await until(login, (ssh) => ssh === 'ok');
  await onHost('db3', 'rm -r /srv/mysql/data/.reseed-cafe');
  await heal('db3');
  await replicates('db3');
});

test('a scenario begins on hosts in order, counts hints, ends by the fleet alone, and is on the sheet', async () => {
  expect(await drill('scenario', 'start', 'full-disk')).toContain('goal: the disk of the datadir of db2');
  expect((await reseed(['drill', 'scenario', 'start', 'errant'])).stderr).toContain(
    'the scenario full-disk is running',
  );
  const early = await reseed(['drill', 'scenario', 'verify']);
  expect([early.exitCode, early.stdout]).toEqual([1, expect.stringContaining('✖ the disk of the datadir of db2')]);
  expect(await drill('scenario', 'hint')).toMatch(/^hint 1 of 3: /);
  await heal('db2');
  await replicates('db2');
  expect(await drill('scenario', 'verify')).toMatch(/full-disk: 90 points, after .* and 1 hints/);
  expect(await drill('scenario', 'score', '--team', 'tests')).toMatch(/full-disk: .*reached.*1 of 3 \| 90 \|/);
});

test('cut between two hosts: the others do not notice', async () => {
  await make('cut', 'db1', 'db2');
  expect(await greets('db2', '10.77.0.11')).toBe(false);
  expect(await greets('db3', '10.77.0.11')).toBe(true);
  expect((await statusOf('db1')).ssh).toBe('ok');
  await heal('db1');
  expect(await greets('db2', '10.77.0.11')).toBe(true);
});

test('fill-disk: nothing can be written, on ext4 and on XFS', async () => {
  for (const [host, folder] of [
    ['db6', '/var/lib/mysql'],
    ['db3', '/srv/mysql'],
  ] as const) {
    await make('fill-disk', host);
    const write = await onHost(host, `head -c 10000000 /dev/zero >${folder}/more; s=$?; rm -f ${folder}/more; exit $s`);
    expect(write.stderr).toContain('No space left on device');
    expect((await statusOf(host)).datadirUsedPercent).toBe(100);
    await heal(host);
    expect((await statusOf(host)).datadirUsedPercent).toBeLessThan(50);
  }
});

test('fill-snapshot: a classic snapshot becomes invalid', async () => {
  await make('fill-snapshot', 'db1');
  expect(await printedOn('db1', 'lvs --noheadings -o lv_snapshot_invalid,lv_name vg0/drill-full | xargs')).toBe(
    'snapshot invalid drill-full',
  );
  expect((await statusOf('db1')).mysql).toBe('active');
  await heal('db1');
  expect(await printedOn('db1', 'lvs --noheadings -o lv_name vg0 | xargs')).toBe('mysql');
});

test('corrupt-datadir: the server does not start and its log says why', async () => {
  await make('corrupt-datadir', 'db3');
  const log = () => printedOn('db3', 'tail -n 30 /var/log/mysql/error.log');
  await until(log, (text) => /\[ERROR\].*InnoDB/.test(text) && text.includes('Aborting'));
  expect((await statusOf('db3')).mysql).not.toBe('active');
  await heal('db3');
  await replicates('db3');
  expect(await drill('verify', 'db3')).toContain('✔');
});

test('rekey-ssh: ssh refuses the changed key', async () => {
  await make('rekey-ssh', 'db6');
  expect((await statusOf('db6')).ssh).toBe('host key changed');
  await heal('db6');
  expect((await statusOf('db6')).ssh).toBe('ok');
});
