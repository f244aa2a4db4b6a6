import { execFileSync } from 'node:child_process';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { HostPicture } from '../../../src/fleet/picture.ts';
import type { StepRecord } from '../../../src/job/journal/record.ts';
import { headerOf } from '../../../src/operations/recording/form.ts';
import { openRecording } from '../../../src/operations/recording/read.ts';
import { showing } from '../../../src/operations/recording/shown.ts';
import { version } from '../../../src/version.ts';
import { jobNumbered, recordedJobs, seedInCopy } from '../../components/jobs.ts';
import { beganMs, bytesOf, calm, emptyFolder, opened, RecordedConsole, writeLines } from './recording.ts';

const at = (seconds: number) => beganMs + seconds * 1000;
const down: HostPicture['alerts'] = [{ kind: 'down', level: 'critical', text: 'mysqld is down' }];

function hostChanged(name: string, change: Partial<HostPicture>) {
  return ({ fleet }: RecordedConsole['stores']) =>
    fleet.setState(({ hosts }) => ({
      hosts: hosts.map((one) => (one.host.name === name ? { ...one, ...change } : one)),
    }));
}

const alertsOf = (picture: { readonly fleet: { readonly hosts: readonly Pick<HostPicture, 'host' | 'alerts'>[] } }) =>
  picture.fleet.hosts.flatMap(({ host, alerts }) => alerts.map(({ text }) => `${host.name}: ${text}`));

async function recordedFile(): Promise<RecordedConsole> {
  const console = new RecordedConsole(join(await emptyFolder(), 'night'));
  return await console.start();
}

test('each moment of a recording has the picture that the console had then', async () => {
  const console = await recordedFile();
  const show = showing();
  const pictures = () => ({
    fleet: console.stores.fleet.getState(),
    jobs: console.stores.jobs.getState(),
    others: console.stores.others.getState(),
    schedules: console.stores.schedules.getState(),
  });
  const first = JSON.parse(JSON.stringify(show(pictures())));
  await console.later(10, hostChanged('db2', { alerts: down, partAtMs: { system: at(10) } }));
  const second = JSON.parse(JSON.stringify(show(pictures())));
  await console.later(20, ({ jobs }) => jobs.setState({ jobs: recordedJobs().views }));
  const third = JSON.parse(JSON.stringify(show(pictures())));
  await console.stop();
  const recording = await opened(console.path);
  expect(recording.pictureAt(at(0))).toEqual(first);
  expect(recording.pictureAt(at(25))).toEqual(third);
  // Back again, and between two changes.
  expect(recording.pictureAt(at(19))).toEqual(second);
  expect(recording.pictureAt(at(9.9))).toEqual(first);
  expect(recording).toMatchObject({ beginMs: at(0), endMs: at(20), ended: 'the console was left' });
  expect(recording.cut).toBeUndefined();
  expect(recording.nextMs(at(0))).toBe(at(10));
});

test('what happened can be jumped to: alerts, states, jobs and their steps', async () => {
  const console = await recordedFile();
  await console.later(10, hostChanged('db2', { alerts: down }));
  await console.later(20, ({ jobs }) => jobs.setState({ jobs: [seedInCopy({})] }));
  await console.later(30, ({ jobs }) => {
    const view = seedInCopy({});
    const steps = view.job.steps.map((step): StepRecord => (step.name === 'copy' ? { ...step, state: 'done' } : step));
    const next = steps.map((step): StepRecord => (step.name === 'verify' ? { ...step, state: 'running' } : step));
    jobs.setState({ jobs: [{ ...view, job: { ...view.job, steps: next } }] });
  });
  await console.later(40, ({ jobs }) => {
    const view = seedInCopy({});
    jobs.setState({ jobs: [{ ...view, job: { ...view.job, state: 'failed' } }] });
  });
  await console.later(50, hostChanged('db2', { alerts: [] }));
  await console.stop();
  const { news } = await opened(console.path);
  expect(news).toEqual([
    { atMs: at(10), kind: 'alert', text: 'db2: mysqld is down' },
    { atMs: at(20), kind: 'change', text: 'job 17: seed db1 → db4, db6' },
    { atMs: at(30), kind: 'change', text: 'job 17: verify db1' },
    { atMs: at(40), kind: 'alert', text: 'job 17: failed: seed db1 → db4, db6' },
    { atMs: at(50), kind: 'change', text: 'db2: over: mysqld is down' },
  ]);
});

