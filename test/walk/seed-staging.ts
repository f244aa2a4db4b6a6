// What the tests of standalone servers and of sets share: a snapshot with its rows, and servers that are restarted.
import { expect } from 'vitest';
import { on, printedOn, until } from '../fleet/fleet.ts';
import { begun, done } from '../fleet/seeding.ts';

const verify = '/usr/local/lib/drill/verify.sh';

/** A snapshot of a replica, with the checksums of its tables at that moment. `wait`: its statement that waits for a position. */
export async function snapshotOf(donor: string, primary: string, wait: (position: string) => string) {
  const position = await printedOn(primary, `${verify} hold`);
  try {
    expect(await on(donor, `mysql -Nse "${wait(position)}"`)).toBe('0');
    await done('job', 'attach', await begun('snapshot', 'create', donor, '--yes'));
    const name = await on(donor, "lvs --noheadings -o lv_name --sort lv_time | grep -o 'reseed-[^ ]*' | tail -n 1");
    return { name, rows: await printedOn(primary, `${verify} checksums ''`) };
  } finally {
    await printedOn(primary, `${verify} release`);
  }
}

export const rowsOf = (host: string) => printedOn(host, `${verify} checksums ''`);

export async function restarted(host: string, unit: string): Promise<void> {
  await on(host, `systemctl restart ${unit}`);
  await until(
    () => printedOn(host, 'mysql -Nse "SELECT 1" 2>/dev/null || true'),
    (answer) => answer === '1',
  );
}

/** What is written at the primary of a set is read at its member. */
export async function replicates(primary: string, member: string, value: string): Promise<void> {
  await on(
    primary,
    `mysql -Nse "CREATE DATABASE IF NOT EXISTS staging; CREATE TABLE IF NOT EXISTS staging.t (a INT PRIMARY KEY); INSERT INTO staging.t VALUES (${value})"`,
  );
  await until(
    () => printedOn(member, 'mysql -Nse "SELECT MAX(a) FROM staging.t" 2>/dev/null || true'),
    (answer) => answer === value,
  );
}
