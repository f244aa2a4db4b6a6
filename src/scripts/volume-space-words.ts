// The words of volume-space.sh.
import { namedWords } from './named-words.ts';

export interface SpaceNamed {
  readonly group: string;
  /** The thin pool; absent: the group's own room. */
  readonly pool?: string | undefined;
}

export const volumeSpaceWords = ({ group, pool = '' }: SpaceNamed): string[] => namedWords({ group, pool });
