// The account that a target is to replicate with is asked for before there is a job.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askSources } from '../../src/operations/seed/sources.ts';
import { failureOf, quoted, unreachable } from '../../src/remote/failure.ts';
import type { Remote, RemoteTarget } from '../../src/remote/remote.ts';
import { scriptText } from '../../src/scripts/script.ts';
import { keptAccountWords } from '../../src/scripts/seed-account-words.ts';
import { isRefused, preflight } from '../../src/seed/preflight/preflight.ts';
import type { Side } from '../../src/seed/request.ts';
import { request, side } from '../seed/sides.ts';

type Exec = Remote['exec'];
const done = (stdout: string) => ({ ok: true as const, stdout, stderr: '', durationMs: 1 });
const hex = (text: string) => Buffer.from(text).toString('hex').toUpperCase();
const account = done(`${hex('repl')}\n${hex('s3cr3t')}\n`);
const nothing = done('');
function ended(host: string, stderr: string) {
  const trouble = {
    kind: 'exit' as const,
    code: 3,
    stdout: '',
    stderr,
    printed: quoted(stderr),
    message: 'ended with 3',
    advice: '',
  };
  return failureOf(trouble, host, 'seed-account');
}

/** db2 is a replica of db1, and db3 its target. `answer`: of seed-account.sh alone. */
async function planned(
  answer: (host: string, verb: string) => Awaited<ReturnType<Exec>>,
  seed = request(side('db2'), [side('db3')]),
) {
  const said: string[] = [];
  const open = ({ name }: RemoteTarget): Remote => ({
    host: name,
    transport: undefined,
    exec: async (_script, args, { label = '', stdin = '' }) => {
      if (label !== 'seed-account') return nothing;
      said.push(`${name} ${args.join(' ')} < ${stdin}`);
      return answer(name, args[0] ?? '');
    },
    stream: () => Promise.reject(new Error('not used')),
    close: async () => undefined,
  });
  const known = seed.others.map((one) => ({
    ...one,
    target: { name: one.host.name, host: one.host.ssh.host, transport: 'ssh2' as const, sudo: false },
  }));
  const asked = await askSources(seed, { known, open, signal: new AbortController().signal });
  const findings = preflight({ ...seed, asked });
  return { said, findings, isRefused: isRefused(findings) };
}

describe('before a seed', () => {
  test('an account that can’t be read is refused in the words of its server, and no snapshot is taken first', async () => {
    const why =
      "no account of a replica was found: the server did not tell it (ERROR 1142 (42000) at line 1: SELECT command denied to user 'reseed'@'localhost' for table 'slave_master_info')";
    const { findings, isRefused } = await planned((host) => ended(host, why));
    expect(isRefused).toBe(true);
    expect(findings).toContainEqual({
      host: 'db3',
      level: 'refuse',
      text: `the replication account of db2 is unknown: ${why}`,
      advice: '--account FILE, with user = and password = on lines of their own, and mode 600',
    });
  });

  test('an account that the source does not let in from the target is refused', async () => {
    const denied = "ERROR 1045 (28000): Access denied for user 'repl'@'10.77.0.13' (using password: YES)";
    const { findings, said } = await planned((host, verb) => (verb === 'tell' ? account : ended(host, denied)));
    expect(findings).toContainEqual({
      host: 'db3',
      level: 'refuse',
      text: `repl can't replicate from db1 (10.77.0.11:3306): ${denied}`,
      advice: 'repl has to log in at db1 (10.77.0.11:3306) from db3',
    });
    expect(said[1]).toMatch(
      /^db3 try host=10\.77\.0\.11 port=3306 tls=(yes|no) verify=no ca= capath= cert= key= < \[client\]\nuser = "repl"\npassword = "s3cr3t"\n$/,
    );
    expect(JSON.stringify(findings)).not.toContain('s3cr3t');
    expect(said.every((one) => !one.split(' < ')[0]?.includes('s3cr3t'))).toBe(true);
  });

  test('an account that can log in passes', async () => {
    const { findings } = await planned((_, verb) => (verb === 'tell' ? account : nothing));
    expect(findings).toContainEqual(
      expect.objectContaining({
        level: 'pass',
        text: 'repl can log in at db1 (10.77.0.11:3306) from db3, and may replicate',
      }),
    );
  });

  test('a host that does not answer in time refuses nothing', async () => {
    const away = unreachable('db2 does not answer', '');
    const { findings } = await planned((host) => failureOf(away, host, 'seed-account'));
    expect(findings).toContainEqual(
      expect.objectContaining({
        level: 'unknown',
        text: 'the replication account of db2 is unknown: db2 does not answer',
      }),
    );
  });
});

