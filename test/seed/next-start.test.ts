// What a plan says of a server that runs and whose option files were changed since its start.
import { expect, test } from 'vitest';
import { readNextStart } from '../../src/seed/preflight/data/next-start.ts';
import { donorChecks } from '../../src/seed/preflight/donor-checks.ts';
import { targetChecks } from '../../src/seed/preflight/target-checks.ts';
import { request, side } from './sides.ts';

const readFrom = (text: string) => {
  const rows = text.split('\n').map((line) => [line.split(' ')[0], line.replace(/^\S+ /, '')]);
  return readNextStart((name) => rows.filter(([first]) => first === name).map(([, rest = '']) => rest));
};
const changed = readFrom(
  'next_start asked\nnow_at undo /var/lib/mysql\nnext_at undo /srv/un do\nnext_at binlog /x/binlog',
);

const said = (nextStart: ReturnType<typeof readNextStart>) => {
  const more = nextStart ? { nextStart } : {};
  const donor = side('db1', more);
  const target = side('db3', more);
  const ofThis = ({ text }: { text: string }) => /option files|after a restart/.test(text);
  const asked = request(donor, [target]);
  return { donor: donorChecks(asked, []).filter(ofThis), target: targetChecks(asked, target).filter(ofThis) };
};

test('a target whose undo directory was changed in its option file while it ran is refused with both places', () => {
  const { target } = said(changed);
  expect(target.map(({ level, text }) => `${level} ${text}`)).toEqual([
    'refuse undo tablespaces of db3: /var/lib/mysql now, /srv/un do after a restart: its options were changed since its start',
    'refuse binary logs of db3: none now, /x/binlog after a restart: its options were changed since its start',
  ]);
  expect(target[0]?.advice).toContain('reseed restart db3');
});

test('a donor so changed is warned of: its data is copied as the running server has it', () => {
  expect(said(changed).donor.map(({ level }) => level)).toEqual(['warn', 'warn']);
});

test('what its program does not say is unknown, and refuses nothing', () => {
  const unread = said(readFrom('next_start unread mysqld did not say within 40 s what it reads'));
  expect(unread.target).toMatchObject([
    { level: 'unknown', text: expect.stringContaining('unknown, mysqld did not say within 40 s') },
  ]);
  const kind = said(readFrom('next_start asked\nnext_unknown keyring'));
  expect(kind.target).toMatchObject([{ level: 'unknown', text: expect.stringContaining('its keyring') }]);
});

test('a server whose option files say what it has passes; of one that is down nothing is said', () => {
  expect(said(readFrom('next_start asked')).target).toMatchObject([{ level: 'pass' }]);
  expect(said(undefined)).toEqual({ donor: [], target: [] });
});
