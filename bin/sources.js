// Whether the bundle in dist/ of a checkout was made from what is in its folders now. Times and sizes tell: a checkout of
// another commit, an edit, a file that came or went, and other versions of packages change them.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

// What is in bin/ reads the bundle: an older one may be written in another form.
const sources = [
  'bin',
  'src',
  'components',
  'bundle.ts',
  'tsconfig.json',
  'package.json',
  'node_modules/.package-lock.json',
];

/** The file of dist/ that has the digest of what it was made from. */
const stamp = 'sources';

/** @param {string} root */
export function digestOfSources(root) {
  const digest = createHash('sha256');
  for (const name of sources) add(name);
  return digest.digest('hex');

  /** @param {string} path */
  function add(path) {
    const found = statSync(join(root, path), { throwIfNoEntry: false });
    if (found?.isDirectory()) for (const name of readdirSync(join(root, path)).sort()) add(join(path, name));
    else digest.update(`${path}\0${found?.size} ${found?.mtimeMs}\n`);
  }
}

/** @param {string} root */
export function isBuilt(root) {
  try {
    return readFileSync(join(root, 'dist', stamp), 'utf8') === digestOfSources(root);
  } catch {
    // There is no bundle, or none with a digest.
    return false;
  }
}
