// A server that is down, whose data a seed that ended left half: it was "mysql is stopped", and a start was tried.
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
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

/** As seed-stage.sh leaves a seed that gave up the old data. */
async function leaveHalf(owner = 0): Promise<void> {
  const folder = join(datadir, '.reseed-cafe1');
  await mkdir(folder, { mode: 0o700 });
  await writeFile(join(folder, 'who'), 'ops@jump1\n');
  await writeFile(join(folder, 'given_up'), '');
  await writeFile(join(datadir, 'RESEED_IN_PROGRESS'), 'reseed job cafe1');
  for (const path of [folder, join(datadir, 'RESEED_IN_PROGRESS')]) await chown(path, owner, owner);
}

async function probed(): Promise<HostReport> {
  const own = ['own_status=', 'own_datadir=', 'own_port=', 'program='];
  const words = [sentinel, '', '', '', '', 'x', ...own];
  const env = { PATH: `${join(base, 'bin')}:${process.env.PATH}` };
  const text = await scriptText('probe');
  const { all } = await alone.run('sh', ['-c', text, 'probe.sh', ...words], { env, input: '1 service\n' });
  const [report] = reportsIn(Buffer.from(`${all}\n`));
  if (!report) throw new Error(all);
  return report;
}
const unwholeOf = ({ service }: HostReport) => (service?.ok ? service.value.unwhole : service?.why);

test('is told with the job, while that does not go on: by root alone', async () => {
  expect(unwholeOf(await probed())).toBeUndefined();
  await leaveHalf();
  expect(unwholeOf(await probed())).toEqual({ job: 'cafe1', who: 'ops@jump1' });
  // Its job is at work.
  await mkdir('/run/reseed', { recursive: true });
  await writeFile(lock, 'cafe1\nops@jump1\n');
  expect(unwholeOf(await probed())).toBeUndefined();
  await rm(lock);
  await rm(join(datadir, '.reseed-cafe1'), { recursive: true });
  expect(unwholeOf(await probed())).toEqual({});
  // What a seed left beside whole data.
  await rm(join(datadir, 'RESEED_IN_PROGRESS'));
  await mkdir(join(datadir, '.reseed-cafe1'), { mode: 0o700 });
  expect(unwholeOf(await probed())).toBeUndefined();
  await rm(join(datadir, '.reseed-cafe1'), { recursive: true });
  await leaveHalf(account.uid);
  expect(unwholeOf(await probed())).toBeUndefined();
});

test('is an alert with what is to be done, and neither started nor snapshotted', async () => {
  await leaveHalf();
  const { service } = await probed();
  const known = recorded('up').reports.get('db3');
  const host = practiceInventory().hosts.find(({ name }) => name === 'db3');
  if (!(known && host && service?.ok)) throw new Error('nothing is recorded of db3');
  const report: HostReport = { ...known, service, server: { ok: false, why: 'the server is down' } };
  const whole: HostReport = { ...report, service: { ok: true, value: { ...service.value, state: 'inactive' } } };
  if (whole.service?.ok) delete (whole.service.value as { unwhole?: unknown }).unwhole;
  const why = 'the data of db3 is not whole: half seeded by job cafe1 of ops@jump1';
  const request = { host, job: 'beef', who: { account: 'ops', jumpHost: 'jump1' } };
  for (const verb of ['start'] as const) {
    expect(planService({ ...request, verb, report })).toMatchObject({
      ok: false,
      message: why,
      advice: 'seed it again: reseed seed DONOR db3. What is left of the old data: reseed clean db3 --dry-run',
    });
    expect(planService({ ...request, verb, report: whole })).toMatchObject({ ok: true });
  }
  expect(snapshotMeans({ host, report })).toMatchObject({ ok: false, message: why });
  expect(snapshotMeans({ host, report: whole })).toMatchObject({ ok: true });
  const picture = hostNamed(createFleetStore(practiceInventory(), 0).getState(), 'db3');
  expect(serviceAlerts({ ...picture, report })).toEqual([
    {
      kind: 'down',
      level: 'critical',
      text: 'its data is not whole (half seeded by job cafe1 of ops@jump1), and its server is not to be started: seed it again',
    },
  ]);
});
