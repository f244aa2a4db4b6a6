// Faults that end a seed: it has to undo its changes, or to say what is left. Each is made while the runner stops at a
// place, or in the middle of its work. It ends the job, and brings the hosts back to the state that an operator would
// bring them to.
import { setTimeout as sleep } from 'node:timers/promises';
import { requireHostNamed } from '../../src/drill/hosts.ts';
import { drill } from '../fleet/fleet.ts';
import { startRunner } from './runner.ts';
import { mysqlOrMariadb } from './seed-facts.ts';
import { cutWords, type ReplicationState } from './seed-faults.ts';
import type { Pair } from './seed-pairs.ts';
import { comeTo, type Place, span } from './seed-place.ts';

export interface Ending {
  readonly end: (standing: ReplicationState) => Promise<void>;
  /**
   * The steps between which it makes sense: from the end of the first one's work to the end of the last one's. Absent:
   * everywhere.
   */
  readonly between?: (pair: Pair) => readonly [string, string] | undefined;
  /** It waits for minutes before it gives up. */
  readonly slow?: true;
}

/** A copy gives a silent target six minutes, and a step a silent host ten. */
export const endingMs = 40 * 60_000;

/**
 * A server that starts waits for room by itself, and the step waits for it. By then an operator has read the message,
 * and makes room.
 */
const untilFreedMs = 8 * 60_000;

export const endings: Readonly<Record<string, Ending>> = {
  abort: {
    end: async (standing) => {
      await into(standing);
      standing.stage.store.journal.requestAbort(standing.job.id);
      await standing.runner.finish();
    },
  },
  'kill and abort': {
    end: async (standing) => {
      const { stage, job, runner } = standing;
      await into(standing);
      await runner.kill();
      stage.store.journal.requestAbort(job.id);
      await startRunner(job.id, endingMs).finish();
    },
  },
  'disk full': {
    slow: true,
    end: async (standing) => {
      const { target } = standing.stage.pair;
      await into(standing);
      await drill('fault', 'fill-disk', target);
      const ended = standing.runner.finish();
      await Promise.race([ended, sleep(untilFreedMs, undefined, { ref: false })]);
      await drill('heal', target);
      await ended;
      await standing.stage.scene('target').run(unkept, [requireHostNamed(target).disk.datadir]);
    },
  },
  'snapshot overflow': {
    between: ({ donor, method, thin }) => (thin || !method.readsSnapshot ? undefined : [`snapshot ${donor}`, 'verify']),
    end: async (standing) => {
      const donor = standing.stage.scene('donor');
      await into(standing);
      await donor.run(overflow);
      await standing.runner.finish();
      await donor.run(dried);
    },
  },
  'cut for good': {
    slow: true,
    end: async (standing) => {
      const [host, ...words] = cutWords(standing.stage);
      await into(standing);
      await drill('fault', 'cut', host, ...words);
      await standing.runner.finish();
      await drill('heal', host);
    },
  },
  'server by hand': {
    between: ({ target }) => [`stop ${target}`, `start ${target}`],
    end: async (standing) => {
      const target = standing.stage.scene('target');
      await into(standing);
      await target.run(byHand, [standing.place.midst ? '0' : '1']);
      await standing.runner.finish();
      await target.run(handOff);
      await target.serve('up');
    },
  },
};

/** The places where an ending makes sense. */
export function placesFor({ between }: Ending, pair: Pair, places: readonly Place[]): Place[] {
  if (!between) return [...places];
  const bounds = between(pair);
  return bounds ? span(places, `${bounds[0]}: worked`, `${bounds[1]}: worked`) : [];
}

const into = ({ place, runner, stage }: ReplicationState) => comeTo(place, runner, stage.random);

// Where the datadir is a mount point, what fills it came after the swap: the undo keeps it, says so, and heal no longer finds it. The next seed
// is refused while it lies there.
const unkept = `
for folder in "$1"/.kept-by-reseed-*; do
  [ -e "$folder/drill-fill" ] || continue
  rm -f "$folder/drill-fill"
  rmdir --ignore-fail-on-non-empty "$folder"
done`;

// More is written than the snapshot has room for, and there is no room to extend it.
const overflow = `
export LVM_SUPPRESS_FD_WARNINGS=1 PATH=$PATH:/usr/sbin:/sbin
set -- $(lvs --noheadings --units m --nosuffix -o vg_name,lv_name,lv_size -S 'lv_tags=reseed')
[ $# = 3 ] || exit 1
lvcreate -qq -y -n walk-filler -l 100%FREE "$1" || exit 1
dd if=/dev/urandom of=/var/lib/mysql/walk-overwrite bs=1M count=$((\${3%.*} + 32)) conv=fsync status=none || exit 1
case $(lvs --noheadings -o lv_attr "$1/$2" 2>/dev/null | tr -d ' ') in ????I* | '') exit 0 ;; esac
exit 1`;
const dried = `
export LVM_SUPPRESS_FD_WARNINGS=1 PATH=$PATH:/usr/sbin:/sbin
rm -f /var/lib/mysql/walk-overwrite
group=$(lvs --noheadings -o vg_name -S lv_name=walk-filler | tr -d ' ')
lvremove -qq -f "$group/walk-filler"`;

// Started by hand, without systemctl. During the swap of old and new data it may not come up: $1 is 0 there.
const byHand = `
PATH=$PATH:/usr/sbin
${mysqlOrMariadb}
server=$(command -v mariadbd || command -v mysqld)
install -d -o mysql /run/mysqld
setsid "$server" --user=mysql </dev/null >/dev/null 2>&1 &
tries=0
until mysql -e 'SELECT 1' >/dev/null 2>&1; do
  sleep 0.5
  tries=$((tries + 1))
  [ $tries -lt 40 ] || exit "$1"
done`;
const handOff = `
for pid in $(pgrep -x 'mysqld|mariadbd'); do
  grep -qE '/(mysql|mariadb)\\.service' "/proc/$pid/cgroup" || kill "$pid"
done
until ! pgrep -x 'mysqld|mariadbd' >/dev/null || systemctl is-active --quiet mysql mariadb; do sleep 0.3; done`;
