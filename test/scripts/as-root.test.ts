// Programs of a server's or a client's package may be of a tarball that the server's account can change.

import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { scriptText } from '../../src/scripts/script.ts';

const folder = new URL('../../src/scripts/', import.meta.url).pathname;
const programs =
  'my_print_defaults|mysql|mariadb|mysqldump|mariadb-dump|mydumper|mysqlbinlog|mariadb-binlog|mariadb-backup|mariabackup|xtrabackup|xbstream|mbstream|innochecksum|mysqld|mariadbd|"\\$client"|"\\$sql_program"|"\\$\\((?:client_program|dump_program|first_of [^)]*)\\)"';

/** Where they are run after `unrooted_program`, or by the rights of another account in a shell of their own. */
const known = new Set([
  // Both after its check; the second reads a login.
  `prelude.sh: \${client_limit-} "$sql_program" --defaults-file=/dev/fd/8 "$@" 8<<END`,
  `prelude.sh: \${client_limit-} "$sql_program" "$@"`,
  'dump-parts.sh: noted "mydumper-$number" mydumper --defaults-file=/dev/fd/9 "$@" $unlocked --outputdir="$parts/$number" --threads="$threads" \\',
  'seed-dump.sh: noted program $(by_lines) "$(dump_program)" --defaults-file=/dev/fd/8 --single-transaction --quick --hex-blob --comments --skip-add-locks --no-tablespaces --default-character-set=utf8mb4 \\',
  // Of the shell of the owner.
  'seed-prepare.sh: if [ "$3" = "./$2" ]; then said=$(innochecksum -e "$(($1 - 1))" "$3" 2>&1 && innochecksum -s "$(($1 * 3))" "$3" 2>&1)',
  'seed-prepare.sh: else said=$(innochecksum "$3" 2>&1)',
]);

test('root ran programs of a tarball that the account of the server could replace, at each probe: all scripts run them by as_root, or as another account', async () => {
  const odd: string[] = [];
  // At the beginning of a command, behind what a shell has there, or what runs another one.
  const runs = new RegExp(
    `(?:^|[;&|({!]|\\b(?:if|then|else|do|until|while|limit \\d+|timeout(?: -\\S+(?: 1)?)* \\d+|noted \\S+|env|exec))\\s*(?:${programs})(?=\\s+[^)|=]|\\s*$)`,
  );
  for (const file of (await readdir(folder)).filter((name) => name.endsWith('.sh'))) {
    for (const line of (await readFile(join(folder, file), 'utf8')).split('\n')) {
      const text = line.trim();
      if (text.startsWith('#') || !runs.test(text) || known.has(`${file}: ${text}`)) continue;
      // A list of names.
      if (
        /^(case|for) |\) (return|base=)|^(mysqld|mariadbd|mysqldump|mydumper)( \||\)|$)/.test(text) ||
        text.startsWith('log_as ')
      )
        continue;
      odd.push(`${file}: ${text}`);
    }
  }
  expect(odd).toEqual([]);
});

let place: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'reseed-as-root-'));
  await chmod(place, 0o755);
  await mkdir(join(place, 'bin'));
});
afterEach(async () => await rm(place, { recursive: true, force: true }));

async function shell(lines: string, ...words: string[]) {
  const [prelude = ''] = (await scriptText('check')).split('\n#!/bin/sh\n');
  const env = { PATH: `${join(place, 'bin')}:${process.env.PATH}` };
  return await execa('sh', ['-c', `${prelude}\n${lines}`, 'sh', ...words], { env, reject: false });
}

test('root does not run my_print_defaults of another account, wherever option files are asked', async () => {
  const program = join(place, 'bin', 'my_print_defaults');
  await writeFile(program, `#!/bin/sh\n: >${place}/ran\necho --user=www-data\n`, { mode: 0o755 });
  const ran = async () => (await readdir(place)).includes('ran');
  expect((await shell('as_root 5 my_print_defaults x')).stdout).toBe('--user=www-data');
  expect(await ran()).toBe(true);
  await rm(join(place, 'ran'));

  await chown(program, 65534, 65534);
  for (const lines of ["options_of_client ''", 'login_told', 'flat_options', 'is_server_account www-data']) {
    expect((await shell(lines)).exitCode, lines).not.toBe(0);
    expect(await ran(), lines).toBe(false);
  }
  expect(await shell('as_root 5 my_print_defaults x')).toMatchObject({
    exitCode: 126,
    stderr: `ERROR: ${program} would be run as root: my_print_defaults belongs to another account than root: chown it, and the folders on the way to it, to root`,
  });
});
