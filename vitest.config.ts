import { defineConfig } from 'vitest/config';
import { Tally } from './test/tally.ts';

export default defineConfig({
  test: {
    reporters: ['default', new Tally()],
    projects: [
      {
        test: {
          name: 'unit',
          sequence: { groupOrder: 0 },
          // Many start a program, on a machine that a fleet may be loading.
          testTimeout: 30_000,
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: ['test/fleet/**', 'test/walk/**', 'test/remote/**', 'test/job/**', 'test/copy/**'],
        },
      },
      {
        test: {
          name: 'remote',
          // On real sshds of loopback, and with real runners that are killed. Noticing a dead line takes its seconds.
          sequence: { groupOrder: 0 },
          testTimeout: 30_000,
          include: ['test/{remote,job,copy}/**/*.test.ts'],
        },
      },
      {
        test: {
          name: 'fleet',
          // Apart from the others: what is measured on hosts should not share the machine with them.
          sequence: { groupOrder: 1 },
          include: ['test/fleet/**/*.test.ts'],
          globalSetup: ['test/fleet/bring-up.ts'],
          // Every test file changes the one fleet that the run brought up.
          fileParallelism: false,
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
      {
        test: {
          name: 'walk',
          // No part of `npm test`: what reseed waits for there takes minutes. test/walk/campaign.ts runs it.
          sequence: { groupOrder: 2 },
          include: ['test/walk/**/*.test.ts'],
          globalSetup: ['test/fleet/bring-up.ts'],
          fileParallelism: false,
          testTimeout: 480_000,
          hookTimeout: 240_000,
        },
      },
    ],
  },
});
