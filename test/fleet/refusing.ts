// Seeds that are refused while hosts of the fleet are odd.
import { afterAll, beforeAll, expect } from 'vitest';
import { inside, nothingLeftOn } from './seeding.ts';

/** Everything that is said, of a seed that nobody has to agree to any more. */
export async function refusalOf(...words: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await inside('seed', ...words);
  expect({ exitCode, stderr }).toEqual({ exitCode: 3, stderr: expect.stringMatching(/^reseed: /m) });
  return stdout;
}

export interface Odd {
  readonly make: () => Promise<unknown>;
  readonly heal: () => Promise<unknown>;
  readonly seed: () => Promise<string>;
  /** Of these hosts reseed has nothing afterwards. */
  readonly hosts: readonly string[];
}

/** `said` is what was refused while the hosts were odd. */
export function whileOdd({ make, heal, seed, hosts }: Odd): () => string {
  let said = '';
  beforeAll(async () => {
    await make();
    try {
      said = await seed();
    } finally {
      await heal();
    }
  });
  afterAll(async () => {
    await nothingLeftOn(...hosts);
  });
  return () => said;
}
