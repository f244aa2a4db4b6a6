// A whole seed under attack: one of those of the walk, as a printed random number chooses.
import { drawn, randomFrom } from '../walk/random.ts';
import { attackCount, attacked } from './attacked.ts';
import { usesHosts } from './uses.ts';

usesHosts('db1', 'db2', 'db3', 'db6');

const seed = Number(process.env.RESEED_WALK_SEED ?? Date.now() % 1_000_000);
process.stdout.write(`attacks: seed ${seed}\n`);
attacked(drawn([...Array(attackCount).keys()], 1, randomFrom(seed)));
