#!/usr/bin/env node
// Starts reseed. Plain and old JavaScript: it has to be read by the Node that is too old for the rest.
import { existsSync, mkdirSync, statSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const needed = 24;
const major = Number(process.versions.node.split('.')[0]);
if (major < needed) {
  process.stderr.write(
    `reseed: this is Node ${process.versions.node}, and reseed needs Node ${needed} or newer: ` +
      'run it with npx in its folder (npm ci has brought Node 24 there), or see https://nodejs.org/en/download\n',
  );
  process.exit(1);
}

// The published package has dist/ and no src/. Where there is a src/, it may be newer than any dist/ beside it.
const fromSource = existsSync(new URL('../src/cli.ts', import.meta.url));
if (!fromSource) keepCompiled();
const cli = fromSource
  ? import('tsx/esm/api').then(({ register }) => {
      // Else it is that of the folder that reseed is started in.
      process.env.TSX_TSCONFIG_PATH = fileURLToPath(new URL('../tsconfig.json', import.meta.url));
      register();
      return import('../src/cli.ts');
    })
  : import('../dist/cli.js');
cli.then(({ runCli }) => runCli(process.argv));

/** What V8 compiled is kept for the next start, which it makes shorter by a seventh: in a folder that only this account can write. */
function keepCompiled() {
  const { XDG_CACHE_HOME: cacheHome, HOME: home } = process.env;
  const folder = join(cacheHome?.startsWith('/') ? cacheHome : join(home || homedir(), '.cache'), 'reseed');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // Under sudo with another account's HOME it is that account's: what lies there is not to be run as root.
    if (statSync(folder).uid === process.getuid()) nodeModule.enableCompileCache(join(folder, 'compiled'));
  } catch {
    // No home to write to: it starts a little slower.
  }
}
