// What npm runs where this checkout was installed, or is linked (npx): makes the bundle where it is not of the sources. A checkout that this
// account can't write, or that has no packages for development, does without: its sources answer. `npm run build` says why.
import { isBuilt } from './bin/sources.js';

const doesWithout = ['EACCES', 'EPERM', 'EROFS', 'ERR_MODULE_NOT_FOUND'];
/** Another process has made one at the same time. */
const wasMade = ['ENOTEMPTY', 'EEXIST'];

if (!isBuilt(import.meta.dirname)) await build();

async function build(): Promise<void> {
  try {
    const { buildHere } = await import('./bundle.ts');
    await buildHere();
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (![...doesWithout, ...wasMade].includes(code)) throw error;
    if (doesWithout.includes(code))
      process.stderr.write(`reseed: no bundle was made, its sources answer: ${message}\n`);
  }
}
