// The pages for people: their links, and their inventories.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { readConfig } from '../src/commands/config.ts';
import { complaints } from './inventory/reading.ts';

const root = join(import.meta.dirname, '..');
/** Beside the pages are pictures. */
const docs = readdirSync(join(root, 'docs')).filter((file) => file.endsWith('.md'));
const pages = [...readdirSync(root).filter((file) => file.endsWith('.md')), ...docs.map((file) => join('docs', file))];

/** As GitHub makes it of a heading. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');

function anchorsOf(page: string): string[] {
  const text = readFileSync(page, 'utf8').replaceAll(/^```[\s\S]*?^```/gm, '');
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading));
}

test.each(pages)('every link of %s leads to a page that is there, and to a heading of it', (page) => {
  const here = join(root, page);
  const links = [...readFileSync(here, 'utf8').matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, link = '']) => link);
  const broken = links.filter((link) => {
    const [file = '', anchor] = link.split('#');
    const there = file === '' ? here : join(dirname(here), file);
    return !existsSync(there) || (anchor !== undefined && !anchorsOf(there).includes(anchor));
  });
  expect(broken).toEqual([]);
});

test('every page of docs/ is listed in the README', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8').split('\n## More\n')[1] ?? '';
  const unlisted = docs.filter((file) => !readme.includes(`(docs/${file})`));
  expect(unlisted).toEqual([]);
});

/** A page shows a part: hosts that its schedules name are added, and a cluster that is not shown. */
function inventoryWith(block: string): string {
  const shown = parse(block, { merge: true }) as Record<string, Record<string, Record<string, unknown>>>;
  if (shown.hosts) return block;
  const hosts = Object.values(shown.schedules ?? {}).flatMap(({ hosts: of, donor }) => [of, donor].flat());
  const names = [...new Set(['db1', ...hosts.filter((name) => typeof name === 'string')])];
  const commands = Object.values(shown.schedules ?? {}).flatMap(({ command }) => command ?? []);
  const own = commands.map((name) => `${name}: { run: [/bin/true] }`).join(', ');
  return `${block}\nhosts:\n${names.map((name) => `  ${name}: { cluster: shop, commands: { ${own} } }\n`).join('')}${shown.clusters ? '' : 'clusters: { shop: {} }\n'}`;
}

const blocks = pages.flatMap((page) =>
  [...readFileSync(join(root, page), 'utf8').matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(
    ([, block = ''], at) => [page, at + 1, block] as const,
  ),
);

const isOwn = (block: string) => /^(keys|columns|background):/.test(block);
const inventories = blocks.filter(([, , block]) => !isOwn(block));

test.each(blocks.filter(([, , block]) => isOwn(block)))(
  'the settings of the console in %s, number %i, are some',
  (_page, _at, block) => {
    expect(readConfig(block, 'config.yaml')).toMatchObject({ ok: true });
  },
);

test('a page shows inventories', () => expect(blocks.map(([page]) => page)).toContain('README.md'));

test.each(inventories)('the inventory of %s, number %i, is one, or a part of one', (_page, _at, block) => {
  expect(complaints(inventoryWith(block))).toEqual([]);
});

test('the hooks of docs/hooks.md make nothing before the locks are held, and are of one cluster', () => {
  const [, , block = ''] = blocks.find(([page]) => page === 'docs/hooks.md') ?? [];
  const { clusters, ...more } = parse(block) as {
    clusters: Record<string, { hooks: Record<string, { at: string | string[] }> }>;
  };
  expect(more).toEqual({});
  const early = Object.entries(clusters.shop?.hooks ?? {}).filter(([, { at }]) =>
    [at].flat().includes('before-preflight'),
  );
  expect(early.map(([name]) => name)).toEqual(['check']);
});
