// Makes dist/, what the published package runs: Node reads a few files instead of a thousand, which halves the time to the
// first frame. `npm run build`; in a checkout bin/reseed.js runs src/ itself, so that a dist of yesterday never answers.
import { cp, mkdir, readdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';

const root = import.meta.dirname;

/** What a module reads from beside itself lies beside the bundle too: the scripts that run on hosts, and the drill's. */
const besideTheBundle = [
  { from: 'src/scripts', to: '.', name: /\.sh$/ },
  { from: 'src/drill', to: '.', name: /\.sh$/ },
  { from: 'src/drill/guest', to: 'guest', name: /./ },
  { from: 'src/drill/image', to: 'image', name: /\.sh$|^sample-rows\.ts$/ },
] as const;

export async function buildPackage(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await bundle(join(root, 'src/cli.ts'), folder);
  for (const { from, to, name } of besideTheBundle) {
    await mkdir(join(folder, to), { recursive: true });
    const files = (await readdir(join(root, from))).filter((file) => name.test(file));
    for (const file of files) await cp(join(root, from, file), join(folder, to, file));
  }
}

/** reseed as it is installed, in an empty folder: what measures and tries what an operator runs does not run src/ through tsx. */
export async function installPackage(folder: string): Promise<void> {
  for (const part of ['bin', 'package.json']) await cp(join(root, part), join(folder, part), { recursive: true });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  await buildPackage(join(folder, 'dist'));
}

/** `entry` and all that it imports, as ES modules in `folder`. What is imported later stays apart, and is loaded later. */
export async function bundle(entry: string, folder: string): Promise<void> {
  await build({
    entryPoints: [entry],
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    chunkNames: '[name]-[hash]',
    // Names and lines stay: a stack trace that an operator sends has to say something.
    minifySyntax: true,
    define: { 'process.env.NODE_ENV': '"production"' },
    // Ink asks for it only under DEV=true, and nobody has it installed.
    external: ['react-devtools-core', 'cpu-features'],
    plugins: [nativeCryptoFromPackage],
    banner: { js: commonJsWords },
    logLevel: 'warning',
    absWorkingDir: root,
  });
}

/** What the packages in CommonJS (ssh2, yaml) use, and an ES module does not have. */
const commonJsWords = [
  `import { createRequire as requireFrom } from 'node:module';`,
  `const require = requireFrom(import.meta.url), __dirname = import.meta.dirname;`,
].join('\n');

/** ssh2's addon can't be bundled. npm may have compiled it where the package was installed: it is looked for there. */
const nativeCryptoFromPackage: Plugin = {
  name: 'native-crypto-from-package',
  setup: ({ onResolve }) => {
    const path = 'ssh2/lib/protocol/crypto/build/Release/sshcrypto.node';
    onResolve({ filter: /sshcrypto\.node$/ }, () => ({ path, external: true }));
  },
};

if (import.meta.main) await buildPackage(join(root, 'dist'));
