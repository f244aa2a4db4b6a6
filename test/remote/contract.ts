// What every adapter must do, as one suite. An adapter's test file names it and gives the connection to the host.
import { randomInt } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RemoteFailure } from '../../src/remote/failure.ts';
import { openRemotes, type Remotes } from '../../src/remote/open.ts';
import type { ExecResult, Remote, RemoteStream, RemoteTarget } from '../../src/remote/remote.ts';
import { scriptText } from '../../src/scripts/script.ts';
import { appeared, gone } from './processes.ts';
import { openYard, type Yard } from './sshd.ts';

interface Ground {
  readonly remotes: Remotes;
  readonly target: RemoteTarget;
  /** The folder that is first in PATH on the host. */
  readonly bin: string;
  close(): Promise<void>;
}

/** A host to run on, reached by `transport`. */
async function layGround(transport: 'ssh2' | 'openssh' | 'local'): Promise<Ground> {
  const yard = await openYard();
  const bin = join(yard.folder, 'bin');
  await mkdir(bin);
  const path = `${bin}:/usr/sbin:/usr/bin:/sbin:/bin`;
  const target = transport === 'local' ? here : await sshTarget(yard, transport, [`SetEnv PATH=${path} SHLVL=1`]);
  const environment = transport === 'local' ? { PATH: path } : quietEnvironment;
  const remotes = openRemotes({ environment, sshConfig: yard.sshConfig });
  return {
    remotes,
    target,
    bin,
    close: async () => {
      await remotes.close();
      await yard.close();
    },
  };
}

const here: RemoteTarget = { name: 'db1', host: 'localhost', transport: 'local', sudo: false };

/** Without the account's agent. */
export const quietEnvironment: NodeJS.ProcessEnv = { PATH: process.env.PATH, HOME: process.env.HOME };

/** A fresh sshd and how to reach it. */
export async function sshTarget(
  yard: Yard,
  transport: RemoteTarget['transport'],
  lines: readonly string[] = [],
): Promise<RemoteTarget & { readonly port: number }> {
  const sshd = await yard.start(lines);
  const knownHosts = await yard.knownHosts([sshd.knownHost.ed25519]);
  return {
    name: 'db1',
    host: '127.0.0.1',
    port: sshd.port,
    identity: yard.identity,
    knownHosts,
    transport,
    sudo: false,
  };
}

export function succeeded(result: ExecResult | RemoteFailure): ExecResult {
  if (!result.ok) throw new Error(`${result.kind}: ${result.message} ${result.advice} ${result.printed}`);
  return result;
}

export function failed<K extends RemoteFailure['kind']>(result: { ok: true } | RemoteFailure, kind: K) {
  if (result.ok) throw new Error(`it succeeded, and ${kind} was expected`);
  expect(result).toMatchObject({ kind });
  return result as RemoteFailure & { readonly kind: K };
}

export function streaming(result: RemoteStream | RemoteFailure): RemoteStream {
  if (!result.ok) throw new Error(`${result.kind}: ${result.message} ${result.printed}`);
  return result;
}

/** A number that no other process has among its arguments. */
export const unusualSeconds = () => String(randomInt(900_000_000, 999_999_999));

const deadlineMs = 20_000;

