// Proofs of restore of a MariaDB on a thin snapshot.
import { proofsOf } from './proving.ts';
import { usesHosts } from './uses.ts';

usesHosts('db4');
proofsOf({ host: 'db4', kind: 'thin' });
