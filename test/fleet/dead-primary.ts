// A primary that dies while one of its replicas has received less than the other: what the tests of a salvage share.
import { expect } from 'vitest';
import { on, until } from './fleet.ts';
import { done, inside, shown } from './seeding.ts';

export const sql = (host: string, words: string) => on(host, `mysql -Nse "${words}"`);

/** Its server is ended as the kernel does it, and systemd does not start it again. */
export const dies = (host: string, unit: string) =>
  on(host, `systemctl mask --runtime --quiet ${unit} && systemctl kill --signal=KILL ${unit}`);

export const comesBack = (host: string, unit: string) =>
  on(host, `systemctl unmask --runtime --quiet ${unit} && systemctl reset-failed ${unit}; systemctl start ${unit}`);

/** Counts and sums of the sample's tables, as the server has them now. */
export const rowsOf = (host: string) => on(host, "/usr/local/lib/drill/verify.sh checksums ''");

/** The lists of a salvage, as JSON. */
export async function lacked(from: string, to: string, ...more: string[]) {
  const { stdout, exitCode, stderr } = await inside('salvage', from, '--from', to, '--json', ...more);
  if (exitCode !== 0 && exitCode !== 1) throw new Error(stderr);
  return { exitCode, ...JSON.parse(stdout) } as {
    readonly exitCode: number;
    readonly count: number;
    readonly gtids: string;
    readonly log: string;
    readonly missing: string;
    readonly mayBeLacking: string;
    readonly unread: Readonly<Record<string, string>>;
    readonly unfinished: readonly string[];
    readonly odd: readonly string[];
    readonly transactions: readonly { readonly kind: string; readonly text: string }[];
  };
}

export async function salvaged(from: string, to: string, ...more: string[]): Promise<void> {
  const { id } = JSON.parse(await done('salvage', from, to, `--yes=${to}`, '--json', ...more)) as { id: number };
  await done('job', 'attach', String(id));
  expect(await shown(String(id))).toMatchObject({ state: 'done' });
}

/** What a salvage has on a host. */
export const salvageTraces = (host: string) =>
  on(host, 'ls -A /var/lib/reseed/salvage 2>/dev/null; ls -A /run/reseed 2>/dev/null | grep -vxE "lvm|mount"; true');

/** Until the receiver of a replica has these GTIDs: a set. */
export const received = (host: string, gtids: string) =>
  until(
    () =>
      sql(
        host,
        `SELECT GTID_SUBSET('${gtids}', CONCAT_WS(',', RECEIVED_TRANSACTION_SET, @@GLOBAL.gtid_executed)) FROM performance_schema.replication_connection_status`,
      ),
    (is) => is === '1',
  );
