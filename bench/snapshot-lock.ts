// How long a snapshot blocks the writers of a real server: the slowest of many single-row inserts while one is taken.
// Three ways are compared: reseed; the usual recipe of blogs (a lock in the background that sleeps for ten seconds);
// lvcreate alone. Needs db1 of the practice fleet: npx reseed drill up db1
import { setTimeout as after } from 'node:timers/promises';
import { figure, median, spread, tell } from './figures.ts';
import { inside, onHost, reseedWords } from './practice.ts';

const host = 'db1';
const rounds = 3;
const beforeMs = 2000;
const schema = 'reseed_bench';

interface Way {
  readonly name: string;
  readonly writeSeconds: number;
  readonly take: () => Promise<unknown>;
}

const lvcreate = 'lvcreate -qq -y -s -L 128M -n bench vg0/mysql';
/**
 * How long lvcreate itself takes, in milliseconds: under a lock writers wait for the whole command, not only for its
 * end.
 */
const lvcreateMs: number[] = [];
const timed = `begun=$(date +%s%3N); ${lvcreate}; echo $(($(date +%s%3N) - begun))`;

const ways: readonly Way[] = [
  { name: 'nothing', writeSeconds: 6, take: async () => undefined },
  { name: 'lvcreate, no lock', writeSeconds: 8, take: async () => lvcreateMs.push(Number(await onHost(host, timed))) },
  {
    name: 'reseed snapshot create',
    writeSeconds: 20,
    take: () => inside(...reseedWords, 'snapshot', 'create', host, '--yes'),
  },
  {
    name: 'lock and SLEEP(10), lvcreate',
    writeSeconds: 20,
    take: () => onHost(host, `mysql -e 'FLUSH TABLES WITH READ LOCK; SELECT SLEEP(10)' & sleep 1; ${lvcreate}; wait`),
  },
];

export async function snapshotLock(): Promise<void> {
  await onHost(host, `mysql <<'SQL'\n${writer}\nSQL`);
  const slowest = new Map<string, number[]>(ways.map(({ name }) => [name, []]));
  try {
    for (let round = 0; round < rounds; round++) {
      for (const way of ways) slowest.get(way.name)?.push(await slowestMs(way));
    }
  } finally {
    await onHost(host, `mysql -e 'DROP DATABASE ${schema}'`);
  }
  const ours = median(slowest.get('reseed snapshot create') ?? []);
  const alone = median(lvcreateMs);
  tell('lvcreate itself takes', figure(alone, `ms (${spread(lvcreateMs)})`));
  for (const [name, samples] of slowest) {
    const own = median(samples);
    const goal = name.startsWith('reseed') ? `goal ${Math.round(alone + 300)} ms (lvcreate + 300)` : '';
    tell(`slowest insert: ${name}`, figure(own, `ms (${spread(samples)})`), figure(own / ours, 'x ours', 2), goal);
  }
}

/** The slowest insert while this way takes a snapshot. The snapshot is removed again. */
async function slowestMs({ writeSeconds, take }: Way): Promise<number> {
  const writing = onHost(host, `mysql -N ${schema} -e 'CALL write_for(${writeSeconds})'`);
  await after(beforeMs);
  await take();
  const told = (await writing).trim();
  const names = await onHost(host, "lvs --noheadings -o lv_name -S 'origin=mysql' vg0");
  for (const name of names.split(/\s+/).filter((word) => /^(bench|reseed-[\w-]+)$/.test(word))) {
    await onHost(host, `lvremove -qq -f vg0/${name}`);
  }
  return Number(told) / 1000;
}

/** Commits one row at a time, and prints its slowest insert in microseconds. */
const writer = `
DROP DATABASE IF EXISTS ${schema};
CREATE DATABASE ${schema};
CREATE TABLE ${schema}.rows_written (id BIGINT AUTO_INCREMENT PRIMARY KEY, note VARCHAR(40));
DELIMITER //
CREATE PROCEDURE ${schema}.write_for(seconds INT)
BEGIN
  DECLARE until DATETIME(6) DEFAULT SYSDATE(6) + INTERVAL seconds SECOND;
  DECLARE begun DATETIME(6);
  DECLARE slowest BIGINT DEFAULT 0;
  WHILE SYSDATE(6) < until DO
    SET begun = SYSDATE(6);
    INSERT INTO ${schema}.rows_written (note) VALUES ('a row');
    SET slowest = GREATEST(slowest, TIMESTAMPDIFF(MICROSECOND, begun, SYSDATE(6)));
  END WHILE;
  SELECT slowest;
END //
DELIMITER ;
`;
