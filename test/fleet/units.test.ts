// Units on real hosts, by systemd as an ordinary user with sudo, and by setsid.
import { randomInt } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { onHost, printedOn, until } from './fleet.ts';
import { newJob, unit } from './unit.ts';
import { usesHosts } from './uses.ts';

usesHosts('db2', 'db4');

const state = (host: string, job: string) =>
  until(
    () => unit(host, 'poll', job, 'copy'),
    (report) => report.state?.kind !== 'running',
  );
const asleep = async (host: string, seconds: number) =>
  (await onHost(host, `pgrep -fx 'sleep ${seconds}'`)).exitCode === 0;

describe.each([
  { host: 'db2', by: 'systemd', home: /^0::\/system\.slice\/reseed-test-\w+-copy\.service$/ },
  { host: 'db4', by: 'setsid', home: /./ },
])('a unit on $host, by $by', ({ host, by, home }) => {
  test('runs on when what started it is gone, and leaves its output and its status', async () => {
    const job = newJob();
    const script =
      'cat /proc/self/cgroup | tail -n 1; id -un; until [ -e "$RESEED_FOLDER/go" ]; do sleep 0.1; done; exit 3';
    expect(await unit(host, 'start', job, 'copy', by, script)).toMatchObject({ fresh: true });
    expect((await unit(host, 'poll', job, 'copy')).state).toEqual({ kind: 'running' });
    await printedOn(host, `${host === 'db2' ? 'sudo -n ' : ''}touch /run/reseed/${job}/copy/go`);
    const report = await state(host, job);
    expect(report.state).toEqual({ kind: 'ended', code: 3 });
    const [cgroup, account] = String(report.log).split('\n');
    expect(cgroup).toMatch(home);
    expect(account).toBe('root');
    expect(await unit(host, 'clear', job, 'copy')).toEqual({ ok: true });
    expect((await unit(host, 'poll', job, 'copy')).state).toEqual({ kind: 'absent' });
  });

  test('stopped, leaves no process', async () => {
    const job = newJob();
    const [front, daemon] = [randomInt(100_000, 500_000), randomInt(500_000, 900_000)];
    const script = `trap '' TERM; setsid sh -c 'sleep ${daemon} & :'; sleep ${front}`;
    await unit(host, 'start', job, 'copy', by, script);
    expect([await asleep(host, front), await asleep(host, daemon)]).toEqual([true, true]);
    expect(await unit(host, 'stop', job, 'copy')).toMatchObject({ ok: true });
    expect([await asleep(host, front), await asleep(host, daemon)]).toEqual([false, false]);
    await unit(host, 'clear', job, 'copy');
  });
});
