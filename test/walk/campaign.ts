// npm run test:walk: the whole walk, on a fleet of its own: first all other jobs, then seeds. What it takes is handed on to walk.ts
// and seed-walk.ts: `--only seed`, `--only 'seed db4'` and --faults are for seeds alone, --places and --power for the others.
import { setup, teardown } from '../fleet/bring-up.ts';
import { reseed } from '../fleet/fleet.ts';

const words = process.argv.slice(2);
const ofSeeds = words.some((word) => /^(--only=)?seed\b/.test(word) || word.startsWith('--faults'));
const ofJobs = words.some((word) => /^--(places|power)\b/.test(word));
const walks = [...(ofSeeds ? [] : ['walk.ts']), ...(ofJobs ? [] : ['seed-walk.ts'])];
await setup();
for (const walk of walks) {
  const program = ['node', new URL(walk, import.meta.url).pathname, ...words];
  const { exitCode } = await reseed(['drill', 'exec', '--', ...program], { stdout: 'inherit', stderr: 'inherit' });
  process.exitCode = Math.max(Number(process.exitCode ?? 0), exitCode ?? 1);
}
await teardown();
