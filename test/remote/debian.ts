// Programs that the tests need beside Node, on a bare Debian.
import { existsSync } from 'node:fs';
import { execa } from 'execa';

/** Installs the packages where the program is missing. */
export async function needProgram(path: string, packages: readonly string[]): Promise<void> {
  if (existsSync(path)) return;
  if (process.getuid?.() !== 0) throw new Error(`these tests need ${path}: apt-get install ${packages.join(' ')}`);
  // Several test files may come here at once, on a machine that has never read its lists of packages.
  const install = 'apt-get update -qq; DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@"';
  const script = `[ -e ${path} ] || { ${install}; }`;
  await execa('flock', ['/run/lock/reseed-test-apt', 'sh', '-c', script, 'sh', ...packages], { stdin: 'ignore' });
}
