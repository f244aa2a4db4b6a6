// Makes the writable copy of a snapshot (snapshot-copy.sh), which is removed at the end of the job.
import { defineStep, noInput, noResult } from '../job/plan/step-work.ts';
import { runOnce } from '../snapshot/run-once.ts';
import { nameOf, type OneSnapshot, snapshotCommand } from '../snapshot/snapshot-commands.ts';
import { shortSize } from '../text/amounts.ts';

interface CopyWish extends OneSnapshot {
  /** The job's key. */
  readonly job: string;
  /** Absent: it is thin. */
  readonly bytes: number | undefined;
}

export const makeCopy = defineStep({
  kind: 'proof-copy',
  input: noInput,
  result: noResult,
  plan: ({ job, bytes, ...one }: CopyWish) => {
    const { host, snapshot } = one;
    const name = nameOf(snapshot);
    return {
      name: `copy of ${name}`,
      title: `make a writable copy of ${name} on ${host.name}: ${bytes === undefined ? 'a thin snapshot of it' : `${shortSize(bytes)} for what is written, and the snapshot itself gets nothing`}`,
      host: host.name,
      input: {},
      commands: {
        run: snapshotCommand(one, 'copy', { job, bytes }),
        remove: snapshotCommand(one, 'uncopy', { job }),
      },
      acquires: {
        what: `the writable copy ${snapshot.group}/reseed-${job}-copy on ${host.name}`,
        release: 'remove',
        whenDone: 'release',
      },
    };
  },
  run: runOnce,
});
