// The seed methods; the one that is proposed first is at the top.
import type { SeedRequest } from '../request.ts';
import { coldCopy } from './cold-copy/cold-copy.ts';
import { lvmSnapshot } from './lvm-snapshot/lvm-snapshot.ts';
import type { SeedMethod } from './method.ts';

export const methods: readonly SeedMethod[] = [lvmSnapshot, coldCopy];

export function methodOf(request: Pick<SeedRequest, 'stopped'>): SeedMethod {
  const found = methods.find((method) => method.isMeant(request));
  if (!found) throw new Error('no method is meant by this request');
  return found;
}
