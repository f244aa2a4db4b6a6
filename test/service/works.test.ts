// What the log of a job has of a server's own log, while one waits for the server.
import { expect, test } from 'vitest';
import { serviceWorks } from '../../src/service/works.ts';
import { printed, stepTools } from '../job/step-tools.ts';

const lines = (count: number) => Array.from({ length: count }, (_, at) => `[ERROR] line ${at + 1}`).join('\n');
const look = (state: string, log: string) => printed(`${state}\n0\nnone\nnot\n${log.length}\n${log}`);
const command = { host: 'db2', script: 'service', args: [], deadlineMs: 1 } as const;

test('a server that was started over and over says its last lines, and how many are left out; later ones come whole', async () => {
  const looks = [look('deactivating', lines(200)), look('inactive', lines(203))];
  const { tools, notes } = stepTools({
    commands: { act: command, look: command },
    answer: (key) => (key === 'act' ? printed('') : (looks.shift() ?? look('inactive', ''))),
  });
  expect(await serviceWorks['stop-server']?.(tools)).toEqual({ ok: true });
  expect(notes).toHaveLength(34);
  expect(notes.slice(0, 2)).toEqual(["| … 170 lines left out: they are in the server's log", '| [ERROR] line 171']);
  expect(notes.slice(-3)).toEqual(['| [ERROR] line 201', '| [ERROR] line 202', '| [ERROR] line 203']);
});
