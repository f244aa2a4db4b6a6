// What reseed processes prints, of sessions that real servers told.
import { expect, test } from 'vitest';
import { processesJson, processLines } from '../../src/commands/hosts/processes.ts';
import { readProcesses } from '../../src/host/server/processes.ts';
import { recorded, told } from '../host/recordings.ts';

const list = told(readProcesses(recorded('mysql-9.7/processes').toString()));
const brief = { all: false, full: false };

test('a session that sleeps in a transaction is there, with what it locks; idle ones are counted', () => {
  const lines = processLines('db3', list, brief);
  expect(lines[0]).toBe('db3: 11 sessions, 1 asleep; 1 open transaction, the oldest 19 s');
  expect(lines.find((line) => line.startsWith('105'))).toMatch(/Sleep +19 s +19 s, 3 rows locked, 0 changed/);
  expect(lines.at(-1)).toBe('8 idle not shown (--all)');
  expect(processLines('db3', list, { ...brief, all: true }).join('\n')).toContain('event_scheduler');
});

test('a long statement is cut and says so; --full has it', () => {
  const long = { ...list, sessions: list.sessions.map((one) => ({ ...one, statement: `SELECT ${'x'.repeat(200)}` })) };
  expect(processLines('db3', long, brief)[2]).toMatch(/x…$/);
  expect(processLines('db3', long, { ...brief, full: true })[2]).toMatch(/x{200}$/);
});

test('transactions that the login may not read are ?, and null in JSON, never none', () => {
  const unknown = { ...list, transactions: { ok: false, why: 'ERROR 1227' } as const };
  expect(processLines('db3', unknown, brief)[0]).toContain('transactions ? (ERROR 1227)');
  expect(processesJson('db3', unknown)).toMatchObject({ transactions: null, transactionsUnknown: 'ERROR 1227' });
  expect(JSON.stringify(processesJson('db3', list))).not.toMatch(/hunter2|undefined/);
});
