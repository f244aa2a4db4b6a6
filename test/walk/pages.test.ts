// The commands that the pages show, run on the practice fleet in the order of each page: what a reader types works. A command that asks for a name gets it.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { drill } from '../fleet/fleet.ts';
import { done, inside } from '../fleet/seeding.ts';
import { everyHost, usesHosts } from '../fleet/uses.ts';

usesHosts(...everyHost);

/** The other tests know the hosts as they were. */
afterAll(async () => {
  for (const host of ['db2', 'db3', 'db6']) await drill('reset', host);
}, 1_200_000);

const root = join(import.meta.dirname, '../..');
const docs = readdirSync(join(root, 'docs')).filter((file) => file.endsWith('.md'));
const pages = ['README.md', ...docs.map((file) => join('docs', file))];

/** Of the blocks of shell: the words of each line that is for the practice fleet. */
function commandsOf(page: string): string[][] {
  const blocks = [...readFileSync(join(root, page), 'utf8').matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(
    ([, text = '']) => text,
  );
  return blocks
    .flatMap((block) => block.split('\n'))
    .filter((line) => line.startsWith('npx reseed drill '))
    .map((line) =>
      line
        .replace(/\s+#.*$/, '')
        .split(/\s+/)
        .slice(2),
    )
    .filter((words) => words[1] !== 'down');
}

/** The hosts whose names a verb asks for: the targets of a seed, or the one that is stopped. */
function agreed([verb, ...words]: readonly string[]): readonly string[] {
  if (words.includes('--dry-run')) return [];
  const hosts = words.filter((word) => /^db\d+$/.test(word));
  if (verb === 'seed') return [`--yes=${hosts.slice(1).join(',')}`];
  return verb === 'start' || verb === 'stop' || words[0] === 'create' ? [`--yes=${hosts.join(',')}`] : [];
}

const snapshotOf = async (host: string): Promise<string> => {
  const { snapshots } = JSON.parse(await done('snapshot', 'list', host, '--json')) as {
    snapshots: readonly { readonly snapshot: string }[];
  };
  const [newest] = snapshots;
  if (!newest) throw new Error(`${host} has no snapshot`);
  return newest.snapshot;
};

/** A page names a snapshot by NAME. The console alone is of other tests. */
async function run([verb = '', ...rest]: readonly string[]): Promise<string> {
  if (verb !== 'exec') return await drill(verb, ...rest);
  const own = rest.slice(3);
  if (own.length === 0) return '';
  const donor = own[1] ?? '';
  const words = await Promise.all(own.map(async (word) => (word === 'NAME' ? await snapshotOf(donor) : word)));
  const ended = await inside(...words, ...agreed(words));
  // It ends with 1 where a host has an alert, which is what these pages show.
  const right = words[0] === 'status' ? [0, 1] : [0];
  expect(right, `reseed ${words.join(' ')}\n${ended.stdout}${ended.stderr}`).toContain(ended.exitCode);
  return ended.stdout;
}

const shown = pages.map((page) => [page, commandsOf(page)] as const).filter(([, commands]) => commands.length > 0);

test('there are such pages', () => expect(shown.map(([page]) => page)).toContain('docs/staging.md'));

describe('on the practice fleet', () => {
  test.each(shown)(
    'every command of %s works',
    async (_page, commands) => {
      for (const words of commands) await run(words);
      // A page whose console heals what was broken shows no more words: other tests do that.
      const broken = commands.flatMap(([verb, , host]) => (verb === 'fault' && host !== undefined ? [host] : []));
      const isHealed = commands.some((words) => words.includes('seed') || words[0] === 'heal');
      for (const host of isHealed ? [] : broken) await drill('reset', host);
    },
    1_800_000,
  );
});
