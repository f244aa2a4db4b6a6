// The questions to the hosts of a seed, and on which of them a trial runs: a trial writes to a host for a moment.
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { Host } from '../../src/inventory/settings.ts';
import { askSides } from '../../src/operations/seed/sides.ts';
import type { Remote } from '../../src/remote/remote.ts';
import type { ChosenChannel } from '../../src/seed/request.ts';
import { failed } from '../live/scripted.ts';
import { side } from '../seed/sides.ts';

const facts = await readFile(new URL('../fixtures/seed/facts-db2.txt', import.meta.url), 'utf8');
type Exec = Remote['exec'];

async function asked(hosts: readonly Partial<Host>[], channel?: ChosenChannel, trial = 'listener open\n') {
  const tried: string[] = [];
  const subjects = ['db2', 'db3', 'db6'].slice(0, hosts.length).map((name, nth) => {
    const { host, report } = side(name);
    return {
      host: { ...host, ...hosts[nth] },
      report,
      target: { name, host: host.ssh.host, transport: 'auto' as const, sudo: false },
    };
  });
  const answers = await askSides(subjects, {
    open: ({ name }) => {
      const exec: Exec = async (_script, _args, { label = '' }) => {
        if (label !== 'seed-trial') return { ok: true, stdout: facts, stderr: '' };
        tried.push(name);
        return trial === '' ? failed('aborted', 'it did not answer') : { ok: true, stdout: trial, stderr: '' };
      };
      const stream = () => Promise.reject(new Error('nothing is streamed'));
      return { host: name, transport: 'ssh2', exec, stream, close: async () => undefined };
    },
    signal: new AbortController().signal,
    ...(channel && { channel }),
  });
  return { tried, listeners: answers.map((answer) => (answer.ok ? answer.side.facts.listener : answer.why)) };
}

test('a sshd is tried on the targets alone, and on none that is read-only', async () => {
  expect((await asked([{}, {}, { readOnly: true }])).tried).toEqual(['db3']);
  expect((await asked([{}, {}, {}], 'relay')).tried).toEqual(['db3', 'db6']);
});

test('no sshd is tried for a seed by another channel, whoever says so', async () => {
  expect((await asked([{}, {}, {}], 'tls')).tried).toEqual([]);
  expect((await asked([{}, { seed: { channel: 'plain' } }, {}])).tried).toEqual(['db6']);
});

test('a trial that does not answer in time is unknown, and the host has answered', async () => {
  expect((await asked([{}, {}], undefined, '')).listeners).toEqual([
    undefined,
    { state: 'unknown', why: 'it did not answer' },
  ]);
  expect((await asked([{}, {}], undefined, 'listener open\ndoor closed x\n')).listeners[1]).toEqual({
    state: 'open',
    why: '',
  });
});
