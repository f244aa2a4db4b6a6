// --sql of a salvage of large logs: its text comes in pieces, and is kept nowhere.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { streamLogText } from '../../src/operations/salvage/log-text.ts';
import type { Remote, StreamOptions } from '../../src/remote/remote.ts';
import { hostNamed, pictureOf } from '../live/pictures.ts';

const standing = readFileSync(new URL('../fixtures/mysql-9.7/standing-replica.txt', import.meta.url), 'utf8');
const { host, report } = hostNamed(pictureOf('trouble'), 'db2');
const subject = { host, report, target: { name: 'db2', host: 'db2', transport: 'auto', sudo: false } as const };

/** A host whose script prints these pieces; it waits for each to be taken, as a connection does. */
function remote(pieces: readonly Buffer[], ended: object = { ok: true, stderr: '' }): Remote {
  const stream = async (_script: string, _args: readonly string[], { onStdout }: StreamOptions) => ({
    ok: true,
    write: () => undefined,
    stop: () => undefined,
    ended: (async () => {
      for (const piece of pieces) await onStdout(piece);
      return ended;
    })(),
  });
  const exec = async () => ({ ok: true, stdout: standing, stderr: '' });
  return { host: 'db2', transport: 'ssh2', exec, stream, close: async () => undefined } as unknown as Remote;
}

const streamed = async (pieces: readonly Buffer[], write: (text: string) => Promise<void>, ended?: object) =>
  streamLogText(
    { from: subject, start: { by: 'file', file: 'relay.000001', position: 4 } },
    1024 ** 4,
    {
      known: [subject],
      open: () => remote(pieces, ended),
      signal: AbortSignal.timeout(10_000),
    },
    write,
  );

test('is handed on piece by piece, each after the one before was taken, with letters that two pieces share', async () => {
  const [letter, rest] = [Buffer.from('é').subarray(0, 1), Buffer.from('é').subarray(1)];
  const pieces = [
    Buffer.from('INSERT '),
    letter,
    Buffer.concat([rest, Buffer.from(' x')]),
    Buffer.alloc(3_000_000, 'a'),
  ];
  const said: string[] = [];
  let atOnce = 0;
  const found = await streamed(pieces, async (text) => {
    atOnce++;
    expect(atOnce).toBe(1);
    await sleep(1);
    atOnce--;
    said.push(text);
  });
  expect(found).toEqual({ ok: true, value: { bytes: 3_000_011 } });
  expect(said.join('').slice(0, 10)).toBe('INSERT é x');
});

test('of a log that could not be read to its end says so, wherever its last line was cut', async () => {
  const line = '\n# reseed: torn relay.000002: mysqlbinlog ended with 1\n';
  const pieces = [Buffer.alloc(50_000, 'a'), Buffer.from(line.slice(0, 20)), Buffer.from(line.slice(20))];
  const found = await streamed(pieces, async () => undefined);
  expect(found).toMatchObject({ value: { torn: 'relay.000002: mysqlbinlog ended with 1' } });
});

test('that the host refuses is refused in its words', async () => {
  const ended = {
    ok: false,
    kind: 'exit',
    host: 'db2',
    code: 3,
    message: 'ended with 3',
    printed: 'it has no log relay.000001 any more',
    advice: '',
  };
  expect(await streamed([], async () => undefined, ended)).toMatchObject({
    ok: false,
    refusal: { message: 'db2: it has no log relay.000001 any more' },
  });
});
