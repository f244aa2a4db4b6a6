// The licences of the packages whose code is in the bundle.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';

interface Part {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  /** The package's own file. */
  readonly text: string;
}

/** One text with all of them, by name. Throws where a package has none: it could not be given away. */
export async function licencesOf({ inputs }: Metafile, root: string): Promise<string> {
  const folders = new Set(Object.keys(inputs).flatMap((path) => packageOf(path) ?? []));
  const parts = await Promise.all([...folders].map((folder) => partIn(join(root, folder))));
  const sorted = parts.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return [
    'reseed has code of these packages in it:',
    ...sorted.map(({ name, version, licence, text }) => `${title(`${name} ${version} (${licence})`)}\n\n${text}`),
    '',
  ].join('\n\n');
}

const title = (text: string) => `${text}\n${'='.repeat(text.length)}`;

/** `node_modules/a/node_modules/@b/c` of a file in it. */
const packageOf = (path: string): string | undefined => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];

async function partIn(folder: string): Promise<Part> {
  const { name, version, license, licenses } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const files = await readdir(folder);
  const own = files.filter((file) => /^(licen[cs]e|copying)/i.test(file)).sort();
  const readme = files.find((file) => /^readme/i.test(file));
  const texts = await Promise.all(own.map((file) => readFile(join(folder, file), 'utf8')));
  const text = texts.join('\n').trim() || (readme && inReadme(await readFile(join(folder, readme), 'utf8')));
  // Older packages have an object, or a list of them.
  const licence = typeof license === 'string' ? license : (license ?? licenses?.[0])?.type;
  if (!licence) throw new Error(`${folder} does not say under which licence it is`);
  return { name, version, licence, text: text || `(${licence}; the package has no file with its text)` };
}

/** Its last part, of packages that have no file for it. */
const inReadme = (text: string): string | undefined => /^#+\s*licen[cs]e\b[\s\S]*/im.exec(text)?.[0].trim();
