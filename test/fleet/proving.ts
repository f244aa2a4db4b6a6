// Proofs of restore on a real host of either vendor.
import { afterAll, describe, expect, test } from 'vitest';
import { on, until } from './fleet.ts';
import { begun, done, inside, killedIn, nothingLeftOn, shown } from './seeding.ts';

interface Proved {
  readonly host: string;
  readonly kind: string;
}
interface Listed {
  readonly group: string;
  readonly volume: string;
  readonly restores: { readonly tookMs: number } | null;
}

export function proofsOf({ host, kind }: Proved): void {
  const snapshots = async (): Promise<Listed[]> => JSON.parse(await done('snapshot', 'list', host, '--json')).snapshots;
  const ended = (id: string) =>
    until(
      () => shown(id),
      ({ state }) => ['done', 'failed', 'aborted', 'cleanup-needed'].includes(state),
      // Of a machine under load: a server that recovers a damaged page waited for five minutes.
      400_000,
    );

  describe(`a proof of restore of ${host} (${kind})`, () => {
    afterAll(async () => {
      for (const { volume } of await snapshots()) await done('snapshot', 'remove', host, volume, `--yes=${host}`);
    });

    test('goes on after its runner was killed, marks the snapshot, and leaves nothing else', async () => {
      await done('snapshot', 'create', host, '--yes');
      const id = await begun('proof', host, '--yes');
      await killedIn(id, 'prove');
      await done('job', 'resume', id);
      expect(await ended(id)).toMatchObject({ state: 'done' });
      const [snapshot, ...others] = await snapshots();
      expect(snapshot?.restores?.tookMs).toBeGreaterThan(0);
      expect(others).toEqual([]);
      const [proof] = JSON.parse(await done('report', 'proof', host, '--json')).proofs;
      expect(proof).toMatchObject({ host, result: 'proved', snapshot: `${snapshot?.group}/${snapshot?.volume}` });
      expect(proof.proved.rows).toBeGreaterThan(1000);
      expect(proof.proved.tables.checked).toBe(proof.proved.tables.all);
      expect(await on(host, 'pgrep -cx "mysqld|mariadbd"; ls /dev/mapper | grep -c copy; true')).toBe('1\n0');
      expect((await inside('snapshot', 'prune', host, '--keep', '0', '--yes')).stdout).toContain(
        'no snapshot to remove',
      );
    }, 600_000);

    test('of a snapshot with a damaged table fails, and takes its mark for no proof', async () => {
      const [{ group, volume }] = (await snapshots()) as [Listed];
      const device = `/dev/${group}/${volume}`;
      await on(
        host,
        `set -e; [ -b ${device} ] || lvchange -ay -K ${group}/${volume}; mkdir -p /root/damaged; mount ${device} /root/damaged
         dd if=/dev/urandom of=/root/damaged/drill/ledger.ibd bs=16384 seek=3 count=3 conv=notrunc 2>/dev/null
         umount /root/damaged; rmdir /root/damaged`,
      );
      const id = await begun('proof', host, '--snapshot', volume, '--yes');
      const job = await ended(id);
      expect(job.state).toBe('failed');
      // Its table is written to: where a page that recovery needs is damaged, the server does not start.
      expect(job.error).toMatch(/is not proved: ./);
      const [proof] = JSON.parse(await done('report', 'proof', host, '--json')).proofs;
      expect(proof).toMatchObject({ result: 'failed' });
      await done('snapshot', 'remove', host, volume, `--yes=${host}`);
      await nothingLeftOn(host);
    }, 600_000);
  });
}
