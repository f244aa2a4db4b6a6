// A backup stream of a replica whose applier has temporary tables open: seed-backup.sh itself, with stand-ins of its program and of the client.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { completed, type Donor, openDonor } from './backing-up.ts';

let donor: Donor;
beforeEach(async () => {
  donor = await openDonor();
});
afterEach(() => donor.remove());

async function ended(open: string, asksApplier = true): Promise<string> {
  const backup = `echo '[00] 2026-11-28 00:31:54 Starting BACKUP STAGE BLOCK_COMMIT' >&2; sleep 0.3; echo stream
echo '[00] 2026-11-28 00:31:55 All tables unlocked' >&2; ${completed}`;
  for (const [name, text] of Object.entries({ 'mariadb-backup': backup, mariadb: open, mysql: open }))
    await donor.program(name, text);
  return donor.backedUp({ asksApplier });
}

test('is lost, as it is asked while writes are blocked: hours lie between that and the plan', async () => {
  const why = 'lost t1 its applier had temporary tables open';
  expect(await ended("echo 'Slave_open_temp_tables 2'")).toContain(`${why} (2) while writes were blocked`);
  expect(await ended('exit 1')).toContain(`${why} (unknown)`);
  expect(await ended('')).not.toContain(why);
  expect(await ended("echo 'Slave_open_temp_tables 2'", false)).not.toContain(why);
});
