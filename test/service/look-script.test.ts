// What service.sh tells of a server that has no log of its own, with a systemctl and a journalctl that say what theirs would.
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { scriptText } from '../../src/scripts/script.ts';
import { readLook } from '../../src/service/look.ts';

async function looked(shown: Readonly<Record<string, string>>) {
  const folder = await mkdtemp(join(tmpdir(), 'reseed-look-'));
  const program = async (name: string, text: string) => {
    await writeFile(join(folder, name), `#!/bin/sh\n${text}\n`);
    await chmod(join(folder, name), 0o755);
  };
  const cases = Object.entries(shown).map(([name, value]) => `*" -p ${name} "*) echo '${value}' ;;`);
  await program('systemctl', `case " $* " in ${cases.join(' ')} esac`);
  await program('journalctl', "echo '[ERROR] InnoDB: Database page corruption on disk'");
  const words = [folder, '', '', '', '0'];
  // The prelude sets the PATH of a host.
  const text = `${await scriptText('service')}`.replace(/^PATH=/m, `PATH=${folder}:`);
  try {
    const { stdout } = await execa('sh', ['-c', text, 'service.sh', 'look', 'mariadb', ...words]);
    return readLook(`${stdout}\n`);
  } finally {
    await rm(folder, { recursive: true });
  }
}

test('what a server said before its start is not told as that of the start, to which systemd has not come yet', async () => {
  const before = { ActiveState: 'inactive', Job: '4711', InvocationID: 'cafe', NRestarts: '0' };
  expect(await looked(before)).toMatchObject({ state: 'queued', journalLines: [] });
  const begun = { ...before, ActiveState: 'activating' };
  expect((await looked(begun))?.journalLines).toEqual(['[ERROR] InnoDB: Database page corruption on disk']);
});
