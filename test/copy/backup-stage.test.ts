// What the lock of a MariaDB waits for, on a real one: reseed looks at no statement before it.
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { lockWords } from '../../src/snapshot/lock-words.ts';
import { openServer, type Server } from '../history/server.ts';

let server: Server;
beforeAll(async () => {
  server = await openServer();
  await server.sql(`CREATE DATABASE shop;
    CREATE TABLE shop.orders (id INT PRIMARY KEY) ENGINE = InnoDB; INSERT INTO shop.orders VALUES (1);
    CREATE TABLE shop.notes (id INT) ENGINE = MyISAM;`);
}, 120_000);
afterAll(() => server.remove());

const { lock, unlock } = lockWords({ vendor: 'mariadb', version: '10.11.19' });
const locked = () => server.sql(`SET SESSION lock_wait_timeout = 5; ${lock}; SELECT 'locked'; ${unlock};`);

/** Runs `sql` until the work is over. */
async function beside<T>(sql: string, work: () => Promise<T>): Promise<T> {
  const running = server.sql(sql).catch(() => undefined);
  const id = await vi.waitFor(
    async () => {
      const found = await server.sql(
        "SELECT ID FROM information_schema.PROCESSLIST WHERE INFO LIKE '%SLEEP(300)%' AND ID <> CONNECTION_ID()",
      );
      expect(found).toMatch(/^\d+$/);
      return found;
    },
    { timeout: 20_000, interval: 100 },
  );
  try {
    return await work();
  } finally {
    await server.sql(`KILL ${id}`);
    await running;
  }
}

test.each([
  ['a query that runs for long', 'SELECT id, SLEEP(300) FROM shop.orders'],
  ['an open transaction that has written', 'BEGIN; INSERT INTO shop.orders VALUES (2); SELECT SLEEP(300)'],
  ['a long write into InnoDB', 'INSERT INTO shop.orders SELECT 3 + SLEEP(300)'],
])('is not %s: it is had at once', async (_, sql) => {
  const beganMs = Date.now();
  expect(await beside(sql, locked)).toBe('locked');
  expect(Date.now() - beganMs).toBeLessThan(5000);
});

test.each([
  ['a long write into a table without transactions', 'INSERT INTO shop.notes SELECT SLEEP(300)'],
  ['LOCK TABLES of such a table', 'LOCK TABLES shop.notes WRITE; SELECT SLEEP(300)'],
])('is %s, for as long as lock_wait_timeout allows', async (_, sql) => {
  const beganMs = Date.now();
  await expect(beside(sql, locked)).rejects.toThrow(/ERROR 1205 .*Lock wait timeout exceeded/);
  expect(Date.now() - beganMs).toBeLessThan(15_000);
});
