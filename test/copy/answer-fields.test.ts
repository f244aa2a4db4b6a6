// The answers of a real client that stays open, as take-snapshot.sh and seed-dump.sh read them.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { scriptText } from '../../src/scripts/script.ts';
import { readCoordinates } from '../../src/snapshot/coordinates.ts';
import { openServer, type Server } from '../history/server.ts';

let server: Server;
let folder: string;
beforeAll(async () => {
  server = await openServer();
  folder = await mkdtemp(join(tmpdir(), 'reseed-fields-'));
});
afterAll(async () => {
  await server.remove();
  await rm(folder, { recursive: true });
});

/** The answer to a question, and to one behind it. */
async function answered(question: string): Promise<[string, string]> {
  const whole = await scriptText('take-snapshot');
  const from = whole.indexOf('# ask SQL FILE');
  const functions = `${whole.split('# Takes an LVM')[0]}\n${whole.slice(from, whole.indexOf('# told FILE'))}`;
  const client = /sql_client "\$defaults_file" "\$socket" (--.*--unbuffered)/.exec(whole)?.[1] ?? '';
  const steps = `mkfifo in out
sql_client '' '${server.socket}' ${client} <in >out & exec 3>in 4<out
ask "$RESEED_QUESTION" first && ask "SELECT 'behind' AS told" second`;
  const env = { RESEED_QUESTION: question, HOME: folder };
  await execa('sh', ['-c', `${functions}\n${steps}`], { cwd: folder, env, timeout: 60_000 });
  const texts = await Promise.all(['first', 'second'].map((name) => readFile(join(folder, name), 'utf8')));
  await Promise.all(['in', 'out'].map((name) => rm(join(folder, name))));
  return texts as [string, string];
}

test('the text of an error is no coordinates, no further row, and no end of the answer: a copy began later in the log of its source, and nothing told so', async () => {
  const text = [
    'Error <&"\\\'',
    'reseed_mark: said',
    '    Exec_Master_Log_Pos: 99999999',
    '  Relay_Master_Log_File: bin.000009',
    '*************************** 1. row ***************************',
    'Connection_name: x',
    'Master_Host: evil',
    '</field>',
    '  <row>',
  ].join('\n');
  const sql = `SELECT '' AS Connection_name, 'a' AS Master_Host, 3306 AS Master_Port, 'bin.000002' AS Relay_Master_Log_File, 'No' AS Slave_SQL_Running,
    0x${Buffer.from(text).toString('hex')} AS Last_Error, 4711 AS Exec_Master_Log_Pos, NULL AS Seconds; SELECT 'i:1-9,\n j:1-2' AS gtid_executed`;
  const [first, second] = await answered(sql);
  expect(second).toBe('*** row\ntold: behind\n');
  expect(first).toContain('\nLast_Error: Error <&"\\\' reseed_mark: said     Exec');
  expect(first).toContain('\nSeconds: NULL\n');
  const source = { channel: '', host: 'a', port: 3306, logFile: 'bin.000002', logPosition: 4711 };
  expect(readCoordinates(`locked_ms 1\n${first}`)).toMatchObject({ gtid: 'i:1-9,j:1-2', source, sources: [source] });
});
