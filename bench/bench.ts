// npm run bench -- NAME... [--json FILE] [--compare FILE]: measures the goals of README's figures. A figure is printed with its
// reference, measured in the same run: milliseconds depend on this machine, so the ratio of the two is what counts.
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { compared, figuresOf, type Run, readRun } from './compare.ts';
import { takeTold } from './figures.ts';
import { machineLine } from './machine.ts';
import { meet, type Needs } from './needs.ts';

interface Bench {
  readonly needs?: Needs;
  readonly measure: () => Promise<void>;
}

const benches: Readonly<Record<string, Bench>> = {
  'first-frame': { measure: async () => (await import('./first-frame.ts')).firstFrame() },
  'five-hundred-hosts': {
    needs: { programs: ['ssh'] },
    measure: async () => (await import('./five-hundred-hosts.ts')).fiveHundredHosts(),
  },
  'at-rest': { measure: async () => (await import('./at-rest.ts')).atRest() },
  frames: { measure: async () => (await import('./frames.ts')).frames() },
  'log-storm': { measure: async () => (await import('./log-storm.ts')).logStorm() },
  'snapshot-lock': {
    needs: { hosts: ['db1'] },
    measure: async () => (await import('./snapshot-lock.ts')).snapshotLock(),
  },
  // Of its pairs of hosts one is enough.
  'seed-methods': {
    needs: { root: true },
    measure: async () => (await import('./seed-methods.ts')).seedMethods(),
  },
  'seed-copy': { needs: { root: true }, measure: async () => (await import('./seed-copy.ts')).seedCopy() },
  journal: { measure: async () => (await import('./journal.ts')).journalQueries() },
  delta: {
    needs: { root: true, programs: ['sshd', 'socat', 'zstd', 'openssl'] },
    measure: async () => (await import('./delta.ts')).deltaCopies(),
  },
  'step-overhead': {
    needs: { hosts: ['db1'] },
    measure: async () => (await import('./step-overhead.ts')).stepOverhead(),
  },
};

const usage = `npm run bench -- NAME... [--json FILE] [--compare FILE]; there are: ${Object.keys(benches).join(', ')}`;
const { names, json, before } = await words();
for (const name of names)
  await meet(benches[name]?.needs ?? {}).catch((error: Error) => refuse(`${name}: ${error.message}`, 1));
const run: Run = { machine: await machineLine(), benches: {} };
process.stdout.write(`${run.machine}\n`);
for (const name of names) {
  process.stdout.write(`\n${name}\n`);
  await benches[name]?.measure();
  run.benches[name] = figuresOf(takeTold());
}
if (json !== undefined) await writeFile(json, `${JSON.stringify(run, null, 2)}\n`);
if (before) process.stdout.write(`\n${compared(before, run).join('\n')}\n`);

/** All that can be wrong with the words is said before anything is measured. */
async function words() {
  try {
    const options = { json: { type: 'string' }, compare: { type: 'string' } } as const;
    const { positionals, values } = parseArgs({ allowPositionals: true, options });
    const unknown = positionals.filter((name) => !(name in benches));
    if (unknown.length > 0) throw new Error(`there is no bench ${unknown.join(', ')}`);
    if (positionals.length === 0) throw new Error('which one?');
    // Measuring takes minutes: the file is tried first.
    if (values.json !== undefined) await writeFile(values.json, '', { flag: 'a' });
    const earlier = values.compare === undefined ? undefined : await readRun(values.compare);
    return { names: positionals, json: values.json, before: earlier };
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error), 2);
  }
}

function refuse(why: string, code: number): never {
  process.stderr.write(`${why}\n${code === 2 ? `${usage}\n` : ''}`);
  process.exit(code);
}
