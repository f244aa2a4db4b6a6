// What service.sh reports of a server's start: from the journal, or from its log, with a substitute of systemctl and of
// journalctl.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { scriptText } from '../../src/scripts/script.ts';
import { lookWords, serviceWords } from '../../src/scripts/service-words.ts';
import { readEnded, readLook } from '../../src/service/look.ts';

interface Started {
  /** What systemctl says of a property. */
  readonly shown: Readonly<Record<string, string>>;
  readonly journal?: string;
  /** The name of a process that works in the datadir. */
  readonly process?: string;
  /** Makes the log in the folder; its arguments are LOG and BYTES. */
  readonly log?: (folder: string) => Promise<readonly [string, string]>;
}

const looked = async (started: Started) => readLook(`${await said(started, lookWords)}\n`);

async function said(
  { shown, journal = '', process: name, log }: Started,
  wordsOf: (of: Parameters<typeof lookWords>[0]) => string[],
) {
  const folder = await mkdtemp(join(tmpdir(), 'reseed-look-'));
  // The account that reads the log has to come by.
  await chmod(folder, 0o755);
  const program = async (name: string, text: string) => {
    await writeFile(join(folder, name), `#!/bin/sh\n${text}\n`);
    await chmod(join(folder, name), 0o755);
  };
  const cases = Object.entries(shown).map(([name, value]) => `*" -p ${name} "*) echo '${value}' ;;`);
  const all = Object.entries(shown).map(([name, value]) => `${name}=${value}`);
  await program(
    'systemctl',
    `case " $* " in *' --value '*) case " $* " in ${cases.join(' ')} esac ;; *) cat <<'X'\n${all.join('\n')}\nX\nesac`,
  );
  await program('mysqld', 'exit 1');
  await program('journalctl', journal);
  const running = name === undefined ? undefined : await inDatadir(folder, name);
  const [file, from] = (await log?.(folder)) ?? ['', '0'];
  const words = wordsOf({ unit: 'mariadb', datadir: folder, log: file, from });
  // The prelude sets the PATH of a host.
  const text = `${await scriptText('service')}`.replace(/^PATH=/m, `PATH=${folder}:`);
  try {
    const { stdout } = await execa('sh', ['-c', text, 'service.sh', ...words]);
    return stdout;
  } finally {
    running?.kill();
    await rm(folder, { recursive: true });
  }
}

async function inDatadir(folder: string, name: string): Promise<ChildProcess> {
  await copyFile('/bin/sleep', join(folder, name));
  const started = spawn(join(folder, name), ['60'], { cwd: folder, stdio: 'ignore' });
  await once(started, 'spawn');
  return started;
}

test('a process whose name has a backslash and an n is one line of the look: no start and no stop of that host was understood', async () => {
  const log = async (folder: string) => {
    await writeFile(join(folder, 'error.log'), 'x\n');
    return [join(folder, 'error.log'), '0'] as const;
  };
  expect(await looked({ shown: up, process: 'mysqld.\\nnone', log })).toMatchObject({
    state: 'active',
    process: expect.stringMatching(/^\d+ mysqld\.\\nnone$/),
  });
});

test('what a server said before its start is not told as that of the start, to which systemd has not come yet', async () => {
  const before = { ActiveState: 'inactive', Job: '4711', InvocationID: 'cafe', NRestarts: '0' };
  const journal = "echo '[ERROR] InnoDB: Database page corruption on disk'";
  expect(await looked({ shown: before, journal })).toMatchObject({ state: 'queued', journalLines: [] });
  const begun = { ...before, ActiveState: 'activating' };
  expect((await looked({ shown: begun, journal }))?.journalLines).toEqual([
    '[ERROR] InnoDB: Database page corruption on disk',
  ]);
});

test('a server that ended in this boot is told from one that has not run since its host started', async () => {
  const ended = async (at: string) =>
    readEnded(
      await said({ shown: { InactiveEnterTimestampMonotonic: at } }, ({ unit }) => serviceWords('ended', unit)),
    );
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  expect(await ended('4711')).toEqual({ boot, endedInIt: true });
  expect(await ended('0')).toEqual({ boot, endedInIt: false });
  expect(await ended('')).toEqual({ boot, endedInIt: false });
});

const up = { ActiveState: 'active', Job: '', InvocationID: 'cafe', NRestarts: '0' };

