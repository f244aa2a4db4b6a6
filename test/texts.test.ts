import { expect, test } from 'vitest';
import { hardWords, textsOf } from '../texts.ts';

const lines = (path: string, source: string) => textsOf(path, source).texts.map(({ line, text }) => `${line} ${text}`);

test('every sentence of a module is listed with its line, what is put in while reseed runs in braces', () => {
  const put = '$'.concat('{host.length > 3 ? host : one.name}');
  const source = [
    "import { words } from './not a sentence.ts';",
    `export const why = (host: string) => \`the server of ${put} is down\`;`,
    "const key = 'readOnly';",
    'export const Pane = () => <Text title="its last lines">no line yet</Text>;',
    "const sql = 'SELECT this FROM that';",
  ].join('\n');
  expect(lines('a.tsx', source)).toEqual([
    '2 the server of {host.length > 3 ? host : one.…} is down',
    '4 its last lines',
    '4 no line yet',
  ]);
});

test('what a script refuses or says is listed, and no command of it', () => {
  const source = [
    '# Why it is so.',
    'refuse "the datadir of $job is not there"',
    'mv -T "$from folder" to',
    'fail $x',
  ].join('\n');
  expect(lines('a.sh', source)).toEqual(['2 the datadir of $job is not there']);
});

test('a word that has a plainer one is found in a sentence, and not in the code that is put into it', () => {
  expect(hardWords('nobody carries job {id} on')).toHaveLength(2);
  expect(hardWords('{nobody} waits for db1')).toEqual([]);
});
