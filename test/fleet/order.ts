// The order in which the fleet's test files begin. Three run at a time. A file waits while another has its hosts
// (uses.ts), and then keeps a place from those behind it. One that changes db1, db2 or db3 runs at every moment: they
// take longest together, so no place may be kept by two that wait for them. Those of MariaDB, of db6 alone and of no
// host run beside them. Each says how long it waited: after a change here, look whether one waits long.
import { basename } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const sideBySide = [
  // Of the whole fleet: beside them only what uses no host can run.
  ['screens', 'seed-console', 'whole-fleet', 'bad-input', 'comes-up', 'down'],
  ['jobs', 'snapshot-faults', 'units', 'schedules'],
  ['two-servers', 'probe-mariadb', 'clean', 'commands'],
  ['probe', 'log-mariadb', 'jump-host', 'snapshot-copy', 'status'],
  ['guard', 'sudoers', 'away'],
  ['odd', 'snapshot-copy-mariadb', 'seed-refused', 'seed-walk'],
  ['seed', 'salvage', 'shared-jobs', 'log', 'lvm'],
  ['seed-refused-mariadb', 'seed-dump', 'proof', 'jobs-mariadb', 'seed-mariadb'],
  ['attacks', 'proof-mariadb', 'rows'],
  ['faults', 'faults-mariadb', 'seed-binlog', 'seed-binlog-mariadb'],
  // A primary lists a replica that lost its power until its connection times out: no other file of db4 is behind it.
  ['more-hosts-mariadb', 'job-walk', 'check'],
  // For the same reason no other file of db1 is.
  ['more-hosts-mysql'],
].flat();

export class Order extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ project, moduleId }: TestSpecification) => {
      const name = basename(moduleId, '.test.ts');
      // One that has no place in the list begins first.
      return project.name === 'fleet' ? sideBySide.indexOf(name) : sideBySide.length;
    };
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}
