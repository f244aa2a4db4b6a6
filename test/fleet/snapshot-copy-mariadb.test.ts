import { isWhatWasCommitted } from './snapshot-copy.ts';
import { usesHosts } from './uses.ts';

usesHosts('db4', 'db5');

for (const [host, kind] of [
  ['db4', 'thin, MariaDB'],
  ['db5', 'MariaDB, through its jump host'],
] as const) {
  isWhatWasCommitted({ host, kind, primary: 'db4', position: '@@gtid_binlog_pos' });
}
