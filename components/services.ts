// What a screen may use: the stores it reads, and the actions it can call. src/console/ makes it, and tests make their
// own; a screen does not know the implementation.
import { createContext, use } from 'react';
import type { StoreApi } from 'zustand/vanilla';
import type { ColumnedList } from '../src/commands/list-columns.ts';
import type { Courses } from '../src/fleet/course.ts';
import type { LogFollow } from '../src/fleet/log/follow.ts';
import type { FleetPicture } from '../src/fleet/picture.ts';
import type { ProcessesWatch } from '../src/fleet/processes/watch.ts';
import type { LogLine } from '../src/host/facts.ts';
import type { JobRecord } from '../src/job/journal/record.ts';
import type { JobsPicture, JobView, OthersPicture } from '../src/job/journal/watch.ts';
import type { Asked } from '../src/operations/jobs/control.ts';
import type { Draft, JobRequest } from '../src/operations/plans/draft.ts';
import type { ProofChoice } from '../src/operations/proofs/draft.ts';
import type { Replay } from '../src/operations/recording/play.ts';
import type { SeedByName } from '../src/operations/seed/seed.ts';
import type { SchedulesPicture } from '../src/schedule/picture.ts';
import type { MouseReport } from './mouse/reports.ts';
import type { ShownDraft } from './overlays/plan-proposal.ts';
import type { ScreenStore } from './screen-store.ts';

export interface Services {
  readonly fleet: StoreApi<FleetPicture>;
  readonly screens: ScreenStore;
  /** The figures of each host over the session. */
  readonly courses: StoreApi<Courses>;
  readonly jobs: JobServices;
  readonly schedules: ScheduleServices;
  /** `ops@jump1`: the operator's account and machine. */
  readonly operator: string;
  /** The inventory's file as the operator named it. */
  readonly inventoryFile: string;
  /** No command that changes anything may run. */
  readonly readOnly: boolean;
  /** Milliseconds since 1970; in a replay those of the recording. */
  readonly nowMs: () => number;
  /** A recording is shown, and no fleet. */
  readonly replay?: Omit<Replay, 'stores' | 'stop'>;
  /** Whether what is shown is being recorded. */
  readonly recording?: StoreApi<{ readonly isOn: boolean }>;
  /** Asks every host again now. */
  readonly refresh: () => void;
  /** Follows the error log of a host of the inventory, by name. The caller closes it. */
  readonly followLog: (host: string) => Promise<LogFollow>;
  /** Asks the sessions of a host's server, again and again, until the caller closes it. */
  readonly processes: (host: string) => Promise<ProcessesWatch>;
  /** Records that these lines of the host's error log were on the screen. */
  readonly showed: (host: string, lines: readonly LogLine[]) => void;
  /** Records that the operator has seen the host's error log: it is no alert any more. Undefined, or why that can't be saved. */
  readonly markSeen: (host: string) => string | undefined;
  /** Shows `text` in $PAGER, which needs the terminal (useApp().suspendTerminal). Undefined, or why it failed. */
  readonly page: (text: string) => Promise<string | undefined>;
  /** Puts `text` into the operator's clipboard by OSC 52. Returns a message: that it was sent, or why not. */
  readonly copy: (text: string) => string;
  /** Saves the columns of a list for the next consoles; no names: reseed's own. Undefined, or why they can't be saved. */
  readonly keepColumns: (list: ColumnedList, names: readonly string[] | undefined) => string | undefined;
  /** Calls `listen` at each report of the mouse, until the returned function is called. */
  readonly onMouse: (listen: (event: MouseEvent) => void) => () => void;
  /** Ends the console with this exit code. */
  readonly quit: (exitCode: number) => void;
}

/** `atMs`: of a clock that only goes forward. */
export type MouseEvent = MouseReport & { readonly atMs: number };

export interface JobServices {
  readonly store: StoreApi<JobsPicture>;
  readonly others: StoreApi<OthersPicture>;
  /** A plan for a host from its last answers. undefined: the console has only just been opened. */
  readonly draft: (request: JobRequest, host: string) => ShownDraft | undefined;
  /** The same for a seed: asks donor and targets. Ignore the result of an aborted call. */
  readonly draftSeed: (choice: SeedByName, signal: AbortSignal) => Promise<ShownDraft>;
  /** The same for what another host of its cluster received and this one lacks: reads that host's logs. */
  readonly draftSalvage: (host: string, signal: AbortSignal) => Promise<ShownDraft>;
  /** The same for a proof of restore, or of the rows of a replica. */
  readonly draftProof: (host: string, choice: ProofChoice, signal: AbortSignal) => Promise<ShownDraft>;
  /** The new job's number, or why there is none. Its runner does not depend on the console. */
  readonly launch: (draft: Draft) => number | string;
  /** The resulting state of each host after an abort; a text: why it is unknown. */
  readonly abortWords: (job: JobRecord) => readonly string[] | string;
  readonly abort: (id: number) => Asked;
  /** Asks the jump host of such a job to end it. Its answer, or why there is none. */
  readonly abortOther: (view: JobView) => Promise<string>;
  readonly resume: (id: number) => Asked;
  /**
   * For a job whose runner on `machine` does not renew its lease. `onWait`: called before the lease is watched for some
   * seconds.
   */
  readonly takeOver: (
    id: number,
    verb: 'abort' | 'resume',
    machine: string,
    onWait: (text: string) => void,
  ) => Promise<Asked>;
  /** The caller closes it. */
  readonly followLog: (id: number | string) => Promise<LogFollow>;
  /** The whole log. */
  readonly readLog: (id: number | string) => Promise<ReadLog>;
}

export interface ScheduleServices {
  readonly store: StoreApi<SchedulesPicture>;
  /** Begins what a schedule does, now. A line for the operator: what was begun, what waits, or why there is no job. */
  readonly run: (name: string) => Promise<string>;
  /** A line for the operator. */
  readonly switch: (name: string, on: boolean) => string;
}

export type ReadLog = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly why: string };

export const ServicesContext = createContext<Services | undefined>(undefined);

export function useServices(): Services {
  const services = use(ServicesContext);
  if (!services) throw new Error('a screen needs a ServicesContext around it');
  return services;
}
