// npm run test:walk: the whole walk, on a fleet of its own. What it takes is handed on to walk.ts.
import { setup, teardown } from '../fleet/bring-up.ts';
import { reseed } from '../fleet/fleet.ts';

await setup();
const walk = ['node', new URL('walk.ts', import.meta.url).pathname, ...process.argv.slice(2)];
const { exitCode } = await reseed(['drill', 'exec', '--', ...walk], { stdout: 'inherit', stderr: 'inherit' });
await teardown();
process.exitCode = exitCode ?? 1;
