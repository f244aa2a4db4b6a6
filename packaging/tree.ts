// The folder that every package has in it: what is run, what is read, and what shells, man and systemd look for, each
// below share/ and lib/ where /usr has it too.
import { chmod, cp, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buildPackage } from '../bundle.ts';
import { wholeProgram } from '../src/cli.ts';
import { shells } from '../src/commands/completion/completion.ts';
import { unitTemplates } from '../src/schedule/timer.ts';
import { licencesOf } from './licences.ts';
import { manPage } from './man.ts';

export const root = join(import.meta.dirname, '..');

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly files: readonly string[];
  readonly optionalDependencies: Readonly<Record<string, string>>;
}

export async function manifest(): Promise<Manifest> {
  return JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
}

/** Where completions lie: the folders of the distributions' own packages. */
const completions = {
  bash: 'share/bash-completion/completions/reseed',
  zsh: 'share/zsh/vendor-completions/_reseed',
  fish: 'share/fish/vendor_completions.d/reseed.fish',
} as const;

export const manFile = 'share/man/man1/reseed.1';

/** Fills `folder`, which is not there yet. */
export async function makeTree(folder: string, dateMs: number): Promise<void> {
  const made = await manifest();
  await mkdir(folder, { recursive: true });
  for (const name of [...made.files.filter((file) => file !== 'dist'), 'README.md', 'LICENSE']) {
    await cp(join(root, name), join(folder, name), { recursive: true });
  }
  await mkdir(join(folder, 'dist'));
  const bundled = await buildPackage(join(folder, 'dist'));
  const texts = {
    'package.json': `${JSON.stringify(published(made), null, 2)}\n`,
    LICENSES: await licencesOf(bundled, root),
    [manFile]: manPage(await wholeProgram(), { version: made.version, dateMs }),
    [completions.bash]: shells.bash,
    [completions.zsh]: shells.zsh,
    [completions.fish]: shells.fish,
    ...unitFiles(),
  };
  for (const [name, text] of Object.entries(texts)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  await openModes(folder);
}

/** What npm reads. All that reseed needs is in the bundle, except Node. */
function published({ files, ...made }: Manifest) {
  const {
    devDependencies: _,
    scripts: _scripts,
    allowScripts: _allow,
    ...rest
  } = made as Manifest & Record<string, unknown>;
  // As a text npm would take no notice of it.
  return { ...rest, man: [manFile] };
}

/** The program that units start. */
const installed = '/usr/bin/reseed';

const unitFiles = () =>
  Object.fromEntries(
    (['system', 'user'] as const).flatMap((manager) =>
      unitTemplates(installed, manager).map(({ name, text }) => [`lib/systemd/${manager}/${name}`, text]),
    ),
  );

/** All accounts may read it, whatever the umask of this one: 755 where a program or a folder is, else 644. */
export async function openModes(path: string): Promise<void> {
  const { mode, isFolder } = await stat(path).then((one) => ({ mode: one.mode, isFolder: one.isDirectory() }));
  await chmod(path, isFolder || (mode & 0o100) !== 0 ? 0o755 : 0o644);
  if (isFolder) for (const name of await readdir(path)) await openModes(join(path, name));
}
