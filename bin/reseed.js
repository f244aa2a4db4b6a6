#!/usr/bin/env node
// Starts reseed. Plain and old JavaScript: it has to be read by the Node that is too old for the rest.
import { existsSync, lstatSync, mkdirSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const needed = 24;
const major = Number(process.versions.node.split('.')[0]);
if (major < needed) {
  process.stderr.write(
    `reseed: this is Node ${process.versions.node}, and reseed needs Node ${needed} or newer: ` +
      `bin/reseed starts the one that comes with it. If none is there, install reseed again (npm leaves it out if it can't be loaded), or see https://nodejs.org/en/download\n`,
  );
  process.exit(1);
}

// A package has dist/ alone. In a checkout the bundle answers only where it was made from what is in src/ now.
const root = fileURLToPath(new URL('..', import.meta.url));
const fromSource =
  existsSync(join(root, 'src/cli.ts')) && !(await import('./sources.js').then(({ isBuilt }) => isBuilt(root)));
const { runCli } = await (fromSource ? sourceCli() : packedCli());
await runCli(process.argv);

async function sourceCli() {
  const { register } = await import('tsx/esm/api');
  // Else it is that of the folder that reseed is started in.
  process.env.TSX_TSCONFIG_PATH = join(root, 'tsconfig.json');
  register();
  return import('../src/cli.ts');
}

async function packedCli() {
  keepCompiled();
  const { openPack } = await import('./packed.js');
  return import(openPack(new URL('../dist/', import.meta.url)));
}

/** What V8 compiled is kept for the next start, which it makes shorter by a seventh: in a folder that only this account can write. */
function keepCompiled() {
  const { XDG_CACHE_HOME: cacheHome, HOME: home } = process.env;
  const folder = join(cacheHome?.startsWith('/') ? cacheHome : join(home || homedir(), '.cache'), 'reseed');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // Under sudo with another account's HOME it is that account's: what lies there is not to be run as root. So with a link, and where others may write.
    if ([folder, dirname(folder)].every(isOwn)) nodeModule.enableCompileCache(join(folder, 'compiled'));
  } catch {
    // No home to write to: it starts a little slower.
  }
}

/** @param {string} folder */
function isOwn(folder) {
  const found = lstatSync(folder);
  return found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o022) === 0;
}
