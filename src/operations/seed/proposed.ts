// Which of the methods that can be used is proposed, and why; and why each other would be worse. Pure.
import type { SeedMethod } from '../../seed/methods/method.ts';
import { takesOld } from '../../seed/preflight/room.ts';
import { givenBytes } from '../../seed/target/state-places.ts';
import { shortSize } from '../../text/amounts.ts';
import type { SeedWanted } from './draft.ts';

export interface Proposed {
  readonly method: SeedMethod;
  readonly why: string;
}

/** `usable`: in the order in which they are tried. `order`: seed.method of the target, where the inventory has one. */
export function proposedOf(usable: readonly SeedWanted[], order: readonly string[] | undefined): Proposed | undefined {
  const [first] = usable;
  if (!first) return undefined;
  if (order?.includes(first.method.name)) {
    const why =
      order.length === 1 ? 'seed.method names it' : `of seed.method (${order.join(', ')}) the first that can be used`;
    return { method: first.method, why };
  }
  const none = order === undefined ? '' : `none of seed.method (${order.join(', ')}) can be used; `;
  const small = usable.find((one) => one.method.donorRuns === first.method.donorRuns && keepsOld(one));
  const chosen = small ?? first;
  return { method: chosen.method, why: `${none}${small ? smallWords(small) : wordsFor(chosen.method)}` };
}

/** Only what differs is sent, and an abort still finds the old data. */
const keepsOld = (one: SeedWanted) => one.method.comparesOld === true && !takesFiles(one);

const takesFiles = (one: SeedWanted) => one.targets.some((target) => takesOld({ ...one, ...one.terms }, target));

const smallWords = ({ targets }: SeedWanted) =>
  `${targets.map(({ host }) => host.name).join(', ')} has old data to compare with: only what differs is sent`;

function wordsFor({ readsSnapshot, reserve, about }: SeedMethod): string {
  if (readsSnapshot) return 'the server of the donor runs on, and a break goes on where it was';
  return reserve === undefined ? `no snapshot can be copied; ${about}` : `no other method can be used; ${about}`;
}

/** Why a method that can be used is not the proposed one; undefined: what it costs says it (`reserve`). */
export function worseWords(one: SeedWanted, proposed: SeedMethod): string | undefined {
  const { method, donor } = one;
  if (method.name === proposed.name || method.reserve !== undefined) return undefined;
  const bytes = givenBytes(donor.facts);
  if (proposed.comparesOld && !method.comparesOld) {
    return `it would be worse: all is sent${bytes === undefined ? '' : `, ${shortSize(bytes)}`}`;
  }
  if (takesFiles(one)) {
    return 'it would be worse: the old data becomes the new, and nothing of it is left for an undo';
  }
  return method.unpacks || !method.usesChannel ? 'it would be worse: a break in the copy begins it anew' : undefined;
}
