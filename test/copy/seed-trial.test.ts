// What seed-trial.sh tries on a target before a seed: whether a sshd with a job's settings lets the donor in. Runs in a
// mount namespace, so that this machine's accounts are unchanged.
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { scriptText } from '../../src/scripts/script.ts';
import { trialWords } from '../../src/scripts/seed-facts-words.ts';
import { readListener } from '../../src/seed/facts.ts';

let base: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reseed-trial-'));
});
afterEach(() => rm(base, { recursive: true }));

/** `words`: what is done in the namespace first. */
async function tried(words: string, seconds = 60) {
  const inside = `${words} && exec sh -c "$0" seed-trial.sh "$@"`;
  const { stdout } = await execa(
    'unshare',
    ['-m', 'sh', '-c', inside, await scriptText('seed-trial'), ...trialWords(seconds)],
    { env: { PATH: `${base}:${process.env.PATH}` } },
  );
  return readListener(stdout);
}

/** What is done to a file of /etc, in sed's words. */
const changed = (file: string, change: string) =>
  `sed '${change}' /etc/${file} >${base}/${file} && mount --bind ${base}/${file} /etc/${file}`;

test('a locked root accepts the donor; a root without a shell is reported in its own words', async () => {
  expect(await tried(changed('shadow', 's/^root:[^:]*:/root:!x:/'))).toEqual({ state: 'open', why: '' });
  expect(await tried(changed('passwd', 's#^\\(root:.*:\\)[^:]*$#\\1/usr/sbin/nologin#'))).toEqual({
    state: 'closed',
    why: expect.stringContaining('This account is currently not available'),
  });
});

test('a trial that takes too long is unknown, and no refusal; nothing of it is left', async () => {
  await writeFile(join(base, 'ssh'), '#!/bin/sh\nexec sleep 300\n');
  await chmod(join(base, 'ssh'), 0o755);
  const left = async () => (await readdir('/run')).filter((name) => name.startsWith('reseed-listener-'));
  const before = await left();
  expect(await tried('true', 3)).toEqual({ state: 'unknown', why: 'the trial took more than 3 s' });
  expect((await left()).filter((name) => !before.includes(name))).toEqual([]);
});

test('a host that makes no ed25519 key, as in FIPS mode, would end the job at its channel: it is refused', async () => {
  await writeFile(
    join(base, 'ssh-keygen'),
    '#!/bin/sh\necho "ED25519 keys are not allowed in FIPS mode" >&2; exit 1\n',
  );
  await chmod(join(base, 'ssh-keygen'), 0o755);
  expect(await tried('true')).toEqual({
    state: 'closed',
    why: 'it makes no key of type ed25519: ED25519 keys are not allowed in FIPS mode',
  });
});

test('a host on which nothing can be written is unknown', async () => {
  expect(await tried('mount -t tmpfs -o ro none /run')).toEqual({
    state: 'unknown',
    why: 'nothing can be written in /run',
  });
});
