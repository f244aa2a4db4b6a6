// Two servers on one machine, as two hosts of an inventory with one address: db2a, the host's own, and db2b beside it.
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { on, printedOn } from './fleet.ts';
import {
  asks,
  datadirOf,
  inventoryOfBoth,
  makeSecondServer,
  removeSecondServer,
  type SecondServer,
  unitOf,
} from './second-server.ts';
import { done, inside, nothingLeftOn } from './seeding.ts';
import { usesHosts } from './uses.ts';

usesHosts('db1', 'db2');

/** On a loaded machine a server needs minutes to start. */
const longMs = 900_000;
vi.setConfig({ testTimeout: longMs, hookTimeout: longMs });
const second: SecondServer = { host: 'db2', name: 'b', port: 3308, serverId: 22 };
/** `--inventory FILE` */
let both: string[];
beforeAll(async () => {
  await makeSecondServer(second);
  both = ['--inventory', await inventoryOfBoth(second, 'db1')];
});
afterAll(() => removeSecondServer(second));

const asksFirst = (sql: string) => on('db2', `mysql -Nse "${sql}"`);
const processOfFirst = () => on('db2', 'systemctl show -p MainPID --value mysql');
const said = ({ stdout, stderr }: { stdout: string; stderr: string }) => `${stdout}${stderr}`;

/** How often each of the two was locked for a backup. */
async function locksTaken() {
  const count = "SHOW GLOBAL STATUS LIKE 'Com_lock_instance'";
  return [await asksFirst(count), await asks(second, count)].map((answer) => Number(answer.split('\t')[1]));
}

/** Checksums of the primary's tables at a position, and of the same tables of the second server there. */
async function checksumsAtOnce() {
  const verify = '/usr/local/lib/drill/verify.sh';
  const sums = 'CHECKSUM TABLE drill.ledger, shop.customers, shop.orders';
  const position = await printedOn('db1', `${verify} hold`);
  try {
    expect(await asks(second, `SELECT WAIT_FOR_EXECUTED_GTID_SET('${position}', 240)`)).toBe('0');
    return [await printedOn('db1', `mysql -Nse '${sums}'`), await asks(second, sums)];
  } finally {
    await printedOn('db1', `${verify} release`);
  }
}

describe('the second server of a machine', () => {
  test('is seeded from the primary, follows it with rows that are equal, and the first is not touched', async () => {
    const before = [await processOfFirst(), await asksFirst('SELECT @@server_uuid, @@datadir')];
    const seeded = await inside('seed', 'db1', 'db2b', ...both, '--yes=db2b');
    expect({ exitCode: seeded.exitCode, ended: said(seeded).slice(-3000) }).toMatchObject({ exitCode: 0 });
    expect(await asks(second, 'SELECT @@server_id, @@port, @@datadir, @@super_read_only')).toBe(
      `22\t3308\t${datadirOf(second)}/\t1`,
    );
    const [ofPrimary, ofSecond] = await checksumsAtOnce();
    expect(ofSecond).toBe(ofPrimary);
    expect([await processOfFirst(), await asksFirst('SELECT @@server_uuid, @@datadir')]).toEqual(before);
    await nothingLeftOn('db1', 'db2');
  });

  test('is a host of its own in status, check and log, with its own volume', async () => {
    const status = await done('status', ...both);
    expect(status).toMatch(/^db2a .* replica +db1 .* ● up/m);
    expect(status).toMatch(/^db2b .* replica +db1 .* ● up/m);
    const checked = await done('check', 'db2a', 'db2b', ...both);
    expect(checked).toMatch(/^db2a .*✔ vg0\/mysql$/m);
    expect(checked).toMatch(/^db2b .*✔ vg0\/mysql-b$/m);
    expect(await done('log', 'db2b', ...both)).toContain('port: 3308');
    expect(await done('log', 'db2a', ...both)).not.toContain('port: 3308');
  });

  test('has its own volume snapshotted under a lock of itself alone, and another volume is refused', async () => {
    const [first = Number.NaN, own = Number.NaN] = await locksTaken();
    await done('snapshot', 'create', 'db2b', ...both, '--yes');
    expect(await locksTaken()).toEqual([first, own + 1]);
    expect(await on('db2', 'lvs --noheadings --separator " " -o origin,lv_name')).toMatch(/^ *mysql-b reseed-/m);
    await done('snapshot', 'prune', 'db2b', '--keep', '0', ...both, '--yes=db2b');
    const named = ['--inventory', await inventoryOfBoth({ ...second, volume: 'vg0/mysql' }, 'db1')];
    const refused = await inside('snapshot', 'create', 'db2b', ...named, '--yes');
    expect(refused.exitCode).not.toBe(0);
    expect(said(refused)).toContain('does not lie on vg0/mysql: the snapshot would hold other data');
    await nothingLeftOn('db2');
  });

  test('is stopped and started while another job works on the datadir of the first, which keeps running', async () => {
    const before = await processOfFirst();
    const lock = '/run/reseed/lock-$(printf %s /var/lib/mysql | sha256sum | head -c 16)';
    await on('db2', `printf 'cafe\\nanna@jump2, since noon\\n/var/lib/mysql\\n/var/lib/mysql\\n' >${lock}`);
    const stopped = await inside('stop', 'db2a', ...both, '--yes=db2a');
    expect(said(stopped)).toContain('db2a is locked by job cafe of anna@jump2');
    await done('stop', 'db2b', ...both, '--yes=db2b');
    expect(await on('db2', `systemctl is-active ${unitOf(second)} || true`)).toBe('inactive');
    await done('start', 'db2b', ...both, '--yes');
    expect(await on('db2', `systemctl is-active ${unitOf(second)}`)).toBe('active');
    expect(await done('unlock', 'db2b', ...both)).toContain('no job has the lock of db2b');
    expect(await done('clean', 'db2b', ...both)).toContain('it works on /var/lib/mysql, the datadir of another server');
    expect(await done('unlock', 'db2a', ...both, '--yes=db2a')).toContain('was taken from job cafe');
    expect(await processOfFirst()).toBe(before);
    await nothingLeftOn('db2');
  });
});
