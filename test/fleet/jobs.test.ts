// Jobs on real hosts: start, stop and snapshots.
import { afterAll, describe, expect, test } from 'vitest';
import { drill, onHost, printedOn, reseed, reseedWords, until } from './fleet.ts';
import { healCommands, held, inTheMiddle } from './slow-commands.ts';
import { usesHosts } from './uses.ts';

usesHosts('db1', 'db3', 'db4');

/** A verb of reseed as it is used on the fleet: inside its network. */
const inside = (...words: string[]) => reseed(['drill', 'exec', '--', ...reseedWords, ...words]);

async function done(...words: string[]): Promise<string> {
  const ended = await inside(...words);
  if (ended.exitCode === 0) return ended.stdout;
  throw new Error(`reseed ${words.join(' ')} ended with ${ended.exitCode}:\n${ended.stdout}${ended.stderr}`);
}

interface Snapshot {
  readonly volume: string;
  readonly group: string;
}
const snapshots = async (host: string): Promise<Snapshot[]> =>
  JSON.parse(await done('snapshot', 'list', host, '--json')).snapshots;
const lockOn = (host: string) => printedOn(host, 'cat /run/reseed/lock /run/reseed/lock-* 2>/dev/null || true');

describe('a server', () => {
  test('is stopped to its last process, and started until it takes connections', async () => {
    const stopped = await done('stop', 'db3', '--yes');
    expect(stopped).toMatch(/\| .*Shutdown complete/);
    expect((await onHost('db3', 'pgrep -x mysqld')).exitCode).toBe(1);
    expect((await inside('stop', 'db3', '--yes')).stderr).toContain('the server of db3 is down already');
    expect(await done('start', 'db3', '--yes')).toMatch(/\| .*ready for connections/);
    expect(await printedOn('db3', 'mysql -Nse "SELECT 1"')).toBe('1');
  });

  test('that others replicate from is not stopped without its name', async () => {
    const refused = await inside('stop', 'db1', '--yes');
    expect(refused.exitCode).toBe(3);
    expect(refused.stderr).toMatch(/replicas lose their source: .*; db1 takes writes.*--yes=db1/);
    expect((await onHost('db1', 'pgrep -x mysqld')).exitCode).toBe(0);
  });

  test('that does not start says why, in the words of its own log', async () => {
    await done('stop', 'db3', '--yes');
    await drill('fault', 'corrupt-datadir', 'db3');
    const failed = await inside('start', 'db3', '--yes');
    await drill('heal', 'db3');
    expect(failed.exitCode).toBe(1);
    expect(failed.stdout).toMatch(/failed: start db3\n.*start mysql on db3: .*\[ERROR\]/);
    expect(await lockOn('db3')).toBe('');
  });

  test('is not touched while somebody else works on its host, and it is said who', async () => {
    await printedOn('db3', "mkdir -p /run/reseed && printf 'cafe\\nanna@jump2, since noon\\n' >/run/reseed/lock");
    const failed = await inside('stop', 'db3', '--yes');
    expect(failed.exitCode).toBe(1);
    expect(failed.stdout).toContain('db3 is being worked on by job cafe of anna@jump2, since noon');
    expect(await lockOn('db3')).toContain('cafe');
    expect((await inside('unlock', 'db3')).exitCode).toBe(3);
    expect(await lockOn('db3')).toContain('cafe');
    expect(await done('unlock', 'db3', '--yes=db3')).toContain('was taken from job cafe of anna@jump2');
    expect(await lockOn('db3')).toBe('');
    expect((await onHost('db3', 'pgrep -x mysqld')).exitCode).toBe(0);
  });
});

describe.each([
  { host: 'db1', kind: 'classic, MySQL', coordinates: /gtid [0-9a-f-]{36}:1-\d+/ },
  { host: 'db4', kind: 'thin, MariaDB', coordinates: /gtid 0-\d+-\d+/ },
])('a snapshot of $host ($kind)', ({ host, coordinates }) => {
  afterAll(async () => {
    for (const { volume } of await snapshots(host)) await done('snapshot', 'remove', host, volume, `--yes=${host}`);
  });

  test('is taken with its writers held, mounted, not removed while mounted, unmounted and removed', async () => {
    const taken = await done('snapshot', 'create', host, '--yes');
    expect(taken).toMatch(/writes blocked for \d+\.\d\d s; /);
    expect(taken).toMatch(coordinates);
    const [snapshot] = await snapshots(host);
    if (!snapshot) throw new Error('no snapshot is listed');
    await done('snapshot', 'mount', host, snapshot.volume, '--yes');
    expect(await printedOn(host, `ls /run/reseed/mount/${snapshot.volume}`)).toContain('ibdata1');
    expect((await inside('snapshot', 'remove', host, snapshot.volume, `--yes=${host}`)).exitCode).toBe(3);
    await done('snapshot', 'unmount', host, snapshot.volume, '--yes');
    expect((await inside('snapshot', 'remove', host, snapshot.volume, '--yes')).exitCode).toBe(3);
    await done('snapshot', 'remove', host, snapshot.volume, `--yes=${host}`);
    expect(await snapshots(host)).toEqual([]);
  });

  test('is not taken behind a statement that runs too long, and no writer waits', async () => {
    const file = "sed 's/maxQuerySeconds: 30/maxQuerySeconds: 2/' hosts.yaml >/tmp/reseed-patience.yaml";
    await reseed(['drill', 'exec', '--', 'sh', '-c', file]);
    const sleeper = onHost(host, 'mysql -e "SELECT SLEEP(1000)"');
    const asleep = "FROM information_schema.processlist WHERE info LIKE 'SELECT SLEEP%' AND time > 2";
    const id = await until(
      () => printedOn(host, `mysql -Nse "SELECT id ${asleep}"`),
      (answer) => /^\d+$/.test(answer),
    );
    const failed = await inside(
      'snapshot',
      'create',
      host,
      '--yes',
      '--inventory',
      '/tmp/reseed-patience.yaml',
    ).finally(() => printedOn(host, `mysql -e 'KILL ${id}'`));
    expect(failed.exitCode).toBe(1);
    expect(failed.stdout).toMatch(/1 statements run for longer than 2 s/);
    expect(await snapshots(host)).toEqual([]);
    await sleeper;
  });

  test('whose session dies under the lock is not kept', async () => {
    await held(host);
    const taken = inside('snapshot', 'create', host, '--yes');
    await inTheMiddle(host);
    // The newest session that waits for its client is the one that holds the lock.
    const sessions = "FROM information_schema.processlist WHERE command = 'Sleep'";
    await printedOn(host, `mysql -e "KILL $(mysql -Nse "SELECT MAX(id) ${sessions}")"`);
    await healCommands(host);
    const failed = await taken;
    expect(failed.stdout).toMatch(/the lock was lost while the snapshot was taken/);
    expect(failed.exitCode).toBe(1);
    expect(await snapshots(host)).toEqual([]);
  });
});
