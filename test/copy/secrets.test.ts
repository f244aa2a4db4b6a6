// The secrets of a seed (keys of its channel, the word of a plain one) stay in files of root's. During the copy no
// process of this machine has them in its arguments or its environment; afterwards neither the log nor the journal has
// them.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { openChannels } from './channels.ts';

const channels = openChannels();

const read = (path: string): string => {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    // It has ended, or was removed, meanwhile.
    return '';
  }
};

/** Lines of the private keys and words that lie below a folder now. */
function secretsBelow(folder: string): string[] {
  let paths: string[] = [];
  try {
    paths = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch {
    return [];
  }
  return paths
    .filter((path) => /(^|\/)(key|host_key|own\.key|word)$/.test(path))
    .flatMap((path) => read(join(folder, path)).split('\n'))
    .filter((line) => line.length >= 32 && !line.startsWith('-----'));
}

/** Arguments and environment of every process. */
const shownToAll = (): string[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => ['cmdline', 'environ'].map((place) => read(join('/proc', pid, place))));

test.each(['ssh', 'tls', 'plain'] as const)(
  'a copy by %s tells none of its secrets to who looks at processes, the log or the journal',
  async (channel) => {
    const copy = await channels.copyOver(channel);
    const secrets = new Set<string>();
    const told = new Set<string>();
    let looks = 0;
    // Reads each process as often as this process gets time.
    const look = () => {
      for (const line of secretsBelow(copy.folder)) secrets.add(line);
      for (const text of shownToAll()) {
        if ([...secrets].some((secret) => text.includes(secret))) told.add(text);
      }
      looks++;
    };
    const timer = setInterval(look, 20);
    const job = await copy.run().finally(() => clearInterval(timer));
    expect(job).toMatchObject({ state: 'done' });
    expect(looks).toBeGreaterThan(10);
    expect(secrets.size).toBeGreaterThan(0);
    expect([...told]).toEqual([]);
    const base = dirname(copy.donor);
    const kept = ['log', 'jobs.sqlite', 'jobs.sqlite-wal'].map((name) => read(join(base, name))).join('\n');
    expect(kept).toContain('seed-way');
    for (const secret of secrets) expect(kept).not.toContain(secret);
  },
  120_000,
);
