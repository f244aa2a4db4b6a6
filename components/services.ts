// What a screen may use: the stores it reads, and the few things that it can have done. src/console/ makes it, and tests
// make their own; no screen knows what is behind.
import { createContext, use } from 'react';
import type { StoreApi } from 'zustand/vanilla';
import type { LogFollow } from '../src/fleet/log/follow.ts';
import type { FleetPicture } from '../src/fleet/picture.ts';
import type { LogLine } from '../src/host/facts.ts';
import type { JobRecord } from '../src/job/journal/record.ts';
import type { JobsPicture } from '../src/job/journal/watch.ts';
import type { Asked } from '../src/operations/jobs/control.ts';
import type { Draft, JobRequest } from '../src/operations/plans/draft.ts';
import type { SeedByName } from '../src/operations/seed/seed.ts';
import type { ShownDraft } from './overlays/plan-proposal.ts';
import type { ScreenStore } from './screen-store.ts';

export interface Services {
  readonly fleet: StoreApi<FleetPicture>;
  readonly screens: ScreenStore;
  readonly jobs: JobServices;
  /** `ops@jump1`: who is at the keyboard, and where. */
  readonly operator: string;
  /** As the operator named it. */
  readonly inventoryFile: string;
  /** No command that changes anything may be dispatched. */
  readonly readOnly: boolean;
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
  /** Asks every host now. */
  readonly refresh: () => void;
  /** Follows the error log of a host of the inventory, by name; the caller closes it. */
  readonly followLog: (host: string) => Promise<LogFollow>;
  /** These lines of the host's error log were on the screen. */
  readonly showed: (host: string, lines: readonly LogLine[]) => void;
  /** The operator has seen what the host's error log says: it is no alert any more. Undefined, or why that can't be kept. */
  readonly markSeen: (host: string) => string | undefined;
  /** Shows `text` in $PAGER. The terminal has to be given away for it (useApp().suspendTerminal). Undefined, or why not. */
  readonly page: (text: string) => Promise<string | undefined>;
  /** Puts `text` into the operator's clipboard by OSC 52. What comes back is said: that it was sent, or why not. */
  readonly copy: (text: string) => string;
  /** Ends the console with this exit code. */
  readonly quit: (exitCode: number) => void;
}

export interface JobServices {
  readonly store: StoreApi<JobsPicture>;
  /** A plan for a host, of what the host said last. undefined: the console has only just been opened. */
  readonly draft: (request: JobRequest, host: string) => ShownDraft | undefined;
  /** The same for a seed: donor and targets are asked for it. Aborted, what comes back is of no use. */
  readonly draftSeed: (choice: SeedByName, signal: AbortSignal) => Promise<ShownDraft>;
  /** The new job's number, or why there is none. Its runner goes on whatever becomes of the console. */
  readonly launch: (draft: Draft) => number | string;
  /** What an abort comes to, host by host; a text: why that can't be said. */
  readonly abortWords: (job: JobRecord) => readonly string[] | string;
  readonly abort: (id: number) => Asked;
  readonly resume: (id: number) => Asked;
  /** Of a job whose runner on `machine` does not renew its lease. `onWait`: told that this is watched first, for some seconds. */
  readonly takeOver: (
    id: number,
    verb: 'abort' | 'resume',
    machine: string,
    onWait: (text: string) => void,
  ) => Promise<Asked>;
  /** The caller closes it. */
  readonly followLog: (id: number) => Promise<LogFollow>;
  /** The whole of it. */
  readonly readLog: (id: number) => Promise<ReadLog>;
}

export type ReadLog = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly why: string };

export const ServicesContext = createContext<Services | undefined>(undefined);

export function useServices(): Services {
  const services = use(ServicesContext);
  if (!services) throw new Error('a screen needs a ServicesContext around it');
  return services;
}
