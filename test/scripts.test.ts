// What holds for every script that runs on hosts.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const folder = new URL('../src/scripts/', import.meta.url);
const scripts = readdirSync(folder).filter((name) => name.endsWith('.sh'));

// Without -P a shell goes by the path that it remembers: an account that renames a folder on it, and puts a link there, leads root elsewhere.
test.each(scripts)('%s goes into no folder by the path that its shell remembers', (name) => {
  const text = readFileSync(new URL(name, folder), 'utf8').replaceAll(/^\s*#.*$/gm, '');
  const others = [...text.matchAll(/(?:^|[\s;(&|{])cd(?=[\s;)]).*/gm)].map(([line]) => line.trim());
  expect(others.filter((line) => !/cd (-P |\/( |$))/.test(line))).toEqual([]);
});
