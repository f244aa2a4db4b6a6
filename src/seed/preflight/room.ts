// Whether the new data fits on a target, and what has to be deleted for it.

import type { SeedRequest, Side } from '../request.ts';
import { emptyServerSpace } from '../system-space.ts';
import { givenBytes } from '../target/state-places.ts';
import { shareFileSystem } from './identity/identity.ts';
import { doubledBytes, type PlaceRoom, placeRooms } from './place-room.ts';

export type Room =
  | {
      readonly known: true;
      /** `beside`: it fits beside the old data. `clear`: it fits once the old data is deleted. `none`: not even then. */
      readonly kind: 'beside' | 'clear' | 'none';
      readonly freeBytes: number;
      /** For all targets that are on the same file system. */
      readonly neededBytes: number;
      readonly oldBytes: number;
      /** The names of these other targets. */
      readonly beside: readonly string[];
      /** On volumes that its redo log, undo tablespaces or doublewrite files have for themselves: `kind` counts them too. */
      readonly places: readonly PlaceRoom[];
    }
  | { readonly known: false; readonly why: string };

/** File systems need more than the sum of the files, and the server writes as soon as it runs. */
const share = 1.05;

/** A dump lies beside the rows while they are loaded: compressed, about a third of the data. */
const dumpShares = { none: 1, zstd: 0.5, auto: 0.5 } as const;

/** What a server that runs there needs for its logs while rows are loaded: seed-load.sh ends the load where less is free. */
export const keptFreeBytes = ({ report: { disk } }: Pick<Side, 'report'>): number =>
  disk?.ok ? Math.min(disk.value.sizeBytes / 20, 1024 ** 3) : 0;

type Asked = Pick<SeedRequest, 'donor' | 'targets' | 'method' | 'compression'>;

/** Whether the files of the old data, which is given up, become those of the new: it is compared with, and there is no room for both. */
export function takesOld(request: Asked, target: Side): boolean {
  const room = spaceFor(request, target);
  return request.method.comparesOld === true && room.known && room.kind === 'clear';
}

export function spaceFor({ donor, targets, method, compression }: Asked, target: Side): Room {
  const { facts } = target;
  const dataBytes = givenBytes(donor.facts);
  if (dataBytes === undefined) return { known: false, why: `the data of ${donor.host.name} could not be counted` };
  if (facts.freeBytes === undefined) return { known: false, why: `there is no ${facts.datadir}` };
  const others = targets.filter((one) => one !== target && shareFileSystem(one, target));
  const shares = share + (method.onlyRows ? dumpShares[compression] : 0);
  const server = emptyServerSpace({ donor, method }, target);
  if (!server.ok) return { known: false, why: server.why };
  const asked = { donor, targets, method };
  const doubled = [target, ...others].reduce((sum, one) => sum + doubledBytes(asked, one), 0);
  const newBytes = (Math.ceil(dataBytes * shares) + server.bytes) * (1 + others.length) + doubled;
  const neededBytes = newBytes + (method.onlyRows ? keptFreeBytes(target) : 0);
  const { freeBytes, dataBytes: oldBytes = 0 } = facts;
  const uncounted = [target, ...others].find((one) => one.facts.dataBytes === undefined);
  if (neededBytes > freeBytes && uncounted) {
    return { known: false, why: `the old data of ${uncounted.host.name} could not be counted` };
  }
  const allOldBytes = others.reduce((sum, one) => sum + (one.facts.dataBytes ?? 0), oldBytes);
  const ofData = neededBytes <= freeBytes ? 'beside' : newBytes <= freeBytes + allOldBytes ? 'clear' : 'none';
  const places = placeRooms(asked, target);
  const all = [ofData, ...places.map((place) => place.kind)];
  const kind = (['none', 'clear'] as const).find((one) => all.includes(one)) ?? 'beside';
  return { known: true, kind, freeBytes, neededBytes, oldBytes, beside: others.map(({ host }) => host.name), places };
}
