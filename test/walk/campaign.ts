// npm run test:walk: all walks, on a fleet of their own: first all other jobs, then seeds, then the tests that take too
// long for `npm test`. Its words go to walk.ts and seed-walk.ts: `--only seed`, `--only 'seed db4'`; --faults and
// --steps are for seeds alone; --power, --at and --fault for the others. With any of these, or --places, the tests are
// left out. A method, or another end of a seed, is walked by one more line in seed-pairs.ts: `npm test` draws one of the first. What
// such a seed has to have in the end, seed-judge.ts asks of the line's terms and method.
import { isUp, setup, teardown } from '../fleet/bring-up.ts';
import { reseed, runs } from '../fleet/fleet.ts';

const words = process.argv.slice(2);
const ofSeeds = words.some((word) => /^(--only=)?seed\b/.test(word) || /^--(faults|steps)\b/.test(word));
const ofJobs = words.some((word) => /^--(power|at|fault)(=|$)/.test(word));
const isPart = ofSeeds || ofJobs || words.some((word) => /^--(only|places)\b/.test(word));
const shown = { stdout: 'inherit', stderr: 'inherit' } as const;
const walks = [...(ofSeeds ? [] : ['walk.ts']), ...(ofJobs ? [] : ['seed-walk.ts'])];
const codes: (number | undefined)[] = [];
await setup();
await isUp();
for (const walk of walks) {
  const program = ['node', new URL(walk, import.meta.url).pathname, ...words];
  codes.push((await reseed(['drill', 'exec', '--', ...program], shown)).exitCode);
}
if (!isPart) codes.push((await tests()).exitCode);
await teardown();
process.exitCode = codes.every((code) => code === 0) ? 0 : 1;

/** On the fleet that is up. */
function tests() {
  const env = { ...process.env, RESEED_KEEP_FLEET: '1' };
  return runs('npx', ['vitest', 'run', '--project', 'walk'], { ...shown, env });
}
