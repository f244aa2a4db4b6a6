// Whole seeds with attackers on both sides: npm test draws one of them, and the walk has all. Each test proves that the attack was made, that no file of root's changed,
// what the job says of it, and that the target is as before once the attacker stops.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as attacker from './attacking.ts';
import { drill, on, onHost, until } from './fleet.ts';
import { begun, done, inside, nothingLeftOn, type Shown, shown, stateOf } from './seeding.ts';

const longMs = 900_000;
const datadirs = { db3: '/srv/mysql/data', db6: '/var/lib/mysql' } as const;
const targets = ['db3', 'db6'] as const;
type Target = (typeof targets)[number];

/** What is expected of a seed to both targets once it has come as far as it can. */
interface Seen {
  readonly id: string;
  readonly job: Shown;
  readonly log: string;
  /** By the donor, and by the account of each target that was hostile. */
  readonly did: string;
  readonly before: Readonly<Record<Target, string>>;
  readonly after: Readonly<Record<Target, string>>;
  readonly readable: string;
}

const ofRoot = async () => ({ db3: await attacker.ofRoot('db3'), db6: await attacker.ofRoot('db6') });

interface Attack {
  readonly accounts: Partial<Record<Target, 'links' | 'link'>>;
  readonly donor: Readonly<Record<string, string>>;
  readonly words?: () => Promise<readonly string[]>;
  readonly meanwhile?: (id: string) => Promise<void>;
}

async function seedUnder({ accounts, donor, words, meanwhile }: Attack): Promise<Seen> {
  const hostile = Object.entries(accounts) as [Target, 'links' | 'link'][];
  await attacker.turnHostile('db2', donor);
  for (const [host, how] of hostile) await attacker.attackAs(host, datadirs[host], how);
  const before = await ofRoot();
  const id = await begun('seed', 'db2', ...targets, '--yes=db3,db6', ...((await words?.()) ?? []));
  await meanwhile?.(id);
  const job = await until(
    () => shown(id),
    ({ state }) => !['planned', 'running', 'releasing'].includes(state),
    longMs,
  );
  const said = await Promise.all([attacker.doneBy('db2'), ...hostile.map(([host]) => attacker.saidBy(host))]);
  const read = await Promise.all(targets.map((host) => attacker.readByAccount(host, datadirs[host])));
  return {
    id,
    job,
    log: await done('job', 'log', id),
    did: said.join('\n'),
    before,
    after: await ofRoot(),
    readable: read.join(''),
  };
}

/** The attackers stop; an abort now undoes what the job could not undo before. */
async function over(id: string, ...hostile: Target[]): Promise<void> {
  await attacker.turnHonest('db2');
  for (const host of hostile) await attacker.endAttack(host, datadirs[host]);
  await inside('job', 'abort', id, `--yes=${id}`);
  for (const host of hostile) await attacker.tidy(host, datadirs[host]);
}

let uuid: string;
const uuidOfDb3 = async () => (await onHost('db3', 'mysql -Nse "SELECT @@server_uuid"')).stdout.trim();
/** To be called in each test: the targets are as before, and no host has anything of the job. */
function isUndone(seen: () => Seen) {
  test('nothing of root’s is another, and the account reads no secret of root’s', () => {
    const { before, after, readable } = seen();
    expect(after).toEqual(before);
    expect(readable).toBe('');
  });

  test('once the attackers stop, an abort undoes all of it', async () => {
    await until(
      () => shown(seen().id),
      ({ state }) => state === 'aborted' || state === 'failed',
    );
    for (const host of targets) await attacker.dropKept(host, datadirs[host]);
    await nothingLeftOn('db2', ...targets);
    await until(uuidOfDb3, (now) => now === uuid);
    expect(await drill('verify', 'db3')).toContain('db3');
    expect(await on('db6', `ls -A ${datadirs.db6}`)).toBe('lost+found');
  });
}

const isOver = (step: string | undefined) => step === 'done' || step === 'failed';

const attacks: readonly (() => void)[] = [
  () =>
    describe('a server’s account that swaps names under a seed, strangers at its listener, a donor that sends more than its key', () => {
      let seen: Seen;
      let standing: number;
      beforeAll(async () => {
        seen = await seedUnder({
          accounts: { db3: 'links' },
          donor: { t1: 'wait', t2: 'key' },
          meanwhile: async (id) => {
            // The donor holds back its first data until the strangers are connected.
            await until(
              () => attacker.doneBy('db2'),
              (did) => did.includes('waits'),
              longMs,
            );
            const strangers = await attacker.besiege(
              '10.77.0.13',
              await on('db3', 'cat /run/reseed/*/at-t1/listener/port'),
              25,
            );
            await attacker.letGo('db2');
            await until(
              () => shown(id),
              (job) => isOver(stateOf(job, 'copy')),
              longMs,
            );
            standing = strangers.standing();
            await strangers.end();
          },
        });
        await over(seen.id, 'db3');
      }, longMs);

      test('the attacks were made', () => {
        expect(standing).toBeGreaterThanOrEqual(15);
        for (const one of [
          'RESEED_IN_PROGRESS',
          'mysqld-auto.cnf',
          'a unit in mysql.service.wants',
          'in the place of',
          'a key with more lines',
        ]) {
          expect(seen.did).toContain(one);
        }
      });

      test('the copy succeeds past the strangers, at its first try', () => {
        expect(stateOf(seen.job, 'verify')).toBe('done');
        expect(seen.log).not.toContain('try 2 of 3');
      });

      test('the job says what was refused, and what is left', () => {
        expect(seen.job.state).toBe('cleanup-needed');
        expect(seen.log).toContain('db2 did not send a key for the channel to db6');
        expect(seen.log).toMatch(
          /\/srv\/mysql\/data\/\.reseed-\w+ is not the folder that job \w+ made: another account has put it there/,
        );
      });

      isUndone(() => seen);
    }),
  () =>
    describe('a donor whose list and tars lead out of the datadir and whose route is a command, a server’s account that puts a link in the place of the job’s folder', () => {
      let seen: Seen;
      beforeAll(async () => {
        seen = await seedUnder({
          accounts: { db6: 'link' },
          donor: { t1: 'tar', t2: 'list', route: 'yes' },
          words: async () => ['--inventory', await attacker.withTlsTo('db3')],
        });
        await over(seen.id, 'db6');
      }, longMs);

      test('the attacks were made', () => {
        for (const one of [
          'a route',
          'a list whose',
          'a tar that lays a link',
          'a tar that writes through',
          'a link in the place of',
        ]) {
          expect(seen.did).toContain(one);
        }
      });

      test('the job says what was refused, and what is left', () => {
        expect(seen.job.state).toBe('cleanup-needed');
        expect(seen.log).toContain('the list of the donor is refused');
        expect(seen.log).toMatch(
          /gave up on db\d: (task \d+ came with what its list does not say|tar: .*Not found in archive)/,
        );
      });

      isUndone(() => seen);
    }),
];
export const attackCount = attacks.length;

/** Registers the tests of these, by their places in the list; to be called once. */
export function attacked(places: readonly number[]): void {
  beforeAll(async () => {
    uuid = await uuidOfDb3();
  });
  afterAll(() => attacker.turnHonest('db2'), longMs);
  for (const place of places) attacks[place]?.();
}
