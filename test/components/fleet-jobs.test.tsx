// The row of a host while a job works on it.
import { expect, test } from 'vitest';
import type { HostPicture } from '../../src/fleet/picture.ts';
import type { JobView } from '../../src/job/journal/watch.ts';
import { hostLike, openConsole, recorded } from './console.tsx';
import { changedJob, recordedJobs, seedInCopy, withTargets } from './jobs.ts';

const calm = recorded('calm');
const { recordedAtMs: nowMs } = recordedJobs();

const copying = withTargets(seedInCopy({ progress: { text: '', doneBytes: 27, totalBytes: 100 } }), 'db4', 'db6');

/** The row of a host of the fleet, some of whose hosts are different, while a job runs. */
async function rowOf(
  name: string,
  view: JobView,
  columns: number,
  change: (host: HostPicture) => Partial<HostPicture>,
) {
  const hosts = calm.picture.hosts.map((one) => ({
    ...one,
    // The jobs were recorded hours after the hosts.
    partAtMs: Object.fromEntries(Object.keys(one.partAtMs).map((part) => [part, nowMs])),
    ...(one.host.name === name ? change(one) : {}),
  }));
  const console = openConsole({ picture: { ...calm.picture, hosts }, nowMs, columns, jobs: [view] });
  await console.shows('▶ 1 job');
  return console.lines().find((line) => line.includes(` ${name} `)) ?? '';
}

const sinceMs = nowMs - 31_000;
const reason = 'no route to host';
const alert = { kind: 'unreachable', level: 'critical', text: `unreachable: ${reason}`, reason, sinceMs } as const;
const { link } = hostLike(recorded('trouble').picture, 'db6', 'db6');
const unreachable = () => ({ link, alerts: [alert] });
const stale = () => ({ link: { state: 'silent', sinceMs } as const, alerts: [] });
const crashLooping = ({ report }: HostPicture): Partial<HostPicture> => {
  if (!report.service?.ok) throw new Error('no service was recorded');
  return {
    alerts: [],
    report: {
      ...report,
      service: { ok: true, value: { ...report.service.value, looping: { restarts: 88, overSeconds: 660 } } },
    },
  };
};

test.each([
  { what: 'unreachable', change: unreachable },
  { what: 'stale', change: stale },
  { what: 'crash-looping', change: crashLooping },
])(
  'a target that is $what says so in its row while a seed works on it, and the job stands beside it',
  async ({ what, change }) => {
    for (const columns of [80, 120, 200]) {
      const row = await rowOf('db6', copying, columns, change);
      expect(row, row).toContain(what);
      expect(row, row).not.toContain('seeding');
      expect(row, row).toContain('▶ job 17');
    }
  },
);

test('a critical alert stands before the job, whose words are short and then a sign alone where there is no room', async () => {
  expect(await rowOf('db6', copying, 200, unreachable)).toMatch(
    /✖ no route to host 31 s {2}▶ job 17 · copy db1 27 % · 2 min/,
  );
  expect(await rowOf('db6', copying, 80, unreachable)).toMatch(/✖ no rou.* {2}▶ job 17 27 %/);
  expect(await rowOf('db6', copying, 48, unreachable)).toMatch(/✖ no.* ▶ *$/);
});

test.each([60, 80, 120, 200])('trouble of a job hides no ✖ of its host, at %i columns', async (columns) => {
  const away = [{ host: 'db1', sinceMs, tries: 3, why: 'connect EHOSTUNREACH 10.77.0.12:2222' }];
  const progress = { text: '', doneBytes: 27, totalBytes: 100, away };
  const view = changedJob(copying, {
    steps: copying.job.steps.map((step) => (step.state === 'running' ? { ...step, progress } : step)),
  });
  const row = await rowOf('db4', view, columns, () => ({ alerts: [alert] }));
  expect(row, row).toMatch(/▶ seeding .*✖ no route.* {2}▶ job 17/);
});

test('a warning stands behind the job, as a sign with its count where there is no room', async () => {
  const warning = { ...alert, level: 'warning' } as const;
  const row = (columns: number) => rowOf('db4', copying, columns, () => ({ alerts: [warning] }));
  expect(await row(160)).toMatch(/▶ job 17 · copy db1 27 % · 2 min {2}! no route to host 31 s/);
  expect(await row(60)).toMatch(/▶ job 17 .* ! \+1 *$/);
});

test('the row of a target shows how far it is itself, and which target gets nothing', async () => {
  const lane = (doneBytes: number, more = {}) => ({ text: '', doneBytes, totalBytes: 100, ...more });
  const progress = { text: '', doneBytes: 27, totalBytes: 100, lanes: { db4: lane(100), db6: lane(27) } };
  const view = withTargets(seedInCopy({ progress }), 'db4', 'db6');
  expect(await rowOf('db4', view, 160, () => ({ alerts: [] }))).toContain('copy db1 100 %');
  expect(await rowOf('db6', view, 160, () => ({ alerts: [] }))).toContain('copy db1 27 %');
  const stalled = { ...progress, lanes: { db4: lane(60), db6: lane(27, { text: 'nothing', stalledMs: 125_000 }) } };
  const slow = withTargets(seedInCopy({ progress: stalled }), 'db4', 'db6');
  expect(await rowOf('db6', slow, 160, () => ({ alerts: [] }))).toContain('db6: no byte for 2 min');
});
