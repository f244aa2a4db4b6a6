// Jobs on real hosts: start, stop and snapshots.
import { describe, expect, test } from 'vitest';
import { drill, onHost, printedOn } from './fleet.ts';
import { done, inside } from './seeding.ts';
import { jobsOfSnapshots } from './snapshot-jobs.ts';
import { usesHosts } from './uses.ts';

usesHosts('db1', 'db3');

const lockOn = (host: string) => printedOn(host, 'cat /run/reseed/lock /run/reseed/lock-* 2>/dev/null || true');

describe('a server', () => {
  test('is stopped to its last process, and started until it takes connections', async () => {
    const stopped = await done('stop', 'db3', '--yes');
    expect(stopped).toMatch(/\| .*Shutdown complete/);
    expect((await onHost('db3', 'pgrep -x mysqld')).exitCode).toBe(1);
    expect((await inside('stop', 'db3', '--yes')).stderr).toContain('the server of db3 is down already');
    expect(await done('start', 'db3', '--yes')).toMatch(/\| .*ready for connections/);
    expect(await printedOn('db3', 'mysql -Nse "SELECT 1"')).toBe('1');
  });

  test('that others replicate from is not stopped without its name', async () => {
    const refused = await inside('stop', 'db1', '--yes');
    expect(refused.exitCode).toBe(3);
    expect(refused.stderr).toMatch(/replicas lose their source: .*; db1 takes writes.*--yes=db1/);
    expect((await onHost('db1', 'pgrep -x mysqld')).exitCode).toBe(0);
  });

  test('that does not start says why, in the words of its own log', async () => {
    await done('stop', 'db3', '--yes');
    await drill('fault', 'corrupt-datadir', 'db3');
    const failed = await inside('start', 'db3', '--yes');
    await drill('heal', 'db3');
    expect(failed.exitCode).toBe(1);
    expect(failed.stdout).toMatch(/failed: start db3\n.*start mysql on db3: .*\[ERROR\]/);
    expect(await lockOn('db3')).toBe('');
  });

  test('is not touched while another job works on its host, and it is said who', async () => {
    await printedOn('db3', "mkdir -p /run/reseed && printf 'cafe\\nanna@jump2, since noon\\n' >/run/reseed/lock");
    const failed = await inside('stop', 'db3', '--yes');
    expect(failed.exitCode).toBe(1);
    expect(failed.stdout).toContain('db3 is locked by job cafe of anna@jump2, since noon');
    expect(await lockOn('db3')).toContain('cafe');
    expect((await inside('unlock', 'db3')).exitCode).toBe(3);
    expect(await lockOn('db3')).toContain('cafe');
    expect(await done('unlock', 'db3', '--yes=db3')).toContain('was taken from job cafe of anna@jump2');
    expect(await lockOn('db3')).toBe('');
    expect((await onHost('db3', 'pgrep -x mysqld')).exitCode).toBe(0);
  });
});

jobsOfSnapshots({ host: 'db1', kind: 'classic, MySQL', coordinates: /gtid [0-9a-f-]{36}:1-\d+/ });
