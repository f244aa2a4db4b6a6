// The courses of the hosts' figures, kept while a console is open.
import { createStore, type StoreApi } from 'zustand/vanilla';
import { type Courses, coursesAfter } from '../fleet/course.ts';
import type { FleetPicture } from '../fleet/picture.ts';

/** From now on, for as long as the store of the fleet changes. A replay that jumps back begins anew: what it shows has not seen what follows. */
export function coursesOf(fleet: StoreApi<FleetPicture>, nowMs: () => number): StoreApi<Courses> {
  const courses = createStore<Courses>(() => new Map());
  let lastMs = nowMs();
  fleet.subscribe((picture, before) => {
    const now = nowMs();
    const known: Courses = now < lastMs ? new Map() : courses.getState();
    lastMs = now;
    courses.setState(coursesAfter(known, picture, before, now), true);
  });
  return courses;
}
