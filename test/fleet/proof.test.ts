// Proofs of restore of a MySQL on a classic snapshot.
import { proofsOf } from './proving.ts';
import { usesHosts } from './uses.ts';

usesHosts('db2');
proofsOf({ host: 'db2', kind: 'classic' });
