// What both implementations of SSH must do about keys, hops and lost servers.
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRemotes, type RemotesOptions } from '../../src/remote/open.ts';
import type { Remote, RemoteTarget } from '../../src/remote/remote.ts';
import { addKnownHost } from '../../src/remote/trust/known-hosts-file.ts';
import { scriptText } from '../../src/scripts/script.ts';
import { failed, quietEnvironment, streaming, succeeded, unusualSeconds } from './contract.ts';
import { appeared, gone } from './processes.ts';
import { openYard, type Sshd, type Yard } from './sshd.ts';

const deadlineMs = 20_000;

export function sshContract(transport: 'ssh2' | 'openssh'): void {
  describe(`ssh by ${transport}`, () => {
    let yard: Yard;
    let sshd: Sshd;
    const closing: (() => Promise<void>)[] = [];
    beforeAll(async () => {
      yard = await openYard();
      sshd = await yard.start();
    }, 180_000);
    afterAll(async () => {
      await Promise.all(closing.map((close) => close()));
      await yard.close();
    });

    /** A target on `to` that knows its keys of these lines. */
    const targetOn = async (
      to: Sshd,
      knownHostLines: readonly string[],
      changes: Partial<RemoteTarget> = {},
    ): Promise<RemoteTarget> => ({
      name: 'db1',
      host: '127.0.0.1',
      port: to.port,
      identity: yard.identity,
      knownHosts: await yard.knownHosts(knownHostLines),
      transport,
      sudo: false,
      ...changes,
    });
    const open = (target: RemoteTarget, options: Partial<RemotesOptions> = {}): Remote => {
      const remotes = openRemotes({ environment: quietEnvironment, sshConfig: yard.sshConfig, ...options });
      const remote = remotes.open(target);
      closing.push(async () => {
        await remote.close();
        await remotes.close();
      });
      return remote;
    };
    const sayHello = (remote: Remote) => remote.exec('echo hello', [], { deadlineMs });
    const helloFrom = async (to: Sshd, lines: readonly string[], changes?: Partial<RemoteTarget>) =>
      await sayHello(open(await targetOn(to, lines, changes)));

    test.each(['ed25519', 'ecdsa', 'rsa'] as const)(
      'goes to a host that is known by its %s key alone',
      async (type) => {
        expect(succeeded(await helloFrom(sshd, [sshd.knownHost[type]])).stdout).toBe('hello\n');
      },
    );

    test('knows a host by a hashed line, by a pattern, and by a line without the port', async () => {
      const file = await yard.knownHosts([sshd.knownHost.ed25519]);
      await execa('ssh-keygen', ['-H', '-f', file]);
      expect(await readFile(file, 'utf8')).toMatch(/^\|1\|/);
      succeeded(await sayHello(open(await targetOn(sshd, [], { knownHosts: file }))));
      succeeded(await helloFrom(sshd, [`[127.0.0.*]:${sshd.port} ${sshd.publicKey.ed25519}`]));
      succeeded(await helloFrom(sshd, [`127.0.0.1 ${sshd.publicKey.ed25519}`]));
    });

    test('refuses an unknown host with its fingerprint', async () => {
      const other = await yard.start();
      const failure = failed(await helloFrom(sshd, [other.knownHost.ed25519, '# a comment', 'garbage']), 'hostKey');
      expect(failure).toMatchObject({
        problem: 'unknown',
        keyType: 'ssh-ed25519',
        fingerprint: await fingerprintOf(sshd),
      });
      expect(failure.address).toBe(`[127.0.0.1]:${sshd.port}`);
      expect(failure.advice).toContain('reseed trust');
      expect(failure.message).toContain(failure.fingerprint);
    });

    test('refuses a host whose key changed, and names the line', async () => {
      const other = await yard.start();
      const target = await targetOn(sshd, ['# first', `[127.0.0.1]:${sshd.port} ${other.publicKey.ed25519}`]);
      const failure = failed(await sayHello(open(target)), 'hostKey');
      expect(failure).toMatchObject({
        problem: 'changed',
        fingerprint: await fingerprintOf(sshd),
        where: `${target.knownHosts}:2`,
      });
    });

    test('refuses a revoked key, though it is listed as good too', async () => {
      const revoked = `@revoked * ${sshd.publicKey.ed25519}`;
      const failure = failed(await helloFrom(sshd, [sshd.knownHost.ed25519, revoked]), 'hostKey');
      expect(failure).toMatchObject({ problem: 'revoked', fingerprint: await fingerprintOf(sshd) });
    });

    test('says what it tried when no key is let in, and does not try again at once', async () => {
      const remote = open(
        await targetOn(sshd, [sshd.knownHost.ed25519], { identity: yard.strangerIdentity, user: 'root' }),
      );
      const failure = failed(await sayHello(remote), 'auth');
      expect(failure.tried.join('\n')).toContain(yard.strangerIdentity);
      expect(failure.message).toContain('root');
      expect(failed(await sayHello(remote), 'auth').advice).toMatch(/next try is in \d+ s/);
    });

    // Of terminal escapes and lines, as one packet.
    const withBanner = async (bytes: number) => {
      const banner = join(yard.folder, `banner-${bytes}`);
      await writeFile(banner, '\u001b]0;x\u0007welcome\n'.repeat(bytes / 14));
      const greeting = await yard.start([`Banner ${banner}`]);
      return await helloFrom(greeting, [greeting.knownHost.ed25519]);
    };

    test('reads past a login banner of 30 kB', async () => {
      expect(succeeded(await withBanner(30_000)).stdout).toBe('hello\n');
    });

    test('of a login banner of 40 kB it says what it is, where it does not read past it', async () => {
      const answer = await withBanner(40_000);
      if (transport === 'openssh') expect(succeeded(answer).stdout).toBe('hello\n');
      else {
        const failure = failed(answer, 'unreachable');
        expect(failure.message).toContain('sends more at once than ssh2 takes, as a login banner of over 34 kB is');
        expect(failure.advice).toContain('`transport: openssh`');
      }
    });

    // The most that sshd sends.
    test('is not held up by a login banner of 1 MB, and shows nothing of it', async () => {
      const failure = failed(await withBanner(1_048_000), 'unreachable');
      expect(JSON.stringify(failure)).not.toMatch(/welcome|\\u001b/);
      expect(failure.message).not.toBe('');
    });

    test('logs in with a key that an agent holds', async () => {
      const socket = join(yard.folder, `agent-${randomUUID().slice(0, 8)}`);
      const agent = execa('ssh-agent', ['-D', '-a', socket], { reject: false });
      await expect.poll(() => existsSync(socket)).toBe(true);
      const environment = { ...quietEnvironment, SSH_AUTH_SOCK: socket };
      const add = await execa('ssh-add', [yard.identity], { env: environment });
      expect(add.exitCode).toBe(0);
      const target = await targetOn(sshd, [sshd.knownHost.ed25519]);
      succeeded(await sayHello(open({ ...target, identity: yard.strangerIdentity }, { environment })));
      agent.kill();
      await agent;
    });

    test('goes over two hops, and verifies each', async () => {
      const [far, near] = [await yard.start(), await yard.start()];
      const lines = [sshd.knownHost.ed25519, far.knownHost.ed25519, near.knownHost.ed25519];
      const jump = await targetOn(far, lines, { name: 'far', jump: await targetOn(near, lines, { name: 'near' }) });
      const over = open(await targetOn(sshd, lines, { jump }));
      expect(succeeded(await sayHello(over)).stdout).toBe('hello\n');
      // The longest script: one word of a command can not hold it.
      expect(await over.exec(await scriptText('seed-facts'), ['odd=1'], { deadlineMs })).toMatchObject({
        printed: expect.stringContaining("knows no word 'odd'"),
      });
      for (const strange of [sshd, far, near]) {
        const without = lines.filter((line) => line !== strange.knownHost.ed25519);
        const hops = await targetOn(far, without, { jump: await targetOn(near, without) });
        const failure = failed(await helloFrom(sshd, without, { jump: hops }), 'hostKey');
        expect(failure).toMatchObject({ problem: 'unknown', address: `[127.0.0.1]:${strange.port}` });
      }
    });

    test("goes by the configuration's Host, ProxyJump, Port and IdentityFile", async () => {
      const near = await yard.start();
      const sshConfig = join(yard.folder, `config-${randomUUID()}`);
      const known = await yard.knownHosts([`[db-alias]:1 none`, sshd.knownHost.ed25519, near.knownHost.ed25519]);
      await writeFile(
        sshConfig,
        `Host bastion db.example
           HostName 127.0.0.1
           IdentityFile ${yard.identity}
           UserKnownHostsFile ${known}
         Match host db.example,127.0.0.1 originalhost db.example
           Port ${sshd.port}
           ProxyJump bastion
         Host bastion
           Port ${near.port}
        `,
      );
      const target: RemoteTarget = { name: 'db1', host: 'db.example', transport, sudo: false };
      const remote = open(target, { sshConfig });
      const { stdout } = succeeded(await remote.exec('echo "$SSH_CONNECTION"', [], { deadlineMs }));
      expect(stdout.trim().split(' ').at(-1)).toBe(String(sshd.port));
    });

    test.each(['-oProxyCommand=touch /tmp/x', 'db 1', 'db1\nProxyCommand x', '$(touch x)', "db'1", ''])(
      'refuses the host name %j',
      async (host) => {
        failed(await helloFrom(sshd, [], { host }), 'refused');
      },
    );

    test('says that nothing listens there', async () => {
      const shut = await yard.start();
      await shut.kill();
      const failure = failed(await helloFrom(shut, [shut.knownHost.ed25519]), 'unreachable');
      expect(failure).toMatchObject({ lostWhileRunning: false });
      expect(failure.message).toMatch(/connection refused/i);
    });

    test('notices a server that goes, and comes back when it does', async () => {
      const shaky = await yard.start();
      const seconds = unusualSeconds();
      let nowMs = 0;
      const remote = open(await targetOn(shaky, [shaky.knownHost.ed25519]), { nowMs: () => nowMs, random: () => 0.5 });
      const stream = streaming(await remote.stream('sleep "$1"', [seconds], { onStdout: () => undefined }));
      await appeared(seconds);
      await shaky.kill();
      expect(failed(await stream.ended, 'unreachable').lostWhileRunning).toBe(true);
      await gone(seconds);
      expect(failed(await sayHello(remote), 'unreachable').lostWhileRunning).toBe(false);
      const again = await shaky.restart();
      expect(failed(await sayHello(remote), 'unreachable').advice).toMatch(/next try/);
      nowMs += 60_000;
      succeeded(await sayHello(remote));
      await again.kill();
    });

    test('notices a line on which nothing comes any more', async () => {
      const mute = await yard.start();
      const remote = open(await targetOn(mute, [mute.knownHost.ed25519]));
      const stream = streaming(await remote.stream('cat', [], { onStdout: () => undefined }));
      await mute.freeze();
      expect(failed(await stream.ended, 'unreachable').lostWhileRunning).toBe(true);
      await mute.kill();
    }, 30_000);

    test.each(loginShells)('is understood by %s, with rc files that print', async (_name, shell) => {
      const noise = 'printf "rc noise without a line end"; echo "rc noise" >&2';
      const chatty = await yard.start([`ForceCommand ${noise}; exec ${shell} -c "$SSH_ORIGINAL_COMMAND"`]);
      const remote = open(await targetOn(chatty, [chatty.knownHost.ed25519]));
      const words = ['a b', "it's", '$(id)', '!!', '\\', 'a\nb', ''];
      const result = await remote.exec('printf "%s|" "$@"; echo err >&2; cat', words, { deadlineMs, stdin: 'in!put' });
      expect(result).toEqual({ ok: true, stdout: `${words.join('|')}|in!put`, stderr: 'err\n' });
      await chatty.kill();
    });

    test('says so when the account has no shell', async () => {
      const closed = await yard.start(['ForceCommand echo This account is currently not available.; exit 1']);
      const failure = failed(await helloFrom(closed, [closed.knownHost.ed25519]), 'refused');
      expect(failure.printed).toBe('This account is currently not available.');
    });

    test('shows the keys of a host that nobody knows, and goes there once they are trusted', async () => {
      const near = await yard.start();
      const target = await targetOn(sshd, [near.knownHost.ed25519], {
        jump: await targetOn(near, [near.knownHost.ed25519]),
      });
      const remotes = openRemotes({ environment: quietEnvironment, sshConfig: yard.sshConfig });
      const shown = await remotes.hostKeys(target);
      if (!shown.ok) throw new Error(shown.trouble.message);
      const { file, host, port, keys } = shown.value;
      expect(file).toBe(target.knownHosts);
      expect(keys.map(({ keyType }) => keyType)).toEqual(shownTypes);
      expect(keys[0]?.fingerprint).toBe(await fingerprintOf(sshd));
      for (const { key } of keys) expect(await addKnownHost(file, host, port, key)).toBe(true);
      for (const { key } of keys) expect(await addKnownHost(file, host, port, key)).toBe(false);
      expect((await readFile(file, 'utf8')).trim().split('\n')).toHaveLength(1 + keys.length);
      succeeded(await sayHello(open(target)));
      await remotes.close();
    });

    // The system's ssh is asked once, and tells the key that it would use.
    const shownTypes = transport === 'ssh2' ? ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'ssh-rsa'] : ['ssh-ed25519'];
    const fingerprintOf = async ({ publicKey }: Sshd) => {
      const { stdout } = await execa('ssh-keygen', ['-lf', '-'], { input: publicKey.ed25519 });
      return stdout.split(' ')[1] ?? '';
    };
  });
}

/** Those shells of this machine that read command lines in different ways; sh is always there. */
const loginShells = ['sh', 'dash', 'bash', 'fish', 'tcsh', 'zsh'].flatMap((name): [string, string][] => {
  const path = `/bin/${name}`;
  return existsSync(path) ? [[name, path]] : [];
});
