// A lease whose journal is on a disk that is full.
import { expect, test, vi } from 'vitest';
import type { Journal } from '../../src/job/journal/journal.ts';
import { keepLease } from '../../src/job/lease/held-lease.ts';
import type { Holder } from '../../src/job/lease/lease.ts';

test('a disk that takes neither the lease nor a line of log ends the runner where it works, in words, and not from a clock', async () => {
  const holder: Holder = { key: 'cafe', machine: { name: 'jump1' } };
  const renewLease = vi.fn(() => {
    throw new Error('database or disk is full');
  });
  const journal = { renewLease, leaseHolder: () => holder, endLease: () => undefined } as unknown as Journal;
  const outside = vi.fn();
  process.on('uncaughtException', outside);
  const written = (error: unknown) => {
    throw new Error(`no log either: ${error}`);
  };
  const lease = keepLease(journal, 1, holder, written, 1);
  try {
    await vi.waitFor(() => expect(renewLease.mock.calls.length).toBeGreaterThan(2));
    expect(() => lease.check()).toThrow('no log either: Error: database or disk is full');
    expect(outside).not.toHaveBeenCalled();
    expect(lease.signal.aborted).toBe(false);
  } finally {
    lease.end();
    process.off('uncaughtException', outside);
  }
});
