// The target of a seed on this machine, for seed-stage.sh alone: a datadir of an unprivileged account on a file system
// of its own, with root's files beside it. This machine's systemd is not used.
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { execa } from 'execa';
import { namedWords, type WordValue } from '../../src/scripts/named-words.ts';
import { scriptText } from '../../src/scripts/script.ts';

const run = promisify(execFile);
/** nobody:nogroup takes the part of a server's account: it owns the datadir, and the folder around it. */
export const account = { uid: 65_534, gid: 65_534, name: 'nobody:nogroup' };
/** For a tmpfs(5) that is the account's. */
export const ofAccount = `uid=${account.uid},gid=${account.gid}`;
export const secret = 'root:$6$secret';

export type Staging = Awaited<ReturnType<typeof staging>>;

/** `size`: of the file system of the datadir, as mount takes it. */
export async function staging({ size = '8M' } = {}) {
  const base = await mkdtemp(join(tmpdir(), 'reseed-stage-'));
  await chmod(base, 0o755);
  const job = randomBytes(4).toString('hex');
  const unit = `reseed-test-${job}`;
  const disk = join(base, 'disk');
  const datadir = join(disk, 'data');
  const victim = join(base, 'victim');
  const others: string[] = [];
  await mkdir(join(base, 'bin'));
  await writeFile(join(base, 'bin', 'systemctl'), fakeSystemctl, { mode: 0o755 });
  await mkdir(disk);
  await run('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', disk]);
  await chmod(disk, 0o755);
  await mkdir(victim, { mode: 0o755 });
  await writeFile(join(victim, 'shadow'), secret, { mode: 0o600 });
  await chown(disk, account.uid, account.gid);
  const asAccount = (script: string, ...words: string[]) =>
    execa('sh', ['-c', script, 'sh', ...words], { cwd: disk, uid: account.uid, gid: account.gid });
  await asAccount('mkdir -m 750 data data/shop && echo old orders >data/shop/orders.ibd && echo old >data/ibdata1');
  let path = `${join(base, 'bin')}:${process.env.PATH}`;
  const ofJob = (job: string) => {
    const ours = (...names: string[]) => join(datadir, `.reseed-${job}`, ...names);
    /** The exit code of the script. `own`: further words of the verb, beside the datadir and the job's key. */
    const verb = async (name: string, own: Readonly<Record<string, WordValue>> = {}) => {
      const env = { ...process.env, PATH: path };
      const args = [
        '-c',
        await scriptText('seed-stage'),
        'seed-stage.sh',
        name,
        ...namedWords({ datadir, job, ...own }),
      ];
      const { exitCode, stdout, stderr } = await execa('sh', args, { env, reject: false, timeout: 60_000 });
      return { exitCode, said: `${stdout}${stderr}` };
    };
    const stage = {
      prepare: (...place: string[]) =>
        verb('prepare', { who: `job ${job} of ops@jump1`, owner: account.name, at: 't1', changed: '', place }),
      /** Of a server that was down in the plan. */
      prepareDown: (changed: number) =>
        verb('prepare', {
          who: `job ${job} of ops@jump1`,
          owner: account.name,
          at: 't1',
          changed: String(changed),
          place: [],
        }),
      hold: () => verb('hold', { unit, who: 'ops@jump1' }),
      clear: () => verb('clear'),
      switch: () => verb('switch'),
      free: () => verb('free', { unit }),
      back: () => verb('back', { unit }),
      drop: () => verb('drop'),
      look: () => verb('look'),
      down: () => verb('down', { unit, who: 'ops@jump1' }),
    };
    /** What a donor sends, written by the account. */
    const arrive = async (
      files: Readonly<Record<string, string>> = { 'shop/orders.ibd': 'new orders', ibdata1: 'new' },
    ) => {
      for (const [name, text] of Object.entries(files)) {
        const write = 'mkdir -p "$(dirname "$1")" && printf "%s\\n" "$2" >"$1"';
        await execa('setpriv', [...withoutRights, 'sh', '-c', write, 'sh', name, text], { cwd: ours('new') });
      }
    };
    return { job, ours, verb, stage, arrive };
  };
  const first = ofJob(job);
  return {
    ...{ base, unit, disk, datadir, victim, asAccount },
    ...first,
    /** A further job with the same datadir. */
    next: () => ofJob(randomBytes(4).toString('hex')),
    /** From now on the host has none of these programs. */
    lacks: async (...programs: string[]) => {
      if (programs.length === 0) return;
      for (const name of await readdir('/usr/bin')) {
        if (!programs.includes(name))
          await symlink(join('/usr/bin', name), join(base, 'bin', name)).catch(() => undefined);
      }
      path = join(base, 'bin');
    },
    /** All files of root's beside the datadir, with their modes and times of change in seconds. */
    ofRoot: async () => (await run('find', [victim, '-printf', '%p %y %m %u %s %T@\n'])).stdout,
    /**
     * A process of the account that repeats one action until it is ended. `script`: JavaScript of node, with fs and its
     * arguments.
     */
    attack: (script: string, ...words: string[]) => {
      const loop = `const fs = require('node:fs'); const args = process.argv.slice(1);
        const tried = (act) => { try { act(); } catch {} }; for (;;) { ${script} }`;
      const child = spawn(process.execPath, ['-e', loop, '--', ...words], {
        ...account,
        cwd: disk,
        stdio: 'ignore',
        env: {},
      });
      const ended = new Promise((resolve) => child.once('exit', resolve));
      return async () => {
        child.kill('SIGKILL');
        await ended;
      };
    },
    /** Mounts root's folder over one of the datadir; returns a function that unmounts it. */
    mounted: async (name: string) => {
      await run('mount', ['--bind', victim, join(datadir, name)]);
      return async () => {
        await run('umount', [join(datadir, name)]);
      };
    },
    /** Removes everything of a job, also what an attack has kept from being undone. */
    clear: async () => {
      await run('sh', ['-c', 'rm -rf "$0"/.reseed-* "$0"/away "$0"/RESEED_IN_PROGRESS', datadir]);
      await asAccount('mkdir -p data/shop && rm -rf data/ibdata1 && echo old >data/ibdata1');
    },
    /** A file system of its own, which belongs to the account. */
    otherDisk: async (name: string, room: string) => {
      const folder = join(base, name);
      await mkdir(folder);
      await run('mount', [
        '-t',
        'tmpfs',
        '-o',
        `size=${room},mode=755,uid=${account.uid},gid=${account.gid}`,
        'tmpfs',
        folder,
      ]);
      others.push(folder);
      return folder;
    },
    phase: async () => (await readFile(first.ours('phase'), 'utf8')).trim(),
    /** The script gets only to that phase: the next one can't be recorded. Returns a function that ends this. */
    stoppedAt: async (phase: string) => {
      const next = { placed: 'out', out: 'in' }[phase] ?? '';
      await writeFile(join(base, 'bin', 'mv'), stopping(next), { mode: 0o755 });
      return () => rm(join(base, 'bin', 'mv'));
    },
    /**
     * The script is killed while it deletes the job's folder: of the names that one command deletes together, only
     * these stay. Returns a function that ends this.
     */
    killedDeleting: async (...names: string[]) => {
      const program = join(base, 'bin', 'rm');
      await writeFile(program, killing(names), { mode: 0o755 });
      return () => rm(program);
    },
    /** To the last byte. */
    fill: () => run('sh', ['-c', 'cat /dev/zero >"$0" 2>/dev/null; :', join(disk, 'filler')]),
    end: async () => {
      for (const mounted of [...others, disk]) await run('umount', ['-l', mounted]);
      await rm(base, { recursive: true });
      await rm(`/etc/systemd/system/${unit}.service.d`, { recursive: true, force: true });
    },
  };
}

