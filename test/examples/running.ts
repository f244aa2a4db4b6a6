// Runs an example of examples/hooks as reseed does: with facts of a job on its standard input.
import { chmod, copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach } from 'vitest';

const examples = join(import.meta.dirname, '../../examples/hooks');

/** Of a job that seeds from db2; without targets it restarts db3. */
export interface Told {
  readonly at?: string;
  readonly for?: readonly string[];
  readonly key?: string;
  readonly targets?: readonly string[];
  readonly ends?: Readonly<Record<string, 'replica' | 'alone'>>;
  readonly version?: number;
  /** Hosts whose port no one knows. */
  readonly portless?: readonly string[];
  readonly kind?: string;
}

const hostOf = (portless: readonly string[]) => (name: string, role: string) => ({
  name,
  role,
  address: `10.77.0.1${name.slice(2)}`,
  mysqlPort: portless.includes(name) ? null : 3306,
  cluster: 'shop',
  datacenter: 'fra',
});

function factsOf({
  at = 'before-stop',
  for: hosts = ['db3'],
  key = '9f3a4c21',
  targets = ['db3'],
  ends = {},
  version = 1,
  portless = [],
  kind,
}: Told = {}) {
  const isSeed = targets.length > 0;
  const host = hostOf(portless);
  return {
    version,
    hook: { name: 'drain', at, for: hosts, on: 'jump' },
    job: {
      id: 41,
      key,
      kind: kind ?? (isSeed ? 'seed' : 'restart'),
      title: isSeed ? `seed db2 → ${targets.join(', ')}` : 'restart db3',
    },
    operator: { account: 'ops', sudoUser: null, jumpHost: 'jump1', from: null },
    hosts: isSeed ? [host('db2', 'donor'), ...targets.map((name) => host(name, 'target'))] : [host('db3', 'host')],
    donor: isSeed ? 'db2' : null,
    targets,
    ends,
    method: isSeed ? 'lvm' : null,
    snapshot: null,
    bytes: { data: 1, copied: 1, toCopy: 1 },
    lagSeconds: {},
    error: null,
    failed: {},
    aborted: false,
  };
}

/** A folder for each test, with the program in it, as an operator copies it. */
export function exampleForEach(name: string) {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'reseed-example-'));
    await copyFile(join(examples, name), join(folder, name));
    await chmod(join(folder, name), 0o755);
  });
  afterEach(() => rm(folder, { recursive: true }));
  const path = (file: string) => join(folder, file);
  return {
    path,
    program: () => path(name),
    write: async (file: string, text: string, mode = 0o600) => {
      await writeFile(path(file), text, { mode });
      await chmod(path(file), mode);
    },
    /** `config`: the path of another configuration than the usual one. */
    run: (verb: string, told: Told = {}, config = path('config.json')) =>
      execa(process.execPath, [path(name), verb, config], {
        env: { HOME: path('') },
        input: JSON.stringify(factsOf(told)),
        reject: false,
      }),
  };
}
