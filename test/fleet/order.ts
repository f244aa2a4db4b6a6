// The order in which the fleet's test files begin. Two run at a time. A file waits while another has its hosts
// (uses.ts), and then keeps a place from those behind it. So neighbours in this list use different hosts, the longest
// first.
import { basename } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const sideBySide = [
  ['faults', 'seed-walk'],
  ['seed', 'faults-mariadb', 'seed-mariadb', 'snapshot-copy-mariadb'],
  ['attacks', 'jobs-mariadb', 'seed-refused-mariadb', 'down', 'bad-input'],
  ['jobs', 'job-walk'],
  ['probe', 'probe-mariadb'],
  ['log', 'log-mariadb'],
  ['two-servers', 'snapshot-faults', 'clean'],
  ['snapshot-copy', 'status'],
  ['guard', 'check'],
  ['seed-stopped', 'seed-refused', 'units'],
  ['seed-binlog', 'seed-binlog-mariadb'],
  ['odd', 'sudoers', 'jump-host', 'commands', 'lvm'],
].flat();
/** After all others: a primary lists a replica that lost its power until its connection times out. */
const last = ['more-hosts-mysql', 'more-hosts-mariadb'];

export class Order extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ project, moduleId }: TestSpecification) => {
      const name = basename(moduleId, '.test.ts');
      if (last.includes(name)) return sideBySide.length + 1;
      const at = project.name === 'fleet' ? sideBySide.indexOf(name) : 0;
      return at < 0 ? sideBySide.length : at;
    };
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}
