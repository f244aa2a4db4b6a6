// The copies of delta.ts, in its network: delta-copies.ts TOLD SAMPLE SHARE...; SAMPLE is a tar of a datadir, SHARE a
// percentage of pages that are changed. TOLD: the file for the figures, as JSON.
import { cp, mkdtemp, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { delta } from '../src/seed/methods/delta/delta.ts';
import { lvmSnapshot } from '../src/seed/methods/lvm-snapshot/lvm-snapshot.ts';
import { shortSize } from '../src/text/amounts.ts';
import { copying } from '../test/copy/copying.ts';
import { account } from '../test/copy/staging.ts';
import { figure, median, takeTold, tell } from './figures.ts';

const [toldFile = '', sample = '', ...shares] = process.argv.slice(2);
const rounds = 3;
const pageBytes = 16_384;
const wantedBytes = 1024 ** 3;

const base = await mkdtemp(join(tmpdir(), 'reseed-delta-'));
const donor = join(base, 'donor');
await execa('mkdir', [donor]);
await execa('tar', ['-xf', sample, '-C', donor]);
const tables = (await ibdFiles(donor)).toSorted((one, other) => other.bytes - one.bytes).slice(0, 2);
const all = await bytesIn(donor);
const oneTime = tables.reduce((sum, { bytes }) => sum + bytes, 0);
for (let more = 1; all + more * oneTime < wantedBytes; more++)
  for (const { path } of tables) await cp(path, path.replace(/\.ibd$/, `_${more}.ibd`));
tell('datadir', shortSize(await bytesIn(donor)), `${(await ibdFiles(donor)).length} tablespaces`);

try {
  for (const share of shares) await measure(Number(share));
  await writeFile(toldFile, JSON.stringify(takeTold()));
} finally {
  await rm(base, { recursive: true, force: true });
}

async function measure(share: number): Promise<void> {
  const old = join(base, 'old');
  await rm(old, { recursive: true, force: true });
  await execa('cp', ['-a', donor, old]);
  const changed = await change(donor, share / 100);
  const full: Cost[] = [];
  const parts: Cost[] = [];
  for (let round = 0; round < rounds; round++) {
    full.push(await costOf(lvmSnapshot, old));
    parts.push(await costOf(delta, old));
  }
  const [all, some] = [full, parts].map(middle) as [Cost, Cost];
  tell(`${share} % of pages changed (${changed})`);
  for (const what of ['copySeconds', 'wholeSeconds', 'bytes'] as const) {
    const cell = (cost: Cost, words: string) =>
      what === 'bytes'
        ? { value: cost.bytes, unit: 'bytes', text: `${words} ${shortSize(cost.bytes)}` }
        : figure(cost[what], `s ${words}`, 1);
    const name = { copySeconds: '  copy', wholeSeconds: '  list, copy and comparison', bytes: '  bytes' }[what];
    tell(name, cell(some, 'delta'), cell(all, 'all, zstd'), figure(some[what] / all[what], 'x', 2));
  }
}

interface Cost {
  readonly copySeconds: number;
  readonly wholeSeconds: number;
  readonly bytes: number;
}

function middle(costs: readonly Cost[]): Cost {
  return {
    copySeconds: median(costs.map(({ copySeconds }) => copySeconds)),
    wholeSeconds: median(costs.map(({ wholeSeconds }) => wholeSeconds)),
    bytes: median(costs.map(({ bytes }) => bytes)),
  };
}

async function costOf(method: typeof delta, old: string): Promise<Cost> {
  const copy = await copying(['t1'], { method, compression: 'zstd', channel: 'ssh' });
  try {
    await execa('cp', ['-a', `${donor}/.`, copy.donor]);
    await execa('cp', ['-a', `${old}/.`, copy.datadir('t1')]);
    await execa('chown', ['-R', account.name, copy.datadir('t1')]);
    await execa('sync');
    const before = await loopbackBytes();
    const { state, steps } = await copy.run();
    if (state !== 'done') throw new Error(copy.log());
    const ended = (name: string) => steps.find((step) => step.name === name);
    const [list, sent, verified] = ['list', 'copy', 'verify'].map(ended);
    return {
      copySeconds: ((sent?.endedMs ?? 0) - (sent?.startedMs ?? 0)) / 1000,
      wholeSeconds: ((verified?.endedMs ?? 0) - (list?.startedMs ?? 0)) / 1000,
      bytes: (await loopbackBytes()) - before,
    };
  } finally {
    await copy.end();
  }
}

/** Gives so many pages the content of another page, as if its rows had been replaced; says how many. */
async function change(folder: string, share: number): Promise<string> {
  let [pages, count] = [0, 0];
  for (const { path, bytes } of await ibdFiles(folder)) {
    const file = await open(path, 'r+');
    const page = Buffer.alloc(pageBytes);
    const last = Math.floor(bytes / pageBytes);
    for (let n = 0; n < last; n++) {
      pages++;
      if (Math.random() >= share) continue;
      await file.read(page, 0, pageBytes, Math.floor(Math.random() * last) * pageBytes);
      page.writeDoubleBE(Math.random(), 16);
      await file.write(page, 0, pageBytes, n * pageBytes);
      count++;
    }
    await file.close();
  }
  return `${count} of ${pages}`;
}

async function ibdFiles(folder: string) {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.ibd'));
  return Promise.all(
    names.map(async (name) => ({ path: join(folder, name), bytes: (await stat(join(folder, name))).size })),
  );
}

async function bytesIn(folder: string): Promise<number> {
  const { stdout } = await execa('du', ['-sb', folder]);
  return Number.parseInt(stdout, 10);
}

async function loopbackBytes(): Promise<number> {
  // Of this network: /sys has the one that it was mounted in.
  const [, sent] = /lo:(?:\s+\d+){8}\s+(\d+)/.exec(await readFile('/proc/net/dev', 'utf8')) ?? [];
  return Number(sent);
}
