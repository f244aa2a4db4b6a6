// What a host did not report stays unknown: it is no zero, and no fault.
import { execa } from 'execa';
import { expect, test } from 'vitest';
import type { Section } from '../../src/host/frame.ts';
import type { Answer } from '../../src/host/server/batch.ts';
import { readServer } from '../../src/host/server/server.ts';
import { readService } from '../../src/host/server/service.ts';
import { scriptText } from '../../src/scripts/script.ts';
import { told } from './recordings.ts';

const rows = (values: Readonly<Record<string, string>>): Answer => ({
  rows: Object.entries(values).map(
    ([name, value]) =>
      new Map([
        ['Variable_name', name],
        ['Value', value],
      ]),
  ),
});

/** A MariaDB with three clients, of which the login sees `threads`. */
function longest(threads: string, seconds?: string) {
  const row = new Map([['threads', threads], ...(seconds === undefined ? [] : [['seconds', seconds] as const])]);
  return told(
    readServer(
      new Map<string, Answer>([
        ['variables', rows({ version: '10.11.6-MariaDB', port: '3306', max_connections: '151', server_id: '1' })],
        ['status', rows({ Uptime: '9', Threads_connected: '3', Threads_running: '1' })],
        ['longest', { rows: [row] }],
      ]),
    ),
  ).longestStatementSeconds;
}

test('a login without PROCESS sees itself alone: how long the longest statement runs is not known', () => {
  expect(longest('1')).toBeUndefined();
  expect(longest('2', '4')).toBeUndefined();
  expect(longest('0')).toBeUndefined();
});

test('where every client is seen, the longest statement is known, and so is that none runs', () => {
  expect(longest('3', '17')).toBe(17);
  expect(longest('8')).toBe(0);
});

test.each([
  ['OFF', 'DYNAMIC', 'by hand'],
  ['OFF', 'SQL', 'by hand'],
  ['DISABLED', 'COMMAND_LINE', 'by its start'],
  ['OFF', 'COMMAND-LINE', 'by its start'],
  ['OFF', 'GLOBAL', undefined],
  ['OFF', undefined, undefined],
  ['ON', 'DYNAMIC', undefined],
])('an event scheduler that is %s by %s is off %s', (value, origin, schedulerOff) => {
  const row = new Map([['name', 'event_scheduler'], ...(origin === undefined ? [] : [['origin', origin] as const])]);
  const variables = { version: '9.7.4', port: '3306', server_id: '1', event_scheduler: value };
  const answers = { variables: rows(variables), status: rows({ Uptime: '9' }), origins: { rows: [row] } };
  expect(told(readServer(new Map<string, Answer>(Object.entries(answers)))).schedulerOff).toBe(schedulerOff);
});

/**
 * A server that systemd restarts after a crash. `restarts`: times from the journal in seconds since 1970, the present
 * first.
 */
function service(count: number, restarts: readonly number[]) {
  const unit = [
    'Id=mysql.service',
    'LoadState=loaded',
    'ActiveState=activating',
    'SubState=auto-restart',
    `NRestarts=${count}`,
  ].join('\n');
  const section = (text: string): Section => ({ text, status: '0' }) as Section;
  return told(
    readService(
      new Map([
        ['unit', section(unit)],
        ['restarts', section(restarts.join('\n'))],
      ]),
    ),
  );
}

test('restarts whose times the journal does not tell are no crash loop: they may be weeks apart', () => {
  expect(service(2, [1_795_715_465])).not.toHaveProperty('looping');
  expect(service(2, [1_795_715_465, 1_795_715_400, 1_795_715_460])).toMatchObject({
    looping: { restarts: 2, overSeconds: 60 },
  });
});

test('a journal that told nothing is asked again after a minute, and one that told is not', async () => {
  const body = /^tell_restarts\(\) \{$[\s\S]*?^\}$/m.exec(await scriptText('probe'))?.[0] ?? '';
  const text = `told_restarts='' restart_times='' restarts_again=0 units='Id=mysql.service
NRestarts=2'
say() { printf '%s' "$2" | tail -n +2; }
hard_limit() { echo "asked at $now" >&2; [ "$now" -lt 160 ] || echo 1795715465.169733 db4; }
${body}
for now in 100 101 160 161 400; do tell_restarts; done`;
  const { stderr, stdout } = await execa('sh', ['-c', text]);
  expect(stderr.split('\n')).toEqual(['asked at 100', 'asked at 160']);
  expect(stdout).toContain('1795715465');
});
