// A seed of MariaDB on real hosts, from a thin volume, through a jump host.
import { afterAll, describe, expect, test } from 'vitest';
import { drill, printedOn } from './fleet.ts';
import { begun, done, killedIn, nothingLeftOn, shown } from './seeding.ts';
import { usesHosts } from './uses.ts';
import { privilegesOfApp, viewsOfAccounts, withoutViews } from './views.ts';

usesHosts('db4', 'db5');

/** The other tests know the host as it was. */
afterAll(() => drill('reset', 'db5'), 240_000);

describe('a MariaDB replica that lies behind a jump host', () => {
  test('is rebuilt from its primary by TLS, though the job is killed when the copy is compared', async () => {
    await printedOn('db5', 'mysql -e "STOP SLAVE; DROP DATABASE crm"');
    const id = await begun('seed', 'db4', 'db5', '--yes=db5', '--channel', 'tls');
    await killedIn(id, 'verify');
    await done('job', 'resume', id);
    expect(await shown(id)).toMatchObject({ state: 'done' });
    expect(await drill('verify', 'db5')).toContain('db5');
    await nothingLeftOn('db4', 'db5');
  }, 600_000);

  test('is rebuilt by mydumper, whose programs each dump a database, and has the rows of its primary', async () => {
    await printedOn('db4', viewsOfAccounts('crm'));
    await printedOn('db5', 'mysql -e "STOP SLAVE; DROP DATABASE crm"');
    const id = await begun('seed', 'db4', 'db5', '--yes=db5', '--method', 'mydumper');
    await done('job', 'attach', id);
    expect(await shown(id)).toMatchObject({ state: 'done' });
    expect(await drill('verify', 'db5')).toContain('db5');
    // The load ended with ERROR 1449: accounts come after the rows.
    expect(await printedOn('db5', 'mysql -N -e "SELECT COUNT(*) > 0 FROM over_views.v2"')).toBe('1');
    expect(await printedOn('db5', privilegesOfApp)).toBe(await printedOn('db4', privilegesOfApp));
    await printedOn('db4', withoutViews);
    await nothingLeftOn('db4', 'db5');
  }, 600_000);
});
