// The proof of a snapshot: a server that is started on a copy of it has what was committed when the lock was held, all
// of it and nothing else. Writes continue all the time.
import { afterAll, describe, expect, test } from 'vitest';
import { printedOn } from './fleet.ts';
import { done } from './seeding.ts';
import { removeServerOnCopy, type ServerOnCopy, startOnCopy } from './server-on-copy.ts';

const verify = '/usr/local/lib/drill/verify.sh';
const lastRow = 'SELECT id, note, digest FROM drill.ledger ORDER BY id DESC LIMIT 1';

/** The row of the ledger that the last transaction of a GTID position wrote, read from the primary's binary logs. */
async function rowOf(primary: string, position: string): Promise<string> {
  const [, stem = '', last = ''] = /^(.*[:-])(\d+)$/.exec(position) ?? [];
  const transaction = position.includes(':')
    ? `--include-gtids=${stem.replace(/:.*$/, ':')}${last}`
    : `--start-position=${stem}${Number(last) - 1} --stop-position=${position}`;
  const log = await printedOn(
    primary,
    `cd /var/lib/mysql && mysqlbinlog -v --base64-output=decode-rows ${transaction} binlog.0*`,
  );
  const rows = [...log.matchAll(/INSERT INTO `drill`.`ledger`\n### SET\n.*@1=(\d+)\n.*@2='(.*)'\n.*@3='(\w+)'\n/g)];
  if (rows.length !== 1) throw new Error(`${position} wrote ${rows.length} rows of the ledger:\n${log}`);
  return rows[0]?.slice(1).join('\t') ?? '';
}

interface Donor {
  readonly host: string;
  readonly kind: string;
  readonly primary: string;
  /** What the server's own position is asked with. */
  readonly position: string;
}

export function isWhatWasCommitted({ host, kind, primary, position }: Donor): void {
  describe(`a snapshot of ${host} (${kind})`, () => {
    afterAll(async () => {
      await removeServerOnCopy(host);
      await printedOn(host, "mysql -e 'SET GLOBAL innodb_flush_log_at_timeout = 1'");
      await done('clean', host, '--snapshots', `--yes=${host}`);
    });

    test('is, to a server that starts on a copy of it, what was committed when its writers were held', async () => {
      // Committed transactions stay in the engine's memory for longer than the lock is held, unless it has to write
      // them.
      await printedOn(host, "mysql -e 'SET GLOBAL innodb_flush_log_at_timeout = 60'");
      const [, coordinates = ''] =
        /writes blocked for .*; gtid (\S+)$/m.exec(await done('snapshot', 'create', host, '--yes')) ?? [];
      const [{ volume = '' } = {}] = await listed(host);
      await done('snapshot', 'mount', host, volume, '--yes');
      const [{ mountPoints: [mounted = ''] = [] } = {}] = await listed(host);
      const copy = await startOnCopy(host, mounted);

      expect(await copy.sql(`SELECT ${position}`)).toBe(coordinates);
      const row = await rowOf(primary, coordinates);
      expect(await copy.sql(lastRow)).toBe(row);
      const id = Number(row.split('\t')[0]);
      expect(await copy.sql('SELECT COUNT(*), MIN(id) FROM drill.ledger')).toBe(`${id + 1}\t0`);
      expect(await copy.checksums()).toContain('the chain of the ledger\t0 broken links');
      expect(Number((await printedOn(host, `mysql -Nse "${lastRow}"`)).split('\t')[0])).toBeGreaterThan(id);
      await expectWhole(copy, { host, primary, coordinates });
      await removeServerOnCopy(host);

      // Its binary log would have decided a transaction that is only prepared.
      const without = await startOnCopy(host, mounted, '--skip-log-bin');
      expect(await without.sql(lastRow)).toBe(row);
      await removeServerOnCopy(host);
      await done('snapshot', 'unmount', host, volume, '--yes');
      await done('snapshot', 'remove', host, volume, `--yes=${host}`);
      expect(await listed(host)).toEqual([]);
    });
  });
}

const listed = async (host: string): Promise<{ volume: string; mountPoints: string[] }[]> =>
  JSON.parse(await done('snapshot', 'list', host, '--json')).snapshots;

/** Every table is compared: with what was committed after the coordinates, the copy has the server's data. */
async function expectWhole(
  copy: ServerOnCopy,
  { host, primary, coordinates }: { host: string; primary: string; coordinates: string },
): Promise<void> {
  const now = await printedOn(primary, `${verify} hold`);
  try {
    const ofServer = await printedOn(host, `${verify} checksums '${now}'`);
    await copy.replay(coordinates);
    expect(await copy.checksums()).toBe(ofServer);
  } finally {
    await printedOn(primary, `${verify} release`);
  }
}
