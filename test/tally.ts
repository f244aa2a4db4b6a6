// The last line of a test run: how many tests there were. CI searches for it, and so notices a run without tests. And
// what each file cost, in ~/.cache/reseed/test-costs.tsv: what makes `npm test` long is looked up there after a run.
import { mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, relative } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';

const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'reseed');

/** Seconds of its tests and hooks, a file each, the longest first; a file of the fleet's with its wait for hosts. */
function costsOf(modules: readonly TestModule[]): string {
  const costs = modules
    .map((module) => ({ module, ms: module.diagnostic().duration }))
    .toSorted((a, b) => b.ms - a.ms)
    .map(({ module, ms }) => {
      const tests = [...module.children.allTests()].length;
      return `${(ms / 1000).toFixed(1)}\t${tests}\t${module.project.name}\t${relative('.', module.moduleId)}`;
    });
  return `${['seconds\ttests\tproject\tfile', ...costs].join('\n')}\n`;
}

export class Tally implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    mkdirSync(cache, { recursive: true });
    // Of a few files no run's costs are told.
    if (modules.length > 20) writeFileSync(join(cache, 'test-costs.tsv'), costsOf(modules));
    const counts = { passed: 0, failed: 0, skipped: 0 };
    for (const module of modules) {
      const states = [...module.children.allTests()].map((test) => test.result().state);
      for (const state of states) counts[state === 'pending' ? 'skipped' : state]++;
      // A file that can't be loaded fails without a test.
      if (module.state() === 'failed' && !states.includes('failed')) counts.failed++;
    }
    counts.failed += errors.length;
    const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
    process.stdout.write(`\ntests: ${counts.passed} passed, ${counts.failed} failed${skipped}\n`);
  }
}