describe('before a seed that ends as a set', () => {
  /** `answer`: of the member, db3, to whether it reaches its primary. */
  const reaching = (answer: Awaited<ReturnType<Exec>>, primary: Side) =>
    planned(
      (_, verb) => (verb === 'reach' ? answer : account),
      request(side('db2'), [primary, side('db3')], { ends: 'set' }),
    );
  const up = side('db6', {}, { service: side('db3').report.service as NonNullable<Side['report']['service']> });

  test('a member that the firewall of the primary keeps out is refused, with what would make it possible', async () => {
    const error = "ERROR 2003 (HY000): Can't connect to MySQL server on '10.77.0.16:3306' (110)";
    const { findings, isRefused, said } = await reaching(ended('db3', error), up);
    expect(isRefused).toBe(true);
    expect(findings).toContainEqual({
      host: 'db3',
      level: 'refuse',
      text: `db3 can't reach db6 (10.77.0.16:3306), which would be its source: ${error}`,
      advice:
        'let db3 through to that port (firewall, route, bind_address of db6); or name another host first; or seed db3 alone (--standalone)',
    });
    expect(said).toContain('db3 reach host=10.77.0.16 port=3306 < ');
  });

  test('a member that reaches it passes; where its server is down, a closed port tells nothing', async () => {
    expect((await reaching(done('reached\n'), up)).findings).toContainEqual(
      expect.objectContaining({ host: 'db3', level: 'pass', text: 'db3 reaches db6 (10.77.0.16:3306)' }),
    );
    expect((await reaching(done('closed\n'), side('db6'))).findings).toContainEqual(
      expect.objectContaining({
        host: 'db3',
        level: 'unknown',
        text: 'whether db3 reaches db6 (10.77.0.16:3306) is not known: no server runs there, and a firewall may refuse connections as the host itself does',
      }),
    );
  });
});

describe('what a host says of an account that it can’t tell', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'reseed-tell-'));
    const client = join(folder, 'mysql');
    writeFileSync(client, '#!/bin/sh\ncat "$0.out"\ncat "$0.err" >&2\n[ ! -s "$0.err" ]\n');
    chmodSync(client, 0o700);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  async function told(stdout: string, stderr: string) {
    writeFileSync(join(folder, 'mysql.out'), stdout);
    writeFileSync(join(folder, 'mysql.err'), stderr);
    const words = keptAccountWords('tell', { mysql: {}, datadir: folder, file: undefined, channel: undefined });
    return await execa('sh', ['-c', await scriptText('seed-account'), 'seed-account.sh', ...words], {
      env: { PATH: `${folder}:${process.env.PATH}` },
      reject: false,
    });
  }

  test('has the client’s own error, and nothing else that it printed', async () => {
    const denied =
      "ERROR 1142 (42000) at line 1: SELECT command denied to user 'reseed'@'localhost' for table 'slave_master_info'";
    const { exitCode, stderr, stdout } = await told(
      `${hex('repl')} ${hex('s3cr3t')}\n`,
      `mysql: [Warning] password=s3cr3t\n${denied}\n`,
    );
    expect([exitCode, stdout]).toEqual([3, '']);
    expect(stderr).toBe(`no account of a replica was found: the server did not tell it (${denied})`);
  });

  test('says that there is none where the server keeps none', async () => {
    expect(await told('', '')).toMatchObject({
      exitCode: 3,
      stderr: 'no account of a replica was found: the server keeps none',
    });
  });

  test('is the account where there is one', async () => {
    expect(await told(`${hex('repl')} ${hex('s3cr3t')}\n`, '')).toMatchObject({
      exitCode: 0,
      stdout: `${hex('repl')}\n${hex('s3cr3t')}`,
    });
  });
});
