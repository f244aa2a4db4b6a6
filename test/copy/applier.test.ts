// The position of an applier is proved to be that of its data, or refused if its tables can't tell.
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startApplierWords, stopApplierWords } from '../../src/scripts/applier-words.ts';
import { scriptText } from '../../src/scripts/script.ts';
import { openAlone } from '../alone.ts';

const client = `#!/bin/sh
for sql in "$@"; do :; done
case $sql in --*) sql=$(cat) ;; esac
printf '%s\\n' "$sql" >>"$0.asked"
here=\${0%/*}
case $sql in
  *datadir*) echo "$here/data" ;;
  'SHOW SLAVE STATUS') cat "$here/status" ;;
  *relay_log_info_repository*) cat "$here/repository" ;;
  *slave_worker_info*) echo 0 ;;
esac
`;

const status = (running: string, channel: string) =>
  ['Slave_IO_Running', 'Slave_SQL_Running', 'Last_IO_Errno', 'Last_SQL_Errno', 'Channel_Name'].join('\t') +
  `\n${['Yes', running, '0', '0', channel].join('\t')}\n`;

/** A 5.7 that runs: its appliers end when the script waits for them. */
async function openServer() {
  const base = await mkdtemp(join(tmpdir(), 'reseed-applier-'));
  const job = `t${process.pid}`;
  await mkdir(join(base, 'data'));
  await writeFile(join(base, 'mysql'), client, { mode: 0o755 });
  await copyFile('/bin/sleep', join(base, 'mysqld'));
  await writeFile(join(base, 'repository'), 'relay_log_info_repository\tTABLE\n');
  const alone = await openAlone();
  onTestFinished(async () => {
    await alone.end();
    await rm(base, { recursive: true });
    await rm(`/run/reseed/applier-${job}`, { force: true });
  });
  const run = async (words: readonly string[]) => {
    const args = ['-c', await scriptText('applier'), 'applier.sh', ...words];
    return await alone.run('sh', args, { env: { PATH: `${base}:${process.env.PATH}` } });
  };
  return {
    base,
    begin: () => alone.start(join(base, 'mysqld'), ['1000'], join(base, 'data')),
    end: alone.kill,
    stop: () => run(stopApplierWords({ job, word: 'SLAVE' })),
    start: () => run(startApplierWords(job)),
    asked: async () => {
      const asked = await readFile(join(base, 'mysql.asked'), 'utf8');
      return [...asked.matchAll(/CONVERT\(0x([0-9A-F]+) USING/g)].map(([, hex = '']) =>
        Buffer.from(hex, 'hex').toString(),
      );
    },
  };
}

test('a server that was started again within the job has the applier started that the job stopped in it: it stayed stopped, and was told as set up so', async () => {
  const server = await openServer();
  const isRunning = async () => await writeFile(join(server.base, 'status'), status('Yes', ''));
  await writeFile(join(server.base, 'sleep'), '#!/bin/sh\n: >"$(dirname "$0")/status"\n', { mode: 0o755 });
  await isRunning();
  const first = await server.begin();
  expect(await server.stop()).toMatchObject({ exitCode: 0 });
  await server.end(first);
  await server.begin();
  await isRunning();
  expect(await server.stop()).toMatchObject({ exitCode: 0, stdout: 'stopped: 1' });
  // Said twice: what it stopped itself is no applier that stood before.
  expect(await server.stop()).toMatchObject({ exitCode: 0, stdout: 'stopped: 0' });
  expect(await server.start()).toMatchObject({ exitCode: 0, stdout: '' });
  expect((await server.asked()).at(-1)).toBe("START SLAVE SQL_THREAD FOR CHANNEL ''");
});

test('a 5.7 whose applier was stopped already, with its positions in a file, gives no snapshot: what it left out is unknown', async () => {
  const base = await mkdtemp(join(tmpdir(), 'reseed-applier-'));
  await mkdir(join(base, 'data'));
  await writeFile(join(base, 'status'), status('No', ''));
  await writeFile(join(base, 'mysql'), client, { mode: 0o755 });
  await copyFile('/bin/sleep', join(base, 'mysqld'));
  const alone = await openAlone();
  onTestFinished(alone.end);
  await alone.start(join(base, 'mysqld'), ['1000'], join(base, 'data'));
  const stopped = async (repository: string) => {
    await writeFile(join(base, 'repository'), repository);
    const args = [
      '-c',
      await scriptText('applier'),
      'applier.sh',
      ...stopApplierWords({ job: `t${process.pid}`, word: 'SLAVE' }),
    ];
    const env = { PATH: `${base}:${process.env.PATH}` };
    const { exitCode, stderr } = await alone.run('sh', args, { env });
    await rm(`/run/reseed/applier-t${process.pid}`, { force: true });
    return { exitCode, stderr };
  };
  expect(await stopped('relay_log_info_repository\tFILE\n')).toEqual({
    exitCode: 3,
    stderr: expect.stringContaining('relay_log_info_repository is FILE'),
  });
  expect(await readFile(join(base, 'mysql.asked'), 'utf8')).not.toContain('STOP');
  expect(await stopped('relay_log_info_repository\tTABLE\n')).toEqual({ exitCode: 0, stderr: '' });
  // A channel name of a hostile server, as its client prints it: in an SQL string it would end the string, and root's
  // client would run the rest.
  await writeFile(join(base, 'status'), status('Yes', "\\\\' \\\\! id\\nsystem id"));
  // The answer does not change, so its applier never stops; the test ends at the request to stop it.
  await writeFile(join(base, 'sleep'), '#!/bin/sh\n: >"$(dirname "$0")/status"\n', { mode: 0o755 });
  expect(await stopped('relay_log_info_repository\tTABLE\n')).toMatchObject({ exitCode: 0 });
  const asked = await readFile(join(base, 'mysql.asked'), 'utf8');
  expect(asked).not.toMatch(/\\!|system id/);
  const said = [...asked.matchAll(/CONVERT\(0x([0-9A-F]+) USING/g)].map(([, hex = '']) =>
    Buffer.from(hex, 'hex').toString(),
  );
  const channel = "'\\\\'' \\\\! id\nsystem id'";
  expect(said).toEqual([
    `STOP SLAVE SQL_THREAD FOR CHANNEL ${channel}`,
    `START SLAVE SQL_THREAD UNTIL SQL_AFTER_MTS_GAPS FOR CHANNEL ${channel}`,
  ]);
  await rm(base, { recursive: true });
});