test('a console that was killed leaves a file that is replayed up to there, and says so', async () => {
  const console = await recordedFile();
  for (const seconds of [1, 2, 3, 4]) {
    const text = `mysqld is down for ${seconds} s`;
    await console.later(seconds, hostChanged('db2', { alerts: [{ kind: 'down', level: 'critical', text }] }));
  }
  // Nothing was ended here: it is as after SIGKILL.
  const bytes = bytesOf(console.path);
  const recording = await opened(console.path);
  expect(recording.cut).toMatch(/^was cut at .*: its console was killed, or still records$/);
  expect(alertsOf(recording.pictureAt(at(4)))).toContain('db2: mysqld is down for 4 s');
  // And wherever a full disk, or a copy, cut it.
  const cutPath = `${console.path}.cut`;
  let reached = 0;
  for (let length = 0; length < bytes.length; length += Math.ceil(bytes.length / 300)) {
    writeFileSync(cutPath, bytes.subarray(0, length));
    const one = await openRecording(cutPath);
    if (!one.ok) {
      expect(one.message).toMatch(/is no recording of reseed|has no picture/);
      continue;
    }
    expect(one.recording.cut).toBeDefined();
    reached = Math.max(reached, one.recording.endMs);
    expect(alertsOf(one.recording.pictureAt(at(9))).length).toBeGreaterThanOrEqual(0);
    one.recording.close();
  }
  expect(reached).toBeGreaterThanOrEqual(at(3));
});

test('a recording that is damaged in its middle is replayed up to there', async () => {
  const console = await recordedFile();
  await console.later(5, hostChanged('db2', { alerts: down }));
  await console.stop();
  const bytes = bytesOf(console.path);
  const half = Buffer.from(bytes);
  half.fill(0x5a, half.length - 60, half.length - 30);
  writeFileSync(console.path, half);
  const one = await openRecording(console.path);
  if (one.ok) expect(one.recording.cut).toMatch(/is damaged|was cut/);
  else expect(one.message).toContain('has no picture');
});

describe('what is no recording that this reseed can replay is refused, with what to do', () => {
  const header = headerOf({ beganMs, fleet: 'shop', inventory: 'hosts.yaml', by: 'ops@jump1' });
  const newer = `${Number(version.split('.')[0]) + 1}.0.0`;
  test.each([
    [
      'a newer form',
      [{ ...header, format: 9, build: newer, more: true }],
      `${newer} (format 9), which is newer than this one`,
    ],
    ['a newer build', [{ ...header, build: newer }], `recorded by reseed ${newer}`],
    ['another file of zstd', ['hello'], 'is no recording of reseed'],
    ['a header alone', [header], 'has no picture'],
    ['a header and no picture', [header, { atMs: 1, changed: {} }], 'has no picture'],
  ])('%s', async (_, lines, message) => {
    const path = join(await emptyFolder(), 'file');
    writeLines(path, lines);
    const one = await openRecording(path);
    expect(one.ok ? '' : one.message).toContain(message);
    expect(one.ok ? '' : one.advice).not.toBe('');
  });

  test('an empty file, a text, a folder, and none', async () => {
    const folder = await emptyFolder();
    const path = join(folder, 'file');
    for (const content of ['', 'hosts:\n  db1: {}\n', '\x28\xb5\x2f\xfd']) {
      writeFileSync(path, content, 'latin1');
      expect(await openRecording(path)).toMatchObject({ ok: false, message: `${path}: is no recording of reseed` });
    }
    expect(await openRecording(folder)).toMatchObject({ ok: false });
    expect(await openRecording(join(folder, 'gone'))).toMatchObject({
      ok: false,
      message: expect.stringContaining("can't be read: ENOENT"),
    });
  });
});

test('the file is for its account alone, and no other file is written over', async () => {
  const console = await recordedFile();
  expect(statSync(console.path).mode & 0o777).toBe(0o600);
  await expect(new RecordedConsole(console.path).start()).rejects.toMatchObject({ code: 'EEXIST' });
});

test('a recording that is as large as it may be ends, says so, and can be replayed', async () => {
  const console = new RecordedConsole(join(await emptyFolder(), 'night'));
  await console.start(1000);
  await expect.poll(() => console.ends).toEqual([expect.stringMatching(/may have 1000B \(--record-limit\)$/)]);
  const recording = await opened(console.path);
  expect(recording.ended).toMatch(/--record-limit/);
  expect(recording.pictureAt(at(0)).fleet.hosts.length).toBe(6);
});

