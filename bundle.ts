// Makes dist/, which answers in a package and in a checkout whose sources are as they were when it was made: Node reads one
// file instead of a thousand, which halves the time to the first frame. `npm run build`; `npm ci` does it too.
import { cp, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';
import { lengthDigits } from './bin/packed.js';
import { digestOfSources } from './bin/sources.js';

const root = import.meta.dirname;

/** What the practice fleet's modules read from beside themselves lies beside the bundle too. */
const besideTheBundle = [
  { from: 'src/drill', to: '.', name: /\.sh$/ },
  { from: 'src/drill/guest', to: 'guest', name: /./ },
  { from: 'src/drill/image', to: 'image', name: /\.sh$|^sample-rows\.ts$/ },
] as const;

/** Fills the empty `folder`. The result says what of which package is in it. */
export async function buildPackage(folder: string): Promise<Metafile> {
  const modules = join(folder, 'modules.new');
  const made = await bundle(join(root, 'src/cli.ts'), modules);
  await pack(modules, join(folder, 'modules'));
  await rm(modules, { recursive: true });
  for (const { from, to, name } of besideTheBundle) {
    await mkdir(join(folder, to), { recursive: true });
    const files = (await readdir(join(root, from))).filter((file) => name.test(file));
    for (const file of files) await cp(join(root, from, file), join(folder, to, file));
  }
  return made;
}

/** All modules of a folder in one file, as bin/packed.js reads it: the length of the index, the index, the modules. */
async function pack(folder: string, file: string): Promise<void> {
  const places: Record<string, [from: number, bytes: number]> = {};
  const texts: Buffer[] = [];
  let end = 0;
  for (const name of (await readdir(folder)).sort()) {
    const text = await readFile(join(folder, name));
    places[name] = [end, text.length];
    texts.push(text);
    end += text.length;
  }
  const index = Buffer.from(JSON.stringify(places));
  const length = String(index.length).padStart(lengthDigits, '0');
  await writeFile(file, Buffer.concat([Buffer.from(length), index, ...texts]));
}

/** reseed as it is installed, in an empty folder: what measures and tries what an operator runs does not run src/ through tsx. */
export async function installPackage(folder: string): Promise<void> {
  for (const part of ['bin', 'package.json']) await cp(join(root, part), join(folder, part), { recursive: true });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  await buildPackage(join(folder, 'dist'));
}

/** dist/ of this checkout. Whoever starts reseed meanwhile finds a whole one, or none. */
export async function buildHere(): Promise<void> {
  const dist = join(root, 'dist');
  const made = join(root, `dist-${process.pid}`);
  await mkdir(made);
  try {
    // Before the sources are read: what is edited meanwhile makes it one of other sources.
    const digest = digestOfSources(root);
    await buildPackage(made);
    await writeFile(join(made, 'sources'), digest);
    await rm(dist, { recursive: true, force: true });
    await rename(made, dist);
  } finally {
    await rm(made, { recursive: true, force: true });
  }
}

/** `entry` and all that it imports, as ES modules in `folder`. What is imported later stays apart, and is loaded later. */
export async function bundle(entry: string, folder: string): Promise<Metafile> {
  const { metafile } = await build({
    metafile: true,
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
    external: ['react-devtools-core', ...addons],
    plugins: [scriptsInside],
    banner: { js: commonJsWords },
    logLevel: 'warning',
    absWorkingDir: root,
  });
  return metafile;
}

/** What the packages in CommonJS (ssh2, yaml) use, and an ES module does not have. */
const commonJsWords = [
  `import { createRequire as requireFrom } from 'node:module';`,
  `const require = requireFrom(import.meta.url), __dirname = import.meta.dirname;`,
].join('\n');

/** Native parts of ssh2: it does without them. A package has none, since they would be of one version of Node. */
const addons = ['cpu-features', '*/sshcrypto.node'];

/** Scripts that run on hosts are of the same build as the modules that call them, also while another one is installed. */
const scriptsInside: Plugin = {
  name: 'scripts-inside',
  setup: ({ onLoad }) => {
    onLoad({ filter: /src\/scripts\/text-of\.ts$/ }, async () => {
      const folder = join(root, 'src/scripts');
      const files = (await readdir(folder)).filter((name) => name.endsWith('.sh')).sort();
      const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')));
      const named = Object.fromEntries(files.map((name, place) => [name.slice(0, -'.sh'.length), texts[place]]));
      return { contents: `const texts = ${JSON.stringify(named)};\nexport const textOf = (name) => texts[name];\n` };
    });
  },
};

if (import.meta.main) await buildHere();