/** It shows the files of a unit by their names, as systemd reads them. */
const fakeSystemctl = `#!/bin/sh
[ "$1" = cat ] || exit 0
ls /etc/systemd/system/$2.service.d/*.conf /run/systemd/system/$2.service.d/*.conf 2>/dev/null |
  sed 's,\\(.*/\\)\\(.*\\),\\2 \\1\\2,' | sort | while read -r _ file; do echo "# $file"; cat "$file"; echo; done
`;

/** An mv that ends with 1 when the named phase is to be recorded. */
const stopping = (phase: string) =>
  `#!/bin/sh\nif [ "$*" = 'phase.part phase' ] && [ "$(cat phase.part)" = ${phase} ]; then exit 1; fi\nexec /bin/mv "$@"\n`;

/**
 * An rm for a machine that stops while it deletes a folder of a job: the shell that called it, itself or through find,
 * is killed.
 */
const killing = (names: readonly string[]) => `#!/bin/bash
mine=
for word; do case $word in ${names.flatMap((name) => [name, `./${name}`]).join(' | ')}) mine=yes ;; *) rest+=("$word") ;; esac; done
[ "$mine" ] || exec /bin/rm "$@"
/bin/rm "\${rest[@]}"
parent=$PPID
if [ "$(cat /proc/$parent/comm)" = find ]; then parent=$(ps -o ppid= -p $parent); fi
kill -KILL $parent
`;

const withoutRights = [`--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups', '--no-new-privs', '--'];

/** A folder with its content: names, types, modes, owners, sizes and contents, without the times of change. */
export async function pictureOf(folder: string): Promise<string> {
  const { stdout } = await run('sh', [
    '-c',
    'cd "$0" && find . -printf "%p %y %m %u %g %l\\n" | sort && find . -type f | sort | xargs -r -d "\\n" cksum',
    folder,
  ]);
  return stdout;
}

/** The table of the datadir, and of everything in it. */
export async function found(datadir: string) {
  const table = await readFile(join(datadir, 'shop', 'orders.ibd'), 'utf8').then(
    (text) => text.trim(),
    () => 'none',
  );
  return { table, names: (await readdir(datadir)).toSorted() };
}

export const modifiedNs = async (path: string) => (await stat(path, { bigint: true })).mtimeNs;
