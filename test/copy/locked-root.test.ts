// A target whose root account is locked, as in cloud images (`!` in /etc/shadow): the job's sshd still lets the donor
// in.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { scriptText } from '../../src/scripts/script.ts';
import { keyWords, listenerWords, meetWords } from '../../src/scripts/seed-channel-words.ts';
import { wayWords } from '../../src/scripts/seed-way-words.ts';

test('a locked root takes a seed by ssh', async () => {
  // Below a folder that only its owner can write to: sshd trusts no keys elsewhere.
  const base = await mkdtemp(join(homedir(), 'reseed-locked-'));
  const script = async (name: 'seed-ssh' | 'seed-way', words: readonly string[], input = '') =>
    await execa('sh', ['-c', await scriptText(name), `${name}.sh`, ...words], { input });
  const [job, at] = [join(base, 'job'), join(base, 'at')];
  const way = join(job, 'way-t1');
  const { stdout: key } = await script('seed-ssh', keyWords({ folder: way }));
  await script('seed-way', wayWords('open', at, { kind: 'ssh', mark: 'mark' }), `${btoa(`${key}\n`)}\ncat\n#mark\n`);
  const shadow = await readFile('/etc/shadow', 'utf8');
  await writeFile(join(base, 'shadow'), shadow.replace(/^root:[^:]*:/m, 'root:!locked:'), { mode: 0o600 });
  // In a mount namespace, so that this machine's root account is unchanged.
  const inside = 'mount --bind "$1" /etc/shadow && shift && exec sh -c "$0" "$@"';
  const listening = {
    folder: join(at, 'listener'),
    address: '127.0.0.1',
    first: 21_960,
    last: 21_989,
    callers: ['127.0.0.1'],
  };
  const opening = ['seed-ssh.sh', ...listenerWords(listening)];
  const listener = execa(
    'unshare',
    ['-m', 'sh', '-c', inside, await scriptText('seed-ssh'), join(base, 'shadow'), ...opening],
    { reject: false, forceKillAfterDelay: 2000 },
  );
  try {
    const read = (name: string) => readFile(join(at, 'listener', name), 'utf8').catch(() => '');
    await expect.poll(() => read('port'), { timeout: 60_000 }).toMatch(/^\d+\n$/);
    const listenerSeen = `${(await read('port')).trim()} ${await read('public')}`;
    await script('seed-ssh', meetWords({ folder: way, address: '127.0.0.1' }), listenerSeen);
    expect(await script('seed-way', wayWords('prove', job, { target: 't1' }))).toMatchObject({ exitCode: 0 });
  } finally {
    listener.kill();
    await listener;
    await rm(base, { recursive: true, force: true });
  }
}, 120_000);
