// The options of a restrained start, after the command lines of real shops' units.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scriptText } from '../../src/scripts/script.ts';

let folder: string;
let functions: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reseed-options-'));
  // The script without its own actions: only its functions.
  functions = (await scriptText('seed-start')).split('\nset -u\nverb=')[0] ?? '';
});
afterAll(() => rm(folder, { recursive: true }));

/** What the drop-in would start; '': it is refused. */
async function started(unitFile: string): Promise<string> {
  await writeFile(join(folder, 'systemctl'), `#!/bin/sh\ncat "\${0%/*}/unit"\n`, { mode: 0o755 });
  await writeFile(join(folder, 'unit'), unitFile);
  const script = `${functions}
    command=$(command_line mysqld@prod /etc/ours.conf)
    with_options "$command" --skip-replica-start --read-only || exit 3`;
  const { stdout } = await execa('sh', ['-c', script], {
    env: { PATH: `${folder}:${process.env.PATH}` },
    reject: false,
  });
  return stdout;
}
const unit = (...lines: string[]) => `# /lib/systemd/system/mysqld@.service\n[Service]\n${lines.join('\n')}\n`;
const options = '--skip-replica-start --read-only';

describe('a server is held back', () => {
  test.each([
    ['by its name', '/usr/sbin/mysqld $MYSQLD_OPTS'],
    ['of a template unit', '/usr/sbin/mysqld --defaults-file=/etc/mysql-%i/my.cnf'],
    ['with a prefix of systemd', '-/usr/sbin/mysqld --user=mysql'],
    ['with a name of its own', '@/usr/sbin/mysqld mysqld-prod --user=mysql'],
    ['with all rights', '!/usr/sbin/mariadbd'],
    ['that forks', '/usr/sbin/mysqld --daemonize --pid-file=/run/mysqld/mysqld.pid $MYSQLD_OPTS'],
    ['behind mysqld_safe', '/usr/bin/mysqld_safe --timezone=UTC'],
    ['behind numactl', '/usr/bin/numactl --interleave=all /usr/sbin/mysqld'],
    // Quotes at the end belong to an option here, and not to a shell.
    ['whose last option is in quotes', '/usr/sbin/mysqld --init-connect="SET NAMES utf8"'],
  ])('%s', async (_, command) => {
    expect(await started(unit('Type=notify', `ExecStart=${command}`))).toBe(`${command} ${options}`);
  });

  test('in a shell, within its quotes', async () => {
    expect(await started(unit('ExecStart=/bin/sh -c "exec /usr/sbin/mysqld $OPTS"'))).toBe(
      `/bin/sh -c "exec /usr/sbin/mysqld $OPTS ${options}"`,
    );
  });

  test('by the last of several lines, over several lines, and without what our own drop-in says', async () => {
    const file = `${unit('ExecStart=/usr/sbin/mysqld --old')}
# /etc/systemd/system/mysqld@prod.service.d/override.conf
[Service]
ExecStart=
ExecStart=/usr/sbin/mysqld \\
# a comment
  --new

# /etc/ours.conf
[Service]
ExecStart=
ExecStart=/usr/sbin/mysqld --ours`;
    expect(await started(file)).toMatch(/^\/usr\/sbin\/mysqld +--new --skip-replica-start --read-only$/);
  });
});

describe('a command that would not hand the options on is refused', () => {
  test.each([
    ['an init script', '/etc/init.d/mysql start'],
    ['a shell that goes on after its server', '/bin/sh -c "/usr/sbin/mysqld & wait"'],
    ['a shell with words behind its script', `/bin/sh -c 'exec mysqld "$@"' mysqld --user=mysql`],
    ['a script of the shop', '/opt/shop/start-db'],
    ['a unit without one', ''],
  ])('%s', async (_, command) => {
    expect(await started(unit(`ExecStart=${command}`))).toBe('');
  });
});
