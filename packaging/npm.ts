// The package of npm: it runs with any Node that npm itself needs, since it brings its own as a package that is only
// unpacked. No script runs when it is installed.
import { join } from 'node:path';
import { execa } from 'execa';

/** The path of the package of `tree`. */
export async function npmPackage(tree: string, to: string): Promise<string> {
  const { stdout } = await execa('npm', ['pack', '--json', '--pack-destination', to, tree]);
  const [{ filename }] = JSON.parse(stdout);
  return join(to, filename);
}
