// A dump program that hangs is ended, and no other process that has its number by then (send-stream.sh).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';

let base: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reseed-noted-'));
});
afterEach(() => rm(base, { recursive: true, force: true }));

async function said(call: string): Promise<string> {
  const names = ['prelude', 'send-stream'];
  const texts = names.map((name) => readFile(new URL(`../../src/scripts/${name}.sh`, import.meta.url), 'utf8'));
  const script = [...(await Promise.all(texts)), 'work=.', call].join('\n');
  return (await execa('sh', ['-c', script], { cwd: base, reject: false })).stdout;
}

test('a process that has the number of a program that ended lives on', async () => {
  const other = spawn('sleep', ['60']);
  const comes = `noted program true; sed -i 's/^[0-9]*/${other.pid}/' program; end_noted program; sleep 0.2`;
  expect(await said(`${comes}; grep -q '^State:.*sleeping' /proc/${other.pid}/status && echo lives`)).toBe('lives');
  const ended = once(other, 'exit');
  other.kill();
  await ended;
});

test('a program that hangs is ended', async () => {
  const ends =
    'noted program sleep 60 & until [ -s program ]; do sleep 0.05; done; end_noted program; wait $!; echo $?';
  expect(await said(ends)).toBe('137');
});
