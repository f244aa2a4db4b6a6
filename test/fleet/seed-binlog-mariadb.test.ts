// A MariaDB that lost its replication and not its data. It is the only replica of its source. The walk has what is refused.
import { describe } from 'vitest';
import { reattaching } from './reattaching.ts';
import { usesHosts } from './uses.ts';

usesHosts('db4', 'db5');

describe('db5, a replica of db4', () => {
  const { catchesUp } = reattaching({
    primary: 'db4',
    target: 'db5',
    replica: 'SLAVE',
    errant: 'CREATE DATABASE errant',
    account: 'master.info',
  });
  catchesUp();
});
