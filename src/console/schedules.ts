// The console's part for schedules: what the journal has of them and of rules, a run by hand, and their switch. They begin their jobs by ticks of another
// process, also while no console is open.
import { existsSync } from 'node:fs';
import type { StoreApi } from 'zustand/vanilla';
import { eventLine } from '../commands/schedule/event-line.ts';
import type { Inventory } from '../inventory/settings.ts';
import { jobHome } from '../job/journal/home.ts';
import { whoLine } from '../job/who.ts';
import { author, inJobStore, type JobStore, tryJobStore } from '../operations/jobs/job-store.ts';
import { diskTrouble } from '../operations/jobs/job-trouble.ts';
import { plannedRecoveries } from '../operations/rules/told.ts';
import { inventoryPath, knownAs } from '../operations/schedules/inventory-path.ts';
import { tickHere } from '../operations/schedules/tick-here.ts';
import { scheduleViews } from '../operations/schedules/view.ts';
import { afterLook, type SchedulesPicture } from '../schedule/picture.ts';

export interface ScheduleControl {
  /** A line for the operator: what was begun, what waits, or why nothing was done. */
  run(name: string): Promise<string>;
  switch(name: string, on: boolean): string;
  /** Waits until what was about to begin is decided. */
  stop(): Promise<void>;
}

const lookEveryMs = 5000;

export function openScheduleControl(inventory: Inventory, picture: StoreApi<SchedulesPicture>): ScheduleControl {
  const { schedules = [], rules = [] } = inventory;
  const path = inventoryPath(inventory);
  const over = new AbortController();
  const running = new Set<Promise<string>>();
  // Only reads where there is no journal yet.
  const look = () => {
    const trouble = existsSync(jobHome(process.env).journal) ? inJobStore((store) => show(store)) : undefined;
    if (typeof trouble === 'string') picture.setState({ trouble });
  };
  const show = (store: JobStore): undefined => {
    const next = afterLook(
      picture.getState(),
      scheduleViews(store, inventory, path, Date.now()),
      plannedRecoveries(store, inventory, path),
    );
    if (next) picture.setState(next, true);
    return undefined;
  };
  const timer = setInterval(look, lookEveryMs);
  if (schedules.length + rules.length === 0) clearInterval(timer);
  else look();
  const otherPath = ({ journal }: JobStore): string | undefined => {
    const other = knownAs(journal.schedules, path);
    return other && `nothing was done: these schedules are known by another path of this file: --inventory ${other}`;
  };
  const run = async (name: string): Promise<string> => {
    const only = schedules.find((one) => one.name === name);
    if (!only) return `the inventory has no schedule ${name}`;
    const store = tryJobStore();
    if (typeof store === 'string') return store;
    try {
      const other = otherPath(store);
      if (other !== undefined) return other;
      const events = await tickHere({ store, inventory, path, only, signal: over.signal }, 0);
      show(store);
      if (!events) return `${name}: nothing was begun: another reseed works on schedules; try again in a minute`;
      return events.map((event) => eventLine(event, Date.now())).join('; ');
    } catch (error) {
      return `${name}: ${diskTrouble(error)}`;
    } finally {
      store.journal.close();
    }
  };
  return {
    run: (name) => {
      const work = run(name);
      running.add(work);
      return work.finally(() => running.delete(work));
    },
    switch: (name, on) =>
      inJobStore((store) => {
        const other = otherPath(store);
        if (other !== undefined) return other;
        store.journal.schedules.switch(path, name, on ? undefined : whoLine(author().who), Date.now());
        show(store);
        return on ? `${name} is on` : `${name} is off; jobs that it began go on`;
      }),
    stop: async () => {
      clearInterval(timer);
      over.abort();
      await Promise.all(running);
    },
  };
}
