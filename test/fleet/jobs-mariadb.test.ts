// Jobs on a real MariaDB host: snapshots.
import { jobsOfSnapshots } from './snapshot-jobs.ts';
import { usesHosts } from './uses.ts';

usesHosts('db4');

jobsOfSnapshots({ host: 'db4', kind: 'thin, MariaDB', coordinates: /gtid 0-\d+-\d+/, locksByStages: true });
