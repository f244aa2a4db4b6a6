import { isWhatWasCommitted } from './snapshot-copy.ts';
import { usesHosts } from './uses.ts';

usesHosts('db1');

isWhatWasCommitted({
  host: 'db1',
  kind: 'classic, ext4, MySQL',
  primary: 'db1',
  position: "REPLACE(@@gtid_executed, '\\n', '')",
});
