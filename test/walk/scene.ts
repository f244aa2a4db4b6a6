// A host of the fleet for a walk: brought to the state that a job starts from, without a job of reseed.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Remote } from '../../src/remote/remote.ts';
import { type Facts, factsOf } from './facts.ts';

export interface Scene {
  /** What a command printed; it has to succeed. */
  run(script: string, args?: readonly string[]): Promise<string>;
  facts(): Promise<Facts>;
  /** Nothing of reseed stands. */
  clear(): Promise<void>;
  serve(state: 'up' | 'down'): Promise<void>;
  /** One proved snapshot, or none. */
  stand(state: { readonly snapshot: boolean; readonly mounted: boolean }): Promise<void>;
  /** The leftovers of a job that was lost with its journal. */
  litter(): Promise<void>;
}

const away = `
export PATH=$PATH:/usr/sbin:/sbin LVM_SUPPRESS_FD_WARNINGS=1
rm -f /usr/local/bin/lvcreate
findmnt -rn -o TARGET | grep '^/run/reseed' | while read -r folder; do umount "$folder"; done
lvs --noheadings -o vg_name,lv_name,lv_tags | while read -r group name tags; do
  case ,$tags, in *,reseed,*) lvremove -qq -f "$group/$name" || exit 1 ;; esac
done
rm -rf /run/reseed /var/lib/reseed/snapshots/*`;

const stood = `
name=reseed-5eed0000-stands
lvcreate -qq -y -s -n $name -L 16M --addtag reseed --addtag reseed-job=5eed0000 --addtag reseed-proved vg0/mysql
mkdir -p /var/lib/reseed/snapshots && echo 'locked_ms 0' >/var/lib/reseed/snapshots/$name
if [ "$1" = mounted ]; then
  mkdir -p /run/reseed/mount/$name && mount -o ro,noload /dev/vg0/$name /run/reseed/mount/$name
fi`;

const littered = `
name=reseed-5eed0001-lost
lvcreate -qq -y -s -n $name -L 16M --addtag reseed --addtag reseed-job=5eed0001 vg0/mysql
mkdir -p /run/reseed/mount/$name /run/reseed/taking-5eed0001-abcdef /var/lib/reseed/snapshots
mount -o ro,noload /dev/vg0/$name /run/reseed/mount/$name
printf '5eed0001\\nanna@jump2, since noon\\n' >/run/reseed/lock
touch /var/lib/reseed/snapshots/reseed-5eed0002-gone`;

const served = `
unit=mysql; systemctl cat mysql >/dev/null 2>&1 || unit=mariadb
if [ "$1" = up ]; then systemctl start $unit; else systemctl stop $unit; fi`;

export function sceneOn(remote: Remote): Scene {
  // A lost connection is one of the faults: each of these scripts may be run again.
  const run = async (script: string, args: readonly string[] = []) => {
    for (let tries = 1; ; tries++) {
      const answer = await remote.exec(script, args, { deadlineMs: 120_000 });
      if (answer.ok) return answer.stdout;
      if (answer.kind !== 'unreachable' || tries === 8) {
        throw new Error(`on ${remote.host}: ${answer.message}: ${answer.printed}`);
      }
      await sleep(3000);
    }
  };
  const clear = async () => {
    await run(away);
  };
  return {
    run,
    clear,
    facts: () => factsOf(run),
    serve: async (state) => {
      await run(served, [state]);
    },
    stand: async ({ snapshot, mounted }) => {
      await run(snapshot ? away + stood : away, [mounted ? 'mounted' : '']);
    },
    litter: async () => {
      await run(away + littered);
    },
  };
}
