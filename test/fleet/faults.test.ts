import { afterEach, describe, expect, test } from 'vitest';
import { drill, onHost, printedOn, reseed, statusOf, until } from './fleet.ts';

/** Whether a TCP connection from one host to another's server gets its greeting. */
async function greets(from: string, address: string, seconds = 5): Promise<boolean> {
  const done = await onHost(
    from,
    `timeout ${seconds} bash -c 'exec 3<>/dev/tcp/${address}/3306 && head -c 4 <&3 | wc -c'`,
  );
  return done.stdout.trim() === '4';
}

describe('a fault is real, status tells of it, and heal takes it back', () => {
  const broken = new Set<string>();
  afterEach(async () => {
    for (const host of broken) await drill('heal', host);
    broken.clear();
  });

  async function make(fault: string, host: string, ...args: string[]): Promise<void> {
    broken.add(host);
    await drill('fault', fault, host, ...args);
    expect((await statusOf(host)).faults).toEqual([{ name: fault, args }]);
  }

  async function heal(host: string): Promise<void> {
    await drill('heal', host);
    broken.delete(host);
    const { faults, machine } = await statusOf(host);
    expect({ faults, machine }).toEqual({ faults: [], machine: 'running' });
  }

  const replicates = (host: string) =>
    until(
      () => statusOf(host),
      ({ replication, lagSeconds }) => replication === 'replicating' && lagSeconds === 0,
    );

  test('power-cut: the machine is off, its server recovers and replicates', async () => {
    await make('power-cut', 'db2');
    expect(await statusOf('db2')).toMatchObject({ machine: 'off', ssh: null, mysql: null, ledger: null });
    await heal('db2');
    await replicates('db2');
    expect(await drill('verify', 'db2')).toContain('✔');
  });

  test('pause and resume: silent, then as if nothing had been', async () => {
    const running = await printedOn('db4', 'systemctl show -p MainPID --value mariadb');
    await make('pause', 'db4');
    expect(await statusOf('db4')).toMatchObject({ machine: 'paused', ssh: null, mysql: null });
    await drill('fault', 'resume', 'db4');
    broken.delete('db4');
    expect(await statusOf('db4')).toMatchObject({ machine: 'running', faults: [] });
    expect(await printedOn('db4', 'systemctl show -p MainPID --value mariadb')).toBe(running);
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

  test('cut between two hosts: the others do not notice', async () => {
    await make('cut', 'db1', 'db2');
    expect(await greets('db2', '10.77.0.11')).toBe(false);
    expect(await greets('db3', '10.77.0.11')).toBe(true);
    expect((await statusOf('db1')).ssh).toBe('ok');
    await heal('db1');
    expect(await greets('db2', '10.77.0.11')).toBe(true);
  });

  test('slow: a round trip takes what was asked for', async () => {
    const roundTripMs = async () => {
      const timed = await printedOn(
        'db5',
        `s=$EPOCHREALTIME; exec 3<>/dev/tcp/10.77.0.14/3306; e=$EPOCHREALTIME; echo $((\${e/./} - \${s/./}))`,
      );
      return Number(timed) / 1000;
    };
    expect(await roundTripMs()).toBeLessThan(250);
    await make('slow', 'db4', 'db5', '50mbit', '300ms');
    expect(await roundTripMs()).toBeGreaterThan(600);
    await heal('db4');
    expect(await roundTripMs()).toBeLessThan(250);
  });

  test('fill-disk: nothing can be written, on ext4 and on XFS', async () => {
    for (const [host, folder] of [
      ['db6', '/var/lib/mysql'],
      ['db3', '/srv/mysql'],
    ] as const) {
      await make('fill-disk', host);
      const write = await onHost(
        host,
        `head -c 10000000 /dev/zero >${folder}/more; s=$?; rm -f ${folder}/more; exit $s`,
      );
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

  test('fill-snapshot on a thin volume: the pool is nearly full', async () => {
    const used = async () => Number(await printedOn('db4', 'lvs --noheadings -o data_percent vgcrm/pool | xargs'));
    const before = await used();
    await make('fill-snapshot', 'db4', '90');
    expect(await used()).toBeGreaterThan(88);
    await heal('db4');
    expect(await used()).toBeLessThan(before + 1);
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

  test.each(['db2', 'db5'])('break-replication on %s: the applier stops at a duplicate key', async (host) => {
    await make('break-replication', host);
    const stopped = await until(
      () => statusOf(host),
      ({ replication }) => replication?.startsWith('broken') ?? false,
    );
    expect(stopped.replication).toMatch(/Duplicate entry '\d+' for key/);
    await heal(host);
    await replicates(host);
    expect(await drill('verify', host)).toContain('✔');
  });

  test('stop-mysql: inactive, and active again', async () => {
    await make('stop-mysql', 'db5');
    expect(await statusOf('db5')).toMatchObject({ mysql: 'inactive', version: null, ledger: null, ssh: 'ok' });
    await heal('db5');
    await replicates('db5');
  });

  test('disk-errors: reads fail, on a classic volume and on a thin one', async () => {
    for (const [host, device] of [
      ['db2', 'vg0/mysql'],
      ['db4', 'vgcrm/data'],
    ] as const) {
      await make('disk-errors', host);
      const read = await onHost(host, `sudo -n dd if=/dev/${device} of=/dev/null bs=1M count=8 iflag=direct`);
      expect(read.stderr).toContain('Input/output error');
      await heal(host);
      expect(
        (await onHost(host, `sudo -n dd if=/dev/${device} of=/dev/null bs=1M count=8 iflag=direct`)).exitCode,
      ).toBe(0);
    }
    await replicates('db2');
    await replicates('db5');
  });

  test('rekey-ssh: ssh refuses the changed key', async () => {
    await make('rekey-ssh', 'db6');
    expect((await statusOf('db6')).ssh).toBe('host key changed');
    await heal('db6');
    expect((await statusOf('db6')).ssh).toBe('ok');
  });

  test('a second fault on a host is healed with the first, last made first', async () => {
    await make('stop-mysql', 'db2');
    await drill('fault', 'power-cut', 'db2');
    expect((await statusOf('db2')).faults.map(({ name }) => name)).toEqual(['stop-mysql', 'power-cut']);
    expect(await drill('heal', 'db2')).toContain('db2: healed power-cut, stop-mysql');
    broken.delete('db2');
    await replicates('db2');
  });

  test('a fault that is made already, or can’t be made, is refused', async () => {
    await make('power-cut', 'db6');
    const again = await reseed(['drill', 'fault', 'power-cut', 'db6']);
    expect([again.exitCode, again.stderr]).toEqual([
      3,
      'reseed: power-cut was made on db6 already; take that back first: reseed drill heal db6',
    ]);
    const onOff = await reseed(['drill', 'fault', 'cut', 'db6']);
    expect([onOff.exitCode, onOff.stderr]).toEqual([
      3,
      'reseed: db6 is off; take that back first: reseed drill heal db6',
    ]);
    await heal('db6');
    const onPrimary = await reseed(['drill', 'fault', 'break-replication', 'db1']);
    expect([onPrimary.exitCode, onPrimary.stderr]).toEqual([
      3,
      "reseed: break-replication can't be made on db1: it is not a replica",
    ]);
  });
});

test('reset gives a replica its first state again, and it catches up', async () => {
  await printedOn('db3', 'mysql -e "SET GLOBAL super_read_only = OFF; DROP DATABASE shop"; touch /root/left-over');
  expect(await drill('reset', 'db3')).toBe('db3: as at the start');
  expect((await onHost('db3', 'ls /root/left-over')).exitCode).not.toBe(0);
  expect(await drill('verify', 'db3')).toContain('✔');
});

test('reset of a primary takes its replicas along, since they can’t follow it back in time', async () => {
  const written = Number((await statusOf('db4')).ledger);
  expect(await drill('reset', 'db4')).toBe('db4, db5: as at the start');
  expect((await statusOf('db4')).ledger).toBeLessThan(written);
  await until(
    () => statusOf('db5'),
    ({ replication }) => replication === 'replicating',
  );
  expect(await drill('verify', 'db5')).toContain('✔');
});
