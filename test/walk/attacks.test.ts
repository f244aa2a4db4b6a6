// Every whole seed under attack; `npm test` draws one.
import { attackCount, attacked } from '../fleet/attacked.ts';
import { usesHosts } from '../fleet/uses.ts';

usesHosts('db1', 'db2', 'db3', 'db6');

attacked([...Array(attackCount).keys()]);
