// What runs on a donor when its backup begins: seed-backup.sh itself, with stand-ins of its program and of the client.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { completed, type Donor, openDonor } from './backing-up.ts';

let donor: Donor;
beforeEach(async () => {
  donor = await openDonor();
});
afterEach(() => donor.remove());

/** `looked`: what the server says of its statements. The words of the program, if it was begun, and what was told. */
async function backedUp(looked: string, locksByStages = false, socket?: string, stays = '') {
  const program = `echo "$*" >'${donor.outside}/words'; ${stays} ${completed}`;
  for (const [name, text] of Object.entries({ 'mariadb-backup': program, mariadb: looked, mysql: looked }))
    await donor.program(name, text);
  const told = await donor.backedUp({ locksByStages, ...(socket !== undefined && { socket }) });
  return { words: await readFile(join(donor.outside, 'words'), 'utf8').catch(() => ''), told };
}

const busy = "printf '1\\t4200\\n1\\n'";

test('a backup of a busy MariaDB was not begun behind a long query, though BACKUP STAGE waits for none: its program is not told to wait, either', async () => {
  for (const looked of [busy, 'exit 1'])
    expect((await backedUp(looked, true)).words).toContain('--ftwrl-wait-timeout=0');
});

test('a backup whose lock comes at its end is not refused for what runs at its beginning, and waits then', async () => {
  for (const looked of [busy, 'exit 1']) expect((await backedUp(looked)).words).toContain('--ftwrl-wait-timeout=30');
});

test('a backup of a donor whose option files name another host asks the server of the socket', async () => {
  const { words } = await backedUp("printf '0\\tNULL\\n0\\n'", true, '/run/own.sock');
  expect(words).toContain('--host=localhost --socket=/proc/self/fd/7/socket');
});

test('a backup whose BACKUP STAGE waits for a change of a table is ended, and says so', async () => {
  const looked = `case "$*" in *'BACKUP STAGE%'*) echo 42 ;; *) printf '0\\tNULL\\n0\\n' ;; esac`;
  const { told } = await backedUp(looked, true, undefined, 'exec sleep 25;');
  expect(told).toContain('lost t1 its lock (BACKUP STAGE) waited for 42 s, and new statements behind it');
});
