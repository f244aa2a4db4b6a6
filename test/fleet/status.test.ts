// reseed status on real hosts, with real faults.
import { afterEach, describe, expect, test } from 'vitest';
import { critical, hosts, status } from './asking-status.ts';
import { breaks, healsWhatIsBroken, mends } from './breaking.ts';
import { drill, onHost, printedOn, reseedWords, runs, until } from './fleet.ts';
import { reader } from './operators.ts';
import { usesHosts } from './uses.ts';
import { Watch } from './watch.ts';

usesHosts('db2', 'db3', 'db6');

let watching: Watch | undefined;
healsWhatIsBroken();
afterEach(async () => {
  await watching?.interrupt();
  watching = undefined;
});

describe('reseed status', () => {
  test('a reader that has gone, as in | head, is no error', async () => {
    const line = [...reseedWords, ...reader.words('status', 'db2', 'db3', '--json')].join(' ');
    const done = await runs('bash', ['-c', `${line} | head -n 1; echo "\${PIPESTATUS[0]}"`]);
    expect(done.stdout).toBe('{\n0');
    expect(done.stderr).toBe('');
  });

  test('a stopped server, broken replication and a full disk are critical, and end with 1', async () => {
    await breaks('stop-mysql', 'db2');
    await breaks('break-replication', 'db3');
    await breaks('fill-disk', 'db6');
    const seen = await until(
      () => hosts('db2', 'db3', 'db6'),
      (all) => critical(all.get('db3')).includes('replicationBroken'),
    );
    expect(critical(seen.get('db2'))).toEqual(['down']);
    expect(critical(seen.get('db6'))).toContain('diskFull');
    const text = seen.get('db3')?.alerts.find(({ kind }) => kind === 'replicationBroken')?.text;
    expect(text).toContain('Duplicate entry');
    expect((await status('db2', 'db3')).exitCode).toBe(1);
  });
});

describe('reseed status --watch', () => {
  test('a stopped server shows within one poll, and its return', async () => {
    watching = new Watch('db3');
    await watching.sees(/db3 {2}● up, replica/);
    await breaks('stop-mysql', 'db3');
    const from = watching.lines.length;
    await watching.sees(/db3 {2}✖ mysql is stopped/, Math.max(0, from - 2));
    await mends('db3');
    await watching.sees(/db3 {2}● up, replica/, from);
    expect(await watching.interrupt()).toBe(130);
    // The leash gives a script a second to end by itself.
    await until(
      () => onHost('db3', "pgrep -fc '[r]eseed_program'"),
      ({ stdout }) => stdout.trim() === '0',
      10_000,
    );
  });

  test('a paused host is silent or away, the others are unhurt, and it is back by itself', async () => {
    watching = new Watch('db2', 'db3', '--json');
    await watching.sees(/"host":"db2".*"state":"answering"/);
    await breaks('pause', 'db2');
    await watching.sees(/"host":"db2".*"state":"(?:silent|failed)"/);
    expect(watching.lines.some((line) => /"host":"db3".*"state":"(?:silent|failed)"/.test(line))).toBe(false);
    const from = watching.lines.length;
    await drill('fault', 'resume', 'db2');
    await watching.sees(/"host":"db2".*"state":"answering"/, from);
    for (const line of watching.lines) expect(JSON.parse(line)).toMatchObject({ kind: 'status-change', version: 1 });
  });
});

test('no probe is left on any host when a status has ended', async () => {
  await status('db3');
  expect(
    await until(
      () => printedOn('db3', "pgrep -fc '[r]eseed_program' || true"),
      (count) => count === '0',
    ),
  ).toBe('0');
});
