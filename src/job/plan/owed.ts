// Actions that a host still needs, such as a restart, which the journal records like a resource.
import type { Acquisition } from './plan.ts';

/** Plans of earlier builds show it only in the resource's words. They are read here, and nowhere else. */
export const isOwed = ({ isOwed: told, what }: Acquisition): boolean => told ?? what.startsWith('the restart of ');
