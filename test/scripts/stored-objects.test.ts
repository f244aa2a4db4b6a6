// Routines, triggers, events and views of two servers, compared (stored-objects.sh); texts that a client would cut (dump-bodies.sh).
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';

let base: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reseed-objects-'));
});
afterEach(() => rm(base, { recursive: true, force: true }));

async function said(call: string): Promise<string> {
  const names = ['own-databases', 'table-sums', 'stored-objects', 'dump-bodies'];
  const texts = names.map((name) => readFile(new URL(`../../src/scripts/${name}.sh`, import.meta.url), 'utf8'));
  return (await execa('sh', ['-c', [...(await Promise.all(texts)), call].join('\n')], { cwd: base })).stdout;
}
const hex = (text: string) => Buffer.from(text).toString('hex').toUpperCase();
const object = (name: string, text = 'a', version = '10.11.19') => `object\t${hex(name)}\t${text}\t${hex(version)}`;
async function strange(told: readonly string[], has: readonly string[]): Promise<string> {
  await writeFile(join(base, 'told'), ['stands\tZmlsZQ==', ...told, ''].join('\n'));
  await writeFile(join(base, 'has'), [...has, ''].join('\n'));
  return Buffer.from(await said('strange_objects told has'), 'hex').toString('utf8');
}
const own = "the procedure 'app' 'own' of 'root@localhost' DEFINER";
const event = "the event 'app' 'once' of 'root@localhost'";

test('a procedure of root that the donor does not have is found', async () => {
  expect(await strange([object(event)], [object(event), object(own)])).toBe(own);
  expect(await strange([object(own)], [object(own)])).toBe('');
});

test('a procedure with another text is found, where both servers are of the same version', async () => {
  expect(await strange([object(own)], [object(own, 'b')])).toBe(own);
  expect(await strange([object(own)], [object(own, 'b', '11.8.9')])).toBe('');
});

test('a procedure that did not come is found, and an event may have had its last time', async () => {
  expect(await strange([object(own), object(event)], [object(event)])).toBe(own);
  expect(await strange([object(own), object(event)], [object(own)])).toBe('');
});

test('a text with -- before a control character is refused in every character set: for the server it begins a comment', async () => {
  for (const vendor of ['mysql', 'mariadb']) {
    const sql = await said(`misread_bodies ${vendor}`);
    expect(sql).toContain('OR body REGEXP "[\\\\x00-\\\\x08\\\\x0b\\\\x0c\\\\x0e-\\\\x1f\\\\x7f]"');
    expect(sql).toContain('OR body REGEXP "--[^ -~\\\\n\\\\r\\\\t]"');
    expect(sql).not.toMatch(/WHERE \(?CHARACTER_SET_CLIENT/);
  }
});
