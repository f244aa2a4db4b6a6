// What a host is owed, and what stands there.
import type { Acquisition } from './plan.ts';

/** Plans of builds that did not write it down have it in their words alone: here they are read, and nowhere else. */
export const isOwed = ({ isOwed: told, what }: Acquisition): boolean => told ?? what.startsWith('the restart of ');
