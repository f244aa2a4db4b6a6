// A MariaDB that can not get its source again without a copy: refused with the reason. `npm test` has a MySQL in that state.
import { describe } from 'vitest';
import { reattaching } from '../fleet/reattaching.ts';
import { usesHosts } from '../fleet/uses.ts';

usesHosts('db4', 'db5');

describe('db5, a replica of db4', () => {
  const { errantIsRefused, purgedIsRefused } = reattaching({
    primary: 'db4',
    target: 'db5',
    replica: 'SLAVE',
    errant: 'CREATE DATABASE errant',
    account: 'master.info',
  });
  errantIsRefused();
  purgedIsRefused();
});
