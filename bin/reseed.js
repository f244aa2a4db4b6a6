#!/usr/bin/env node
// Starts reseed. Plain and old JavaScript: it has to be read by the Node that is too old for the rest.

const needed = 24;
const major = Number(process.versions.node.split('.')[0]);
if (major < needed) {
  process.stderr.write(
    `reseed: this is Node ${process.versions.node}, and reseed needs Node ${needed} or newer: ` +
      'run it with npx in its folder (npm ci has brought Node 24 there), or see https://nodejs.org/en/download\n',
  );
  process.exit(1);
}

import('tsx/esm/api')
  .then(({ register }) => {
    register();
    return import('../src/cli.ts');
  })
  .then(({ runCli }) => runCli(process.argv));
