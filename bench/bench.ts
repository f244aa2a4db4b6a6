// npm run bench -- NAME...: measures one of the goals of README's figures. A figure is printed with its reference,
// measured in the same run: milliseconds depend on this machine, so the ratio of the two is what counts.
import { machineLine } from './machine.ts';

const benches: Readonly<Record<string, () => Promise<void>>> = {
  'first-frame': async () => (await import('./first-frame.ts')).firstFrame(),
  'five-hundred-hosts': async () => (await import('./five-hundred-hosts.ts')).fiveHundredHosts(),
  'at-rest': async () => (await import('./at-rest.ts')).atRest(),
  'log-storm': async () => (await import('./log-storm.ts')).logStorm(),
  'snapshot-lock': async () => (await import('./snapshot-lock.ts')).snapshotLock(),
  'seed-methods': async () => (await import('./seed-methods.ts')).seedMethods(),
  journal: async () => (await import('./journal.ts')).journalQueries(),
  delta: async () => (await import('./delta.ts')).deltaCopies(),
  'step-overhead': async () => (await import('./step-overhead.ts')).stepOverhead(),
};

const names = process.argv.slice(2);
const unknown = names.filter((name) => !(name in benches));
if (names.length === 0 || unknown.length > 0) {
  process.stderr.write(`npm run bench -- NAME...; there are: ${Object.keys(benches).join(', ')}\n`);
  process.exit(2);
}
process.stdout.write(`${await machineLine()}\n`);
for (const name of names) {
  process.stdout.write(`\n${name}\n`);
  await benches[name]?.();
}
