// The pages for people: their links.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const pages = [
  ...readdirSync(root).filter((file) => file.endsWith('.md')),
  ...readdirSync(join(root, 'docs')).map((file) => join('docs', file)),
];

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
  const unlisted = readdirSync(join(root, 'docs')).filter((file) => !readme.includes(`(docs/${file})`));
  expect(unlisted).toEqual([]);
});
