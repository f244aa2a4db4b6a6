// Which lock `unlock` takes: that of the server it was asked for.
import { expect, test } from 'vitest';
import { lockOf, unlockSentence } from '../../src/operations/jobs/locks/lock-choice.ts';

const who = 'anna@jump2, since 2026-11-26 18:03:11 UTC';
const ofA = { job: 'cafe', who, datadir: '/srv/a' };
const ofHost = { job: 'beef', who, datadir: '' };

test('the one lock of a host is left to the job of its other server, where the datadir is not known', () => {
  expect(lockOf({ name: 'db-b', datadir: undefined }, [ofA])).toEqual({
    ok: false,
    message: `where the data of db-b lies is not known, and on its host job cafe of ${who} has /srv/a`,
    advice: 'start its server and try again; or, if that is its datadir: reseed unlock db-b --datadir=/srv/a',
  });
  expect(lockOf({ name: 'db-b', datadir: undefined }, [ofHost, ofA])).toMatchObject({ ok: false });
});

test('a lock of the whole host, or of the datadir that is known, is taken', () => {
  expect(lockOf({ name: 'db-b', datadir: undefined }, [ofHost])).toEqual({ ok: true, lock: ofHost });
  expect(lockOf({ name: 'db-a', datadir: '/srv/a' }, [ofA])).toEqual({ ok: true, lock: ofA });
  expect(lockOf({ name: 'db-a', datadir: '/srv/a' }, [])).toEqual({ ok: true });
});

test('the operator agrees to a lock whose datadir is named', () => {
  const needed = new Map([['beef', 7]]);
  expect(unlockSentence('db-a', ofA, { needed })).toBe(
    `db-a is locked by job cafe of ${who}, which has /srv/a: a command of it that runs now goes on, each further one is refused there, and so is its undo`,
  );
  expect(unlockSentence('db-b', ofHost, { needed })).toMatch(
    /which has the whole host: if it still works there, two jobs will$/,
  );
});