test('long recordings have several whole pictures, and a jump back is exact', async () => {
  const pictures = calm();
  const lines = (seconds: number) =>
    Array.from({ length: 200 }, (_, at) => ({ text: `${seconds} ${at} ${'x'.repeat(3000)}` }));
  const console = await new RecordedConsole(join(await emptyFolder(), 'night'), pictures).start();
  for (const seconds of [1, 2, 3, 4, 5, 6, 7, 8]) {
    const tail = { ok: true, value: { path: '/var/log/mysql/error.log', lines: lines(seconds) } } as const;
    await console.later(seconds, hostChanged('db2', { report: { errorLog: tail } }));
  }
  await console.stop();
  const wholes = execFileSync('zstd', ['-dcq', console.path], { maxBuffer: 2 ** 28 })
    .toString()
    .match(/^\{"atMs":\d+,"whole"/gm);
  expect(wholes?.length).toBeGreaterThan(1);
  const recording = await opened(console.path);
  for (const seconds of [8, 1, 7, 3, 2]) {
    const { errorLog } = recording.pictureAt(at(seconds)).fleet.hosts[1]?.report ?? {};
    expect(errorLog?.ok && errorLog.value.lines[0]?.text.slice(0, 3)).toBe(`${seconds} 0`);
  }
});

test('no secret and nothing that no screen shows is in a recording', async () => {
  const pictures = calm();
  const secret = 'hunter2';
  const { views } = recordedJobs();
  const view = jobNumbered(views, 11);
  const plan = {
    ...view.job.plan,
    steps: view.job.plan.steps.map((step) => ({
      ...step,
      input: { account: secret },
      commands: { go: { host: step.host, script: 'service' as const, args: [secret], deadlineMs: 1 } },
    })),
  };
  const steps = view.job.steps.map((step) => ({
    ...step,
    result: { password: secret },
    progress: { text: 'copying', place: { key: secret } },
  }));
  const target = { name: 'db2', host: 'db2', identity: `/root/${secret}`, transport: 'auto', sudo: true } as const;
  const hosts = pictures.fleet.hosts.map(
    (one): HostPicture => ({
      ...one,
      host: {
        ...one.host,
        ssh: { ...one.host.ssh, identity: `/root/${secret}`, user: secret },
        commands: { backup: { run: ['tool', `--password=${secret}`] } },
        hooks: { tell: { at: [], run: [`/opt/${secret}`] } },
        labels: { token: secret },
        notify: [{ name: secret, on: [], againMs: 1, way: { to: 'slack', url: { file: `/etc/${secret}` } } }],
      },
      report: {
        ...one.report,
        commands: { ok: true, value: { programs: { [`program file /opt/${secret}`]: 'none' } } },
      },
      link: {
        state: 'failed',
        sinceMs: 1,
        failure: {
          ok: false,
          kind: 'auth',
          tried: [secret],
          host: 'db2',
          command: secret,
          message: 'no',
          advice: '',
          printed: secret,
        },
      },
    }),
  );
  const console = new RecordedConsole(join(await emptyFolder(), 'night'), {
    ...pictures,
    fleet: { ...pictures.fleet, hosts },
    jobs: { jobs: [{ ...view, job: { ...view.job, plan, steps, targets: [target] } }] },
  });
  await console.start();
  await console.stop();
  const text = execFileSync('zstd', ['-dcq', console.path]).toString();
  expect(text).toContain('copying');
  expect(text).not.toContain(secret);
});

test('no character of a recording can command the terminal', async () => {
  const folder = await emptyFolder();
  const path = join(folder, 'file');
  const { fleet, ...others } = showing()(calm());
  const evil = '\x1b]52;c;cm0gLXJm\x07db1\u202e\x9b31m';
  writeLines(path, [
    headerOf({ beganMs, fleet: evil, inventory: 'hosts.yaml', by: 'ops@jump1' }),
    { atMs: 1, whole: { ...others, fleet: { ...fleet, fleet: evil } } },
    {
      atMs: 2,
      news: [{ kind: 'alert', text: evil }],
      changed: { in: { fleet: { in: { fleet: { is: `${evil}!` } } } } },
    },
    { atMs: 3, ended: evil },
  ]);
  const recording = await opened(path);
  const said = JSON.stringify([recording.header, recording.news, recording.ended, recording.pictureAt(3).fleet.fleet]);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this test is about.
  expect(said).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202e]|\\u00[01]/);
  expect(recording.pictureAt(3).fleet.fleet).toBe('db1!');
});
