// A proof of restore of a practice host, as it was recorded.
import type { LogicalVolume } from '../../src/host/facts.ts';
import type { ProofRequest } from '../../src/proofs/request.ts';
import { side } from '../seed/sides.ts';

/** With the tools that the recorded hosts were not asked for. */
export const ableSide: typeof side = (name, facts = {}, report = {}) =>
  side(name, { tools: [...side(name).facts.tools, 'unshare', 'mountpoint', 'chroot'], ...facts }, report);

export const proofOf = (name: string, more: Partial<ProofRequest> = {}): ProofRequest => ({
  side: ableSide(name),
  job: '9f3a4c21',
  who: { account: 'ops', jumpHost: 'jump1' },
  nowMs: Date.UTC(2026, 10, 22, 19, 30, 47),
  ...more,
});

/** A snapshot of the datadir of db2, which is classic. */
export const classic = (volume: string, more: Partial<LogicalVolume> = {}): LogicalVolume => ({
  group: 'vg0',
  volume,
  uuid: `uuid-${volume}`,
  kind: 'snapshot',
  sizeBytes: 200 * 1024 ** 2,
  attributes: 'swi-a-s---',
  tags: ['reseed', 'reseed-proved'],
  createdSeconds: Date.UTC(2026, 10, 22, 18) / 1000,
  origin: 'mysql',
  valid: true,
  active: true,
  mountPoints: [],
  ...more,
});
