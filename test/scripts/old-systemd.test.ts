// What `reseed check` says of a host whose systemd is too old: each seed refused it with "has no unit of a MySQL or MariaDB".
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { parseCheck } from '../../src/host/check.ts';
import { scriptText } from '../../src/scripts/script.ts';

/** The tools that a host lacks whose systemctl says this of its version. */
async function missing(version: string): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'reseed-systemd-'));
  try {
    const program = async (name: string, body: string) => {
      await writeFile(join(folder, name), `#!/bin/sh\n${body}\n`);
      await chmod(join(folder, name), 0o755);
    };
    await program('systemctl', `case $* in *--version*) echo '${version}' ;; *) exit 1 ;; esac`);
    await program('mysql', 'exit 1');
    await writeFile(join(folder, 'script'), await scriptText('check'));
    const words = ['check.sh', 'defaults_file=', 'socket=', 'service=none'];
    const { stdout } = await promisify(execFile)('sh', ['-c', '. "$RESEED_SCRIPT"', ...words], {
      env: { PATH: `${folder}:/usr/sbin:/usr/bin:/sbin:/bin`, RESEED_SCRIPT: join(folder, 'script') },
    });
    return (parseCheck(stdout)?.missingTools ?? []).filter((tool) => tool.startsWith('systemd'));
  } finally {
    await rm(folder, { recursive: true });
  }
}

test('a systemd before 230 is missing, with its release; a newer one is not', async () => {
  expect(await missing('systemd 219')).toEqual(['systemd 230 or newer (it has 219)']);
  expect(await missing('systemd 252 (252.39-1~deb12u1)')).toEqual([]);
  expect(await missing('')).toEqual([]);
});
