// A server that is down, whose data a seed that ended left half: it was "mysql is stopped", and a start was tried.
import { chmod, chown, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { serviceAlerts } from '../../src/fleet/alerts/service.ts';
import { createFleetStore } from '../../src/fleet/store.ts';
import type { HostReport } from '../../src/host/facts.ts';
import { scriptText } from '../../src/scripts/script.ts';
import { planService } from '../../src/service/plan.ts';
import { snapshotMeans } from '../../src/snapshot/create.ts';
import { type Alone, openAlone } from '../alone.ts';
import { account } from '../copy/staging.ts';
import { reportsIn, sentinel } from '../host/recordings.ts';
import { hostNamed, practiceInventory, recorded } from '../live/pictures.ts';

let base: string;
let datadir: string;
let alone: Alone;
const lock = `/run/reseed/lock-unwhole-${process.pid}`;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reseed-unwhole-'));
  datadir = join(base, 'data');
  alone = await openAlone();
  await chmod(base, 0o755);
  await mkdir(datadir);
  await chown(datadir, account.uid, account.gid);
  await mkdir(join(base, 'bin'));
  await writeFile(join(base, 'my.cnf'), `[mysqld]\ndatadir=${datadir}\nsocket=${base}/m.sock\n`);
  const unit = `Id=mysql.service\\nLoadState=loaded\\nActiveState=inactive\\nSubState=dead\\nUnitFileState=enabled\\nUser=${account.name.split(':')[0]}\\nExecStart={ path=/usr/sbin/mysqld ; argv[]=/usr/sbin/mysqld --defaults-file=${base}/my.cnf ; ignore_errors=no ; start_time=[n/a] }\\n`;
  await program(
    'systemctl',
    `case "$*" in *--value*Id* | *Id*--value*) echo mysql.service ;; *--value*) echo loaded ;; *' mysql'*) printf '${unit}\\n' ;; esac`,
  );
  await program('journalctl', '');
});
afterEach(async () => {
  await alone.end();
  await rm(lock, { force: true });
  await rm(base, { recursive: true });
});

async function program(name: string, text: string): Promise<void> {
  await writeFile(join(base, 'bin', name), `#!/bin/sh\n${text}\n`);
  await chmod(join(base, 'bin', name), 0o755);
}

/** As seed-stage.sh leaves a seed that gave up the old data, or one that came to that phase when its host lost its power. */
async function leaveHalf({
  owner = 0,
  phase,
  job = 'cafe1',
  who = 'ops@jump1',
}: {
  owner?: number;
  phase?: string;
  job?: string;
  who?: string;
} = {}): Promise<void> {
  const folder = join(datadir, `.reseed-${job}`);
  await mkdir(folder, { mode: 0o700 });
  await writeFile(join(folder, 'who'), `${who}\n`);
  await (phase === undefined
    ? writeFile(join(folder, 'given_up'), '')
    : writeFile(join(folder, 'phase'), `${phase}\n`));
  await writeFile(join(datadir, 'RESEED_IN_PROGRESS'), `reseed job ${job}`);
  for (const path of [folder, join(datadir, 'RESEED_IN_PROGRESS')]) await chown(path, owner, owner);
}

async function probed(): Promise<HostReport> {
  const own = ['own_status=', 'own_datadir=', 'own_port=', 'look='];
  const words = [sentinel, '', '', '', '', 'x', ...own];
  const env = { PATH: `${join(base, 'bin')}:${process.env.PATH}` };
  const text = (await scriptText('probe')).replaceAll('/etc/systemd/system/', `${base}/units/`);
  const { all } = await alone.run('sh', ['-c', text, 'probe.sh', ...words], { env, input: '1 service\n' });
  const [report] = reportsIn(Buffer.from(`${all}\n`));
  if (!report) throw new Error(all);
  return report;
}
const unwholeOf = ({ service }: HostReport) => (service?.ok ? service.value.unwhole : service?.why);

test('is told with the job, while that does not go on: by root alone', async () => {
  expect(unwholeOf(await probed())).toBeUndefined();
  await leaveHalf();
  expect(unwholeOf(await probed())).toEqual({ data: 'givenUp', job: 'cafe1', who: 'ops@jump1' });
  // Its job is at work.
  await mkdir('/run/reseed', { recursive: true });
  await writeFile(lock, 'cafe1\nops@jump1\n');
  expect(unwholeOf(await probed())).toBeUndefined();
  await rm(lock);
  await rm(join(datadir, '.reseed-cafe1'), { recursive: true });
  expect(unwholeOf(await probed())).toEqual({ data: 'givenUp' });
  // What a seed left beside whole data.
  await rm(join(datadir, 'RESEED_IN_PROGRESS'));
  await mkdir(join(datadir, '.reseed-cafe1'), { mode: 0o700 });
  expect(unwholeOf(await probed())).toBeUndefined();
  await rm(join(datadir, '.reseed-cafe1'), { recursive: true });
  await leaveHalf({ owner: account.uid });
  expect(unwholeOf(await probed())).toBeUndefined();
});

