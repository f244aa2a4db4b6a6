// Seeds that are refused while hosts of the fleet have an unusual state.
import { afterAll, beforeAll, expect } from 'vitest';
import { inside, nothingLeftOn } from './seeding.ts';

/** The whole output of a seed that would begin without a question. */
export async function refusalOf(...words: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await inside('seed', ...words);
  expect({ exitCode, stderr }).toEqual({ exitCode: 3, stderr: expect.stringMatching(/^reseed: /m) });
  return stdout;
}

export interface Odd {
  readonly make: () => Promise<unknown>;
  readonly heal: () => Promise<unknown>;
  readonly seed: () => Promise<string>;
  /** Reseed leaves nothing on these hosts. */
  readonly hosts: readonly string[];
}

/** `said` is the refusal while the hosts had that state. */
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