test('a server that logged much since its start is shown with the first and the last lines', async () => {
  const journal = `n=0; case " $* " in *' -n '*) n=4800 ;; esac
while [ "$n" -lt 5000 ]; do n=$((n + 1)); echo "line $n"; done`;
  const lines = (await looked({ shown: up, journal }))?.journalLines;
  expect([lines?.at(0), lines?.at(-1), lines?.length]).toEqual(['line 1', 'line 5000', 1200]);
  const few = await looked({ shown: up, journal: 'echo one; echo two' });
  expect(few?.journalLines).toEqual(['one', 'two']);
});

const start = 'mysqld starting as process 846';
const rotations: readonly (readonly [string, string])[] = [
  ['renamed', 'mv error.log error.log.1; echo later >error.log'],
  ['renamed, and not made anew', 'mv error.log error.log-20261127'],
  ['renamed, and the new one is longer', 'mv error.log error.log.1; seq 999 >error.log'],
  ['compressed', 'gzip error.log; mv error.log.gz error.log.1.gz; echo later >error.log'],
  ['copied and cut', 'cp error.log error.log.1; : >error.log'],
];
/** A log that had 12 bytes when its size was noted, and what a shell does to it then. */
const rotated = (rotate: string) => async (folder: string) => {
  const path = join(folder, 'error.log');
  await writeFile(path, 'said before\n');
  const { ino } = await stat(path);
  await writeFile(join(folder, 'from'), `12 ${ino}\n`);
  await execa('touch', ['-d', '1 minute ago', join(folder, 'from')]);
  await execa('sh', ['-c', `echo old >error.log.9; touch -d '2 days ago' error.log.9; ${rotate}`], { cwd: folder });
  return [path, join(folder, 'from')] as const;
};

test.each(rotations)('the start is in a log that was %s since: it is read all the same', async (_, rotate) => {
  const log = rotated(`echo '${start}' >>error.log; ${rotate}`);
  expect((await looked({ shown: up, log }))?.logLines[0]).toBe(start);
});

const damage = '[ERROR] [MY-012869] [InnoDB] Database page corruption on disk';
test.each([
  ['renamed', 'mv error.log error.log.1', 'mv error.log.1 error.log.2; mv error.log error.log.1'],
  [
    'copied and cut',
    'cp error.log error.log.1; : >error.log',
    'mv error.log.1 error.log.2; cp error.log error.log.1; : >error.log',
  ],
  [
    'compressed',
    'gzip -c error.log >error.log.1.gz; : >error.log',
    'mv error.log.1.gz error.log.2.gz; gzip -c error.log >error.log.1.gz; : >error.log',
  ],
])(
  'what stands between two rotations of a log, %s, was passed over by the proof of a start: it is read',
  async (_, one, two) => {
    const lines = (
      await looked({
        shown: up,
        log: rotated(
          `echo '${start}' >>error.log; ${one}; touch -d '20 seconds ago' error.log.1*; echo '${damage}' >>error.log; ${two}; echo ready >>error.log`,
        ),
      })
    )?.logLines;
    expect(lines).toEqual([start, damage, 'ready']);
  },
);

test('a log that was cut and of which no copy is there is read from its start, and says that something is missing', async () => {
  const lines = (await looked({ shown: up, log: rotated(`echo '${start}' >>error.log; echo ready >error.log`) }))
    ?.logLines;
  expect(lines).toEqual(['reseed: this log was rotated, and what stood before this is not found', 'ready']);
});

test('a log that the server may write by a group of its unit alone is read, though the owner of its datadir may not', async () => {
  const unit = {
    ...up,
    LoadState: 'loaded',
    User: 'daemon',
    SupplementaryGroups: 'adm',
    ExecStart: '{ path=/x/wrapper ; argv[]=mysqld ; ignore_errors=no ; pid=0 }',
  };
  const log = async (folder: string) => {
    const path = join(folder, 'logs', 'error.log');
    await mkdir(join(folder, 'logs'));
    await writeFile(path, `${start}\n`);
    await execa(
      'sh',
      ['-c', 'chown -R root:adm logs && chmod 640 logs/error.log && chmod 750 logs && chown daemon .'],
      { cwd: folder },
    );
    return [path, '0'] as const;
  };
  expect((await looked({ shown: unit, log }))?.logLines).toEqual([start]);
});
