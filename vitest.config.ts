import { defineConfig } from 'vitest/config';
import { Order } from './test/fleet/order.ts';
import { Tally } from './test/tally.ts';

/** What a test waits for comes when the machine has time for it: a second is no bound. */
const patient = { poll: { timeout: 30_000 } };

export default defineConfig({
  test: {
    reporters: ['default', new Tally()],
    sequence: { sequencer: Order },
    projects: [
      {
        test: {
          name: 'unit',
          expect: patient,
          sequence: { groupOrder: 1 },
          // A file of the remote project works half of its time, and waits for the rest: three keep two cores busy.
          maxWorkers: 3,
          // Many start a program, on a machine that a fleet may be loading.
          testTimeout: 120_000,
          hookTimeout: 120_000,
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: [
            'test/fleet/**',
            'test/walk/**',
            'test/remote/**',
            'test/job/**',
            'test/copy/**',
            'test/examples/**',
            'test/history/**',
          ],
        },
      },
      {
        test: {
          name: 'remote',
          expect: patient,
          // On real sshds of loopback, and with real runners that are killed. Noticing a dead line takes its seconds.
          sequence: { groupOrder: 1 },
          maxWorkers: 3,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          include: ['test/{remote,job,copy,examples,history}/**/*.test.ts'],
          globalSetup: ['test/remote/needs.ts'],
        },
      },
      {
        test: {
          name: 'fleet',
          expect: patient,
          // After the others: the fleet comes up while they run.
          sequence: { groupOrder: 2 },
          include: ['test/fleet/**/*.test.ts'],
          globalSetup: ['test/fleet/bring-up.ts'],
          // Every test file changes hosts of the one fleet that the run brought up; those that change others run beside it.
          // Order says which; of three, one mostly waits for its hosts.
          maxWorkers: 3,
          testTimeout: 480_000,
          hookTimeout: 240_000,
        },
      },
      {
        test: {
          name: 'walk',
          // No part of `npm test`: what reseed waits for there takes minutes. test/walk/campaign.ts runs it.
          sequence: { groupOrder: 3 },
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
