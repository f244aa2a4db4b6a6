// The room on volumes of their own for redo log, undo tablespaces, doublewrite files and Aria log: the swap copies the new files there, and the old
// ones stay beside them until the job's end. Pure.
import type { OutsidePlace, SeedFacts } from '../facts.ts';
import type { SeedRequest, Side } from '../request.ts';
import { titleOf } from '../target/place-titles.ts';
import { areOneMachine } from './identity/identity.ts';

export interface PlaceRoom {
  /** `the redo log in /srv/redo` */
  readonly what: string;
  readonly kind: 'beside' | 'clear' | 'none';
  readonly freeBytes: number;
  readonly neededBytes: number;
}

type Asked = Pick<SeedRequest, 'donor' | 'targets' | 'method'>;

/** Of the volumes that a target's places have for themselves, one each. Those of which df told nothing are left out. */
export function placeRooms(request: Asked, target: Side): readonly PlaceRoom[] {
  const neighbours = request.targets.filter((one) => one === target || areOneMachine(one, target));
  const volumes = Map.groupBy(
    filledPlaces(target.facts).filter((place) => !isWithDatadir(target.facts, place) && place.freeBytes !== undefined),
    ({ device }) => device,
  );
  return [...volumes].map(([device, places]) => {
    const there = neighbours.flatMap((side) =>
      filledPlaces(side.facts)
        .filter((place) => place.device === device)
        .map((place) => ({ place, side })),
    );
    const neededBytes = there.reduce((sum, { place }) => sum + neededFor(request, place), 0);
    const oldBytes = there.reduce((sum, { place }) => sum + place.bytes, 0);
    const freeBytes = Math.min(...places.map((place) => place.freeBytes ?? 0));
    const what = places.map(({ kind, path }) => `${titleOf(kind)} in ${path}`).join(' and ');
    // Its old files stay until the end where they are compared with.
    const isCleared = !request.method.comparesOld && neededBytes <= freeBytes + oldBytes;
    return { what, kind: neededBytes <= freeBytes ? 'beside' : isCleared ? 'clear' : 'none', freeBytes, neededBytes };
  });
}

/** What places on the file system of the datadir need there once more, while they are copied out of the new data. */
export const doubledBytes = (request: Asked, { facts }: Side): number =>
  filledPlaces(facts)
    .filter((place) => isWithDatadir(facts, place))
    .reduce((sum, place) => sum + neededFor(request, place), 0);

const kinds = new Set(['redo', 'undo', 'doublewrite', 'aria']);
/** By copy_to_place() of stage-places.sh. */
const filledPlaces = ({ outside }: SeedFacts) => outside.filter(({ kind }) => kinds.has(kind));
const isWithDatadir = ({ device }: SeedFacts, place: OutsidePlace) =>
  place.withDatadir || (place.device !== undefined && place.device === device);

/** The started server makes its redo log and its doublewrite files as large as its own options say: as large as they are. */
function neededFor({ donor, method }: Asked, { kind, bytes }: OutsidePlace): number {
  const given = method.onlyRows ? 0 : bytesOf(donor.facts, kind);
  if (kind === 'undo' || kind === 'aria') return given;
  const areCopied = method.usesChannel && method.unpacks === undefined;
  return areCopied ? Math.max(given, bytes) : bytes;
}

/** What a server has of a kind, in its datadir or not. */
const bytesOf = ({ outside, insideBytes }: SeedFacts, kind: string): number =>
  outside.filter((place) => place.kind === kind).reduce((sum, { bytes }) => sum + bytes, insideBytes[kind] ?? 0);
