// read-only.sh with a stand-in for a server: super_read_only is as before after a job, also of a server that started again meanwhile.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

/** What super_read_only is after these calls. `process` is that of the server. */
async function after(calls: string): Promise<string> {
  const fragment = await readFile(new URL('../../src/scripts/read-only.sh', import.meta.url), 'utf8');
  const folder = await mkdtemp(join(tmpdir(), 'reseed-read-only-'));
  const server = `trusted_in() { echo "$process"; }
    process_of() { [ "$1" != "$process" ] || echo "$1 100"; }
    sql_client() {
      case $* in
        *'SET GLOBAL super_read_only = '*) super=\${*##*= } ; echo "$super" >super ;;
        *super_read_only*) printf 'super_read_only\\t%s\\n' "$(cat super)" ;;
        *datadir*) echo /data ;;
        *read_only*) echo 1 ;;
      esac
    }`;
  const script = `${server}\n${fragment}\nopen() { open_super '' '' note; }; close() { close_super '' '' note; }
    started() { process=$1; echo ON >super; }\n${calls}`;
  try {
    await promisify(execFile)('sh', ['-c', script], { cwd: folder });
    return (await readFile(join(folder, 'super'), 'utf8')).trim();
  } finally {
    await rm(folder, { recursive: true });
  }
}

test('super_read_only that was switched off is on again at the end', async () => {
  expect(await after('started 7; open')).toBe('OFF');
  expect(await after('started 7; open; open; close')).toBe('ON');
});

test('so it is where the server started again, and was opened a second time', async () => {
  expect(await after('started 7; open; started 8; open; close')).toBe('ON');
});

test('where it started again and was not opened since, it is as its options say, which is told', async () => {
  const told = 'grep -q "was started again since: super_read_only is as its options say" told';
  expect(await after(`started 7; open; started 8; close >told; ${told} && echo 'ON, and told' >super`)).toBe(
    'ON, and told',
  );
});