interface Told {
  readonly alert: string;
  readonly start: string | undefined;
  readonly snapshot: string | undefined;
}

/** What the operator is told of the host whose datadir that is. */
async function told(): Promise<Told> {
  const { service } = await probed();
  const known = recorded('up').reports.get('db3');
  const host = practiceInventory().hosts.find(({ name }) => name === 'db3');
  if (!(known && host && service?.ok)) throw new Error('nothing is recorded of db3');
  const report: HostReport = { ...known, service, server: { ok: false, why: 'the server is down' } };
  const request = { host, job: 'beef', who: { account: 'ops', jumpHost: 'jump1' }, report };
  const picture = hostNamed(createFleetStore(practiceInventory(), 0).getState(), 'db3');
  const why = (planned: { readonly ok: boolean; readonly message?: string; readonly advice?: string }) =>
    planned.ok ? undefined : `${planned.message}; ${planned.advice}`;
  return {
    alert: serviceAlerts({ ...picture, report })
      .map(({ text }) => text)
      .join(),
    start: why(planService({ ...request, verb: 'start' })),
    snapshot: why(snapshotMeans({ host, report })),
  };
}

test('is an alert with what is to be done, and neither started nor snapshotted', async () => {
  expect(await told()).toMatchObject({ start: undefined, snapshot: undefined });
  await leaveHalf();
  const left = 'its data is not whole: half seeded by job cafe1 of ops@jump1';
  const advice = 'seed it again: reseed seed DONOR db3. What is left of the old data: reseed clean db3 --dry-run';
  expect(await told()).toEqual({
    alert: `${left}; ${advice}`,
    start: `db3 is not started: ${left}; ${advice}`,
    snapshot: `no snapshot is taken of db3: ${left}; ${advice}`,
  });
});

test('is whole where a seed holds it down that lost its host before it moved anything: its job is to be resumed or aborted', async () => {
  await leaveHalf({ phase: 'new' });
  const held = 'its data is whole, and it is held down by job cafe1 of ops@jump1, a seed that has not ended';
  const advice =
    'resume or abort that job: reseed jobs on jump1. Where that journal is lost: reseed clean db3 --dry-run';
  expect(await told()).toEqual({
    alert: `${held}; ${advice}`,
    start: `db3 is not started: ${held}; ${advice}`,
    snapshot: undefined,
  });
});

test('is being replaced where a seed lost its host in the middle: no snapshot, and its job is to be resumed or aborted', async () => {
  await leaveHalf({ phase: 'out' });
  const { start, snapshot } = await told();
  const moved =
    'its data is being replaced by job cafe1 of ops@jump1, a seed that has not ended; resume or abort that job';
  expect(start).toContain(`db3 is not started: ${moved}`);
  expect(snapshot).toContain(`no snapshot is taken of db3: ${moved}`);
});

// The second seed of the host lost its power before it moved anything: keys are random, and so is the order of their folders.
test.each(['aaaa1', 'ffff1'])(
  'is not whole where a first seed gave up the old data and a second one, %s, has not ended',
  async (second) => {
    await leaveHalf();
    await leaveHalf({ phase: 'new', job: second, who: 'bob@jump2' });
    const left = `its data is not whole: half seeded by job cafe1 of ops@jump1, and then held down by job ${second} of bob@jump2, a seed that has not ended`;
    const advice =
      'resume or abort that job: reseed jobs on jump2. Where that journal is lost: reseed clean db3 --dry-run';
    expect(await told()).toEqual({
      alert: `${left}; ${advice}`,
      start: `db3 is not started: ${left}; ${advice}`,
      snapshot: `no snapshot is taken of db3: ${left}; ${advice}`,
    });
  },
);

test('is not known where the volume of a datadir that a seed holds down is not mounted, or gives no answer: nothing says to seed it again', async () => {
  await leaveHalf({ phase: 'new' });
  await mkdir(join(base, 'units/mysql.service.d'), { recursive: true });
  await writeFile(join(base, 'units/mysql.service.d/zzzz-reseed-cafe1.conf'), '[Unit]\n');
  expect((await told()).alert).toContain('its data is whole, and it is held down by job cafe1 of ops@jump1');
  const advice =
    'mount its datadir if it is not mounted. Then resume or abort that job: reseed jobs. Where that journal is lost: reseed clean db3 --dry-run';
  const all = (why: string) => {
    const unknown = `it is held down by job cafe1, and ${why}: whether its data is whole is unknown; ${advice}`;
    return {
      alert: unknown,
      start: `db3 is not started: ${unknown}`,
      snapshot: `no snapshot is taken of db3: ${unknown}`,
    };
  };
  await rename(datadir, `${datadir}.unmounted`);
  await mkdir(datadir);
  expect(await told()).toEqual(all('its datadir has nothing of that job'));
  await rm(datadir, { recursive: true });
  expect(await told()).toEqual(all('its datadir could not be read'));
  await rename(`${datadir}.unmounted`, datadir);
  await program('ls', 'exit 124');
  expect(await told()).toEqual(all('its datadir could not be read'));
});