export function remoteContract(transport: 'ssh2' | 'openssh' | 'local'): void {
  describe(`a remote over ${transport}`, () => {
    let ground: Ground;
    let remote: Remote;
    beforeAll(async () => {
      ground = await layGround(transport);
      remote = ground.remotes.open(ground.target);
    }, 180_000);
    afterAll(async () => {
      await remote.close();
      await ground.close();
    });

    const open = (changes: Partial<RemoteTarget>) => ground.remotes.open({ ...ground.target, ...changes });

    test('hands back standard output and standard error apart', async () => {
      const result = await remote.exec('echo out; echo err >&2', [], { deadlineMs });
      expect(result).toEqual({ ok: true, stdout: 'out\n', stderr: 'err\n' });
      expect(remote.transport).toBe(transport);
    });

    test.each([1, 7, 126, 254, 255])('tells the exit status %i with what was printed', async (status) => {
      const failure = failed(
        await remote.exec('echo out; echo err >&2; exit "$1"', [String(status)], { deadlineMs }),
        'exit',
      );
      expect(failure).toMatchObject({ code: status, stdout: 'out\n', stderr: 'err\n', printed: 'err', host: 'db1' });
      expect(failure.command).toContain('echo out');
    });

    test('tells a script that was killed from one whose line broke', async () => {
      // 137; the system's ssh gives 255 for any signal.
      expect(failed(await remote.exec('kill -KILL 0', [], { deadlineMs }), 'exit').code).toBeGreaterThan(128);
    });

    test('hands arguments over byte for byte', async () => {
      const words = [
        'a b',
        "it's",
        '"',
        '$(id)',
        '`id`',
        '$HOME',
        '!!',
        'a\nb\n',
        '',
        '-n',
        '--',
        '\\',
        '\\n',
        '*',
        'ÅÄÖ 日本 🐬',
        '\t',
        '#',
        ' ',
      ];
      const { stdout } = succeeded(await remote.exec('printf "%s\\0" "$@"', words, { deadlineMs }));
      expect(stdout.split('\0').slice(0, -1)).toEqual(words);
    });

    test('runs a script without its last line end, and one that is longer than a command line may be', async () => {
      const long = `${'# a comment of some length\n'.repeat(10_000)}echo "end of \${#1}"`;
      const { stdout } = succeeded(await remote.exec(long, ['x'.repeat(200_000)], { deadlineMs }));
      expect(stdout).toBe('end of 200000\n');
    });

    test('runs the longest script of ours, which one word of a command can not hold', async () => {
      const script = await scriptText('seed-facts');
      expect(await remote.exec(script, ['odd=1'], { deadlineMs })).toMatchObject({
        ok: false,
        printed: expect.stringContaining("knows no word 'odd'"),
      });
    });

    test('feeds a megabyte of any bytes to standard input, and its end', async () => {
      const bytes = Buffer.alloc(1024 * 1024, 'all bytes \0 \xff \n', 'latin1');
      const { stdout } = succeeded(await remote.exec('cksum; wc -c </dev/null', [], { stdin: bytes, deadlineMs }));
      const here = await execa('cksum', { input: bytes });
      expect(stdout).toBe(`${here.stdout}\n0\n`);
    });

    test('gives a script no standard input when there is none', async () => {
      expect(succeeded(await remote.exec('wc -c', [], { deadlineMs })).stdout.trim()).toBe('0');
    });

    test('does not wait for a script that does not read what it is fed', async () => {
      const stdin = Buffer.alloc(1024 * 1024);
      expect(succeeded(await remote.exec('echo done', [], { stdin, deadlineMs })).stdout).toBe('done\n');
    });

    test('ends a command at its deadline, on the host too', async () => {
      const seconds = unusualSeconds();
      const failure = failed(
        await remote.exec('echo waiting >&2; sleep "$1"', [seconds], { deadlineMs: 1500 }),
        'timeout',
      );
      expect(failure).toMatchObject({ deadlineMs: 1500, printed: 'waiting' });
      await gone(seconds);
    });

    test('ends what ignores SIGTERM, and what blocks on standard input that it does not read', async () => {
      const seconds = unusualSeconds();
      const script = 'trap "" TERM; sleep "$1"';
      const stdin = Buffer.alloc(1024 * 1024);
      const [stubborn, deaf] = await Promise.all([
        remote.exec(script, [seconds], { deadlineMs: 1500 }),
        remote.exec(script, [seconds], { deadlineMs: 1500, stdin }),
      ]);
      failed(stubborn, 'timeout');
      failed(deaf, 'timeout');
      await gone(seconds);
    });

    test('ends a command when it is called off', async () => {
      const seconds = unusualSeconds();
      const off = new AbortController();
      const running = remote.exec('sleep "$1"', [seconds], { deadlineMs, signal: off.signal });
      await appeared(seconds);
      off.abort();
      failed(await running, 'aborted');
      await gone(seconds);
    });

    test('does not begin what was called off before', async () => {
      failed(await remote.exec('sleep 1', [], { deadlineMs, signal: AbortSignal.abort() }), 'aborted');
    });

    test('leaves nothing behind that a script put in the background', async () => {
      const seconds = unusualSeconds();
      const result = await remote.exec('sleep "$1" & echo begun', [seconds], { deadlineMs });
      expect(succeeded(result).stdout).toBe('begun\n');
      await gone(seconds);
    });

    test('ends everything when it is closed', async () => {
      const seconds = unusualSeconds();
      const other = open({});
      const running = other.exec('sleep "$1"', [seconds], { deadlineMs });
      await appeared(seconds);
      await other.close();
      failed(await running, 'refused');
      failed(await other.exec('echo late', [], { deadlineMs }), 'refused');
      await gone(seconds);
    });

    test('ends everything when the console is killed', async () => {
      const seconds = unusualSeconds();
      const console = execa('node', [fileURLToPath(import.meta.resolve('./console.ts')), seconds], {
        preferLocal: true,
        reject: false,
        env: { RESEED_TEST_TARGET: JSON.stringify(ground.target), XDG_RUNTIME_DIR: ground.bin },
      });
      await appeared(seconds);
      console.kill('SIGKILL');
      await console;
      await gone(seconds);
    });

    test('takes no more output than it was told to', async () => {
      const failure = failed(await remote.exec('exec yes', [], { deadlineMs, maxOutputBytes: 100_000 }), 'parse');
      expect(failure.message).toContain('more than 98K');
      expect(failure.printed.length).toBeLessThan(5000);
    });

    test('keeps the end of a flood on standard error', async () => {
      const flood = 'i=0; while [ $i -lt 20000 ]; do echo "line $i" >&2; i=$((i+1)); done; exit 3';
      const { code, stderr } = failed(await remote.exec(flood, [], { deadlineMs }), 'exit');
      expect(code).toBe(3);
      expect(stderr.length).toBeLessThan(66_000);
      expect(stderr.endsWith('line 19999\n')).toBe(true);
    });

    test('runs twenty at once, six of them at a time', async () => {
      const log = join(ground.bin, 'running');
      // Each waits until six have begun. A seventh that began before one of them ended would be in the log.
      const script =
        'echo + >>"$1"; until [ "$(grep -c + "$1")" -ge 6 ]; do sleep 0.02; done; echo - >>"$1"; echo "$2"';
      const numbers = Array.from({ length: 20 }, (_, number) => String(number));
      const results = await Promise.all(numbers.map((number) => remote.exec(script, [log, number], { deadlineMs })));
      expect(results.map((result) => succeeded(result).stdout.trim())).toEqual(numbers);
      let now = 0;
      const counts = (await readFile(log, 'utf8'))
        .split('\n')
        .filter(Boolean)
        .map((mark) => (now += mark === '+' ? 1 : -1));
      expect(counts).toHaveLength(40);
      expect(Math.max(...counts)).toBe(6);
    });

    test('answers requests over one stream until it is stopped', async () => {
      const seconds = unusualSeconds();
      const answers: string[] = [];
      const waiting: ((answer: string) => void)[] = [];
      const onStdout = (chunk: Buffer) => {
        for (const line of chunk.toString().split('\n').filter(Boolean))
          (waiting.shift() ?? answers.push.bind(answers))(line);
      };
      const loop = 'sleep "$1" & while read -r word; do echo "got $word"; done';
      const stream = streaming(await remote.stream(loop, [seconds], { onStdout }));
      for (const word of ['one', 'two', 'three']) {
        const answer = new Promise<string>((resolve) => waiting.push(resolve));
        stream.write(`${word}\n`);
        expect(await answer).toBe(`got ${word}`);
      }
      await appeared(seconds);
      stream.stop();
      failed(await stream.ended, 'aborted');
      await gone(seconds);
    });

    test('tells how a stream ended by itself', async () => {
      const heard: string[] = [];
      const onStdout = (chunk: Buffer) => void heard.push(chunk.toString());
      const good = streaming(await remote.stream('echo hello; echo warn >&2', [], { onStdout }));
      expect(await good.ended).toEqual({ ok: true, stderr: 'warn\n' });
      expect(heard.join('')).toBe('hello\n');
      const bad = streaming(await remote.stream('echo no >&2; exit 4', [], { onStdout }));
      expect(failed(await bad.ended, 'exit')).toMatchObject({ code: 4, stderr: 'no\n' });
    });

    test('reads a storm no faster than it is taken', async () => {
      let taken = 0;
      let release: () => void = () => undefined;
      const onStdout = (chunk: Buffer) => {
        taken += chunk.length;
        return new Promise<void>((resolve) => {
          release = resolve;
        });
      };
      const stream = streaming(await remote.stream('exec yes', [], { onStdout }));
      await expect.poll(() => taken).toBeGreaterThan(0);
      const first = taken;
      // A whole other command begins and ends, and the flood of output has to wait.
      succeeded(await remote.exec('echo meanwhile', [], { deadlineMs }));
      expect(taken).toBe(first);
      release();
      await expect.poll(() => taken).toBeGreaterThan(first);
      stream.stop();
      await stream.ended;
    });

    test('becomes root by sudo, whatever account is the default there, and not when it is root already', async () => {
      const asRoot = open({ sudo: true });
      await fakeCommand('sudo', 'echo sudo was asked >&2; exit 1');
      expect(succeeded(await asRoot.exec('echo "$1"', ['as root'], { deadlineMs })).stdout).toBe('as root\n');
      await fakeCommand('id', 'echo 1000');
      await fakeCommand('sudo', '[ "$1 $2 $3" = "-n -u root" ] || exit 9; shift 3; SUDO_USER=ops exec "$@"');
      const result = await asRoot.exec('echo "$SUDO_USER $1"; cat', ["it's"], { deadlineMs, stdin: 'input' });
      expect(succeeded(result).stdout).toBe("ops it's\ninput");
      await asRoot.close();
    });

    test('says what sudo said when it refuses', async () => {
      const refused = open({ sudo: true });
      await fakeCommand('id', 'echo 1000');
      await fakeCommand('sudo', 'echo "sudo: a password is required" >&2; exit 1');
      const failure = failed(await refused.exec('echo never', [], { deadlineMs }), 'sudo');
      expect(failure.printed).toBe('sudo: a password is required');
      expect(failure.message).toMatch(/refused to run a shell as root: sudo: a password is required$/);
      const notAllowed = 'Sorry, user ops is not allowed to execute \'/bin/sh -c IFS=" " read\' as root on db1.';
      await fakeCommand('sudo', `cat >&2 <<'END'\n${notAllowed}\nEND\nexit 1`);
      const other = failed(await refused.exec('echo never', [], { deadlineMs }), 'sudo');
      expect(other.message).toMatch(/: Sorry, user ops is not allowed to execute that shell as root on db1\.$/);
      await fakeCommand('sudo', 'echo "reseed: 1: head: Permission denied" >&2; exit 1');
      const noexec = failed(await refused.exec('echo never', [], { deadlineMs }), 'sudo');
      expect(noexec.message).toMatch(/: a program was not let run \(NOEXEC\): reseed: 1: head: Permission denied$/);
      expect(failure.advice).toContain('reseed sudoers');
      failed(await refused.stream('echo never', [], { onStdout: () => undefined }), 'sudo');
      await refused.close();
    });

    async function fakeCommand(name: string, body: string): Promise<void> {
      await writeFile(join(ground.bin, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
    }
  });
}
