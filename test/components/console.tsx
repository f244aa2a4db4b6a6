// The console on a simulated terminal, for tests: real components, real stores, and facts that were recorded on the
// practice fleet (test/fixtures/picture). No helper here waits for a time: `shows` waits for what is on the screen.

import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { render } from 'ink-testing-library';
import { createElement, Fragment } from 'react';
import { onTestFinished, vi } from 'vitest';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { App } from '../../components/App.tsx';
import { fullLook, type Look } from '../../components/base/theme.ts';
import { changeFleetView, createScreenStore, inventoryOrder } from '../../components/screen-store.ts';
import type { JobServices, MouseEvent } from '../../components/services.ts';
import type { ChosenColumns } from '../../src/commands/list-columns.ts';
import type { Courses } from '../../src/fleet/course.ts';
import type { LogView } from '../../src/fleet/log/follow.ts';
import type { Alert, FleetPicture, HostPicture } from '../../src/fleet/picture.ts';
import type { ProcessesView } from '../../src/fleet/processes/watch.ts';
import { markSeen, showed } from '../../src/fleet/store.ts';
import type { LogLine } from '../../src/host/facts.ts';
import { lineBrief } from '../../src/host/server/error-brief.ts';
import type { JobRecord } from '../../src/job/journal/record.ts';
import type { JobsPicture, JobView, OthersPicture } from '../../src/job/journal/watch.ts';
import { author } from '../../src/operations/jobs/job-store.ts';
import { abortSentences } from '../../src/operations/jobs/words/abort-words.ts';
import { type Draft, draftOf, type JobRequest } from '../../src/operations/plans/draft.ts';
import { previewOf } from '../../src/operations/plans/preview.ts';
import { type ProofChoice, draftFrom as proofFrom } from '../../src/operations/proofs/draft.ts';
import { rowsDraft } from '../../src/operations/proofs/rows-draft.ts';
import { sourceAmong } from '../../src/operations/proofs/source-of.ts';
import type { Replay } from '../../src/operations/recording/play.ts';
import { draftFrom } from '../../src/operations/salvage/draft.ts';
import { seedDraft, snapshotOf } from '../../src/operations/seed/draft.ts';
import type { SeedByName } from '../../src/operations/seed/seed.ts';
import type { PlannedRecovery, SchedulesPicture, ScheduleView } from '../../src/schedule/picture.ts';
import { readSeedFacts } from '../../src/seed/facts.ts';
import { methodNamed } from '../../src/seed/methods/methods.ts';
import { state, tailFrom, tailText, uuid } from '../salvage/salvaging.ts';

interface Recorded {
  readonly recordedAtMs: number;
  readonly picture: FleetPicture;
}

export function recorded(name: 'calm' | 'trouble'): Recorded {
  const text = readFileSync(new URL(`../fixtures/picture/${name}.json`, import.meta.url), 'utf8');
  const recorded = JSON.parse(text) as Recorded;
  for (const host of recorded.picture.hosts) {
    // A set is not JSON.
    const look = { sinceMs: recorded.recordedAtMs, seen: new Set<string>(), marked: new Set<string>(), corruption: [] };
    Object.assign(host, { look });
  }
  // The recorded hosts are older than the list of unfinished work, and the recorded alerts older than their reasons.
  const reasonOf = ({ link }: HostPicture, { kind, text }: Alert) => {
    if (kind === 'unreachable' && link.state === 'failed') return { reason: link.failure.message };
    return kind === 'errorLog' ? { reason: lineBrief(text.replace('error log: ', '')) } : {};
  };
  const hosts = recorded.picture.hosts.map((one) => ({
    ...one,
    host: { ...one.host, notDone: one.host.notDone ?? [], hooks: one.host.hooks ?? {} },
    alerts: one.alerts.map((alert) => ({ ...alert, ...reasonOf(one, alert) })),
  }));
  return { ...recorded, picture: { ...recorded.picture, hosts } };
}

/** A recorded host under another name, with the given differences. */
export function hostLike(
  picture: FleetPicture,
  like: string,
  name: string,
  change: Partial<HostPicture> = {},
): HostPicture {
  const found = picture.hosts.find(({ host }) => host.name === like);
  if (!found) throw new Error(`nothing was recorded of ${like}`);
  return { ...found, ...change, host: { ...found.host, name } };
}

export const emptyLog: LogView = {
  state: 'opening',
  entries: [],
  firstIndex: 0,
  droppedLines: 0,
  skippedBytes: 0,
};

interface Options {
  readonly picture: FleetPicture;
  readonly nowMs: number;
  readonly columns?: number;
  readonly rows?: number;
  readonly look?: Partial<Look>;
  readonly readOnly?: boolean;
  /** What every host's error log is followed as. */
  readonly log?: StoreApi<LogView>;
  readonly courses?: StoreApi<Courses>;
  readonly jobs?: readonly JobView[];
  readonly schedules?: readonly ScheduleView[];
  /** What every host's sessions are. */
  readonly sessions?: StoreApi<ProcessesView>;
  readonly planned?: readonly PlannedRecovery[];
  /** What every job's log is followed as. */
  readonly jobLog?: StoreApi<LogView>;
  /** As the console opens. Absent: hosts are in the inventory's order, in which the keys of most tests count them. */
  readonly worstFirst?: true;
  /** What is shown is its picture, by its clock. */
  readonly replay?: Replay;
  /** Columns of the operator's settings. */
  readonly own?: ChosenColumns;
  /** It is recorded. */
  readonly isRecorded?: true;
}

/** Jobs are planned as in reseed, from the recordings; a launch is only noted. */
function jobsAtHand(picture: FleetPicture, jobs: readonly JobView[], jobLog: StoreApi<LogView>) {
  const launched: Draft[] = [];
  const asked: string[] = [];
  const seeds: { readonly choice: SeedByName; readonly signal: AbortSignal; readonly answer: () => void }[] = [];
  let logsClosed = 0;
  const subjectOf = (name: string) => {
    const found = picture.hosts.find(({ host }) => host.name === name);
    if (!found) throw new Error(`nothing was recorded of ${name}`);
    return { ...found, target: { name, host: name, transport: 'auto', sudo: false } as const };
  };
  const services: JobServices = {
    store: createStore<JobsPicture>(() => ({ jobs })),
    others: createStore<OthersPicture>(() => ({ jobs: [] })),
    draft: (request: JobRequest, name: string) => {
      const draft = draftOf(request, subjectOf(name), author());
      return { ...draft, steps: draft.planned.ok ? previewOf(draft.planned.plan) : [] };
    },
    // The hosts give their recorded answers only when the test calls `answer`.
    draftSeed: async (choice: SeedByName, signal: AbortSignal) => {
      await new Promise<void>((answer) => seeds.push({ choice, signal, answer }));
      const { donor, targets } = choice;
      const [gives = recordedSide(subjectOf(donor)), ...gets] = [donor, ...targets].map((name) =>
        recordedSide(subjectOf(name)),
      );
      const snapshot = choice.snapshot === undefined ? undefined : snapshotOf(gives, choice.snapshot);
      const known = picture.hosts.map(({ host }) => subjectOf(host.name));
      const draft = seedDraft(
        { donor: gives, targets: gets, method: methodNamed(choice.method), snapshot, terms: choice.terms, known },
        author(),
      );
      return { ...draft, steps: draft.planned.ok ? previewOf(draft.planned.plan) : [] };
    },
    draftProof: async (name: string, choice: ProofChoice) => {
      const host = subjectOf(name);
      const source = sourceAmong(
        host,
        picture.hosts.map((one) => subjectOf(one.host.name)),
      );
      const wanted = choice.of === 'restore' && choice.snapshot !== undefined ? { snapshot: choice.snapshot } : {};
      const draft =
        choice.of === 'rows'
          ? rowsDraft({ replica: host, ...(source && { source }) }, {}, author())
          : proofFrom(wanted, recordedSide(host), host, author(), []);
      return { ...draft, steps: draft.planned.ok ? previewOf(draft.planned.plan) : [] };
    },
    // The recorded tail is of db2's log.
    draftSalvage: async (name: string) => {
      const draft = draftFrom(
        { from: subjectOf('db2'), to: subjectOf(name) },
        {
          state: state('mysql', `${uuid}:1-56`),
          behind: state('mysql', `${uuid}:1-46`),
          log: 'relay',
          has: '',
          tail: tailFrom(tailText('mysql-9.7')),
        },
        author(),
      );
      return { ...draft, steps: draft.planned.ok ? previewOf(draft.planned.plan) : [] };
    },
    launch: (draft: Draft) => {
      launched.push(draft);
      return 17;
    },
    abortWords: (job: JobRecord) => abortSentences(job, []),
    abort: (id: number) => {
      asked.push(`abort ${id}`);
      return { ok: true, begun: false };
    },
    abortOther: async ({ other }: JobView) => {
      asked.push(`abort ${other?.name}`);
      return `jump2: job ${other?.name} is asked to end`;
    },
    resume: (id: number) => {
      asked.push(`resume ${id}`);
      return { ok: true, begun: true };
    },
    takeOver: async (id: number, verb: string, machine: string, onWait: (text: string) => void) => {
      onWait(`looks whether ${machine} renews its lease of job ${id}`);
      asked.push(`${verb} ${id} from ${machine}`);
      return { ok: true };
    },
    followLog: async () => ({ view: jobLog, close: async () => void logsClosed++ }),
    readLog: async (id: number | string) => ({ ok: true, text: `the log of job ${id}\n` }),
  };
  return { services, launched, asked, seeds, logsClosed: () => logsClosed };
}

function recordedSide({ host, report }: Pick<HostPicture, 'host' | 'report'>) {
  const text = readFileSync(new URL(`../fixtures/seed/facts-${host.name}.txt`, import.meta.url), 'utf8');
  const facts = readSeedFacts(text);
  if (!facts) throw new Error(`the seed facts of ${host.name} were not understood`);
  return { host, report, facts };
}

/** Ink's own way of drawing for a screen reader, which it takes from the environment: text alone, without a layout. */
function linearTerminal() {
  vi.stubEnv('INK_SCREEN_READER', 'true');
  const terminal = render(createElement(Fragment));
  vi.unstubAllEnvs();
  return terminal;
}

export function openConsole(options: Options) {
  const { picture, nowMs, columns = 120, rows = 40, look = {}, readOnly = false, log, jobLog } = options;
  const jobs = jobsAtHand(picture, options.jobs ?? [], jobLog ?? createStore<LogView>(() => emptyLog));
  const { replay } = options;
  const fleet = replay?.stores.fleet ?? createStore<FleetPicture>(() => picture);
  const screens = createScreenStore(options.own);
  if (!options.worstFirst) changeFleetView(screens, { sort: inventoryOrder });
  const copied: string[] = [];
  const keptColumns: string[] = [];
  const mice = new Set<(event: MouseEvent) => void>();
  const quits: number[] = [];
  const shownErrors: string[] = [];
  const marked: string[] = [];
  const paged: string[] = [];
  let logsClosed = 0;
  let refreshed = 0;
  const size = { columns, rows };
  let sessionsClosed = 0;
  const scheduled: string[] = [];
  const schedules = {
    store: createStore<SchedulesPicture>(() => ({ views: options.schedules ?? [], planned: options.planned ?? [] })),
    run: async (name: string) => {
      scheduled.push(`run ${name}`);
      return `${name}: job 17 on db2`;
    },
    switch: (name: string, on: boolean) => {
      scheduled.push(`${name} ${on ? 'on' : 'off'}`);
      return `${name} is ${on ? 'on' : 'off'}`;
    },
  };
  const services = {
    fleet,
    screens,
    jobs: replay ? { ...jobs.services, store: replay.stores.jobs } : jobs.services,
    courses: options.courses ?? createStore<Courses>(() => new Map()),
    schedules,
    operator: 'ops@jump1',
    inventoryFile: 'hosts.yaml',
    readOnly,
    nowMs: replay?.nowMs ?? (() => nowMs),
    ...(replay && { replay }),
    ...(options.isRecorded && { recording: createStore(() => ({ isOn: true })) }),
    refresh: () => void refreshed++,
    followLog: async () => ({
      view: log ?? createStore<LogView>(() => emptyLog),
      close: async () => void logsClosed++,
    }),
    showed: (host: string, lines: readonly LogLine[]) => {
      shownErrors.push(...lines.map(({ text }) => text));
      showed(fleet, host, lines);
    },
    processes: async () => ({
      view: options.sessions ?? createStore<ProcessesView>(() => ({})),
      close: async () => void sessionsClosed++,
    }),
    markSeen: (host: string) => {
      marked.push(host);
      markSeen(fleet, host);
      return undefined;
    },
    page: async (text: string) => {
      paged.push(text);
      return undefined;
    },
    copy: (text: string) => {
      copied.push(text);
      return `copied ${text}`;
    },
    keepColumns: (list: string, names: readonly string[] | undefined) => {
      keptColumns.push(`${list}: ${names ?? 'own'}`);
      return undefined;
    },
    onMouse: (listen: (event: MouseEvent) => void) => {
      mice.add(listen);
      return () => mice.delete(listen);
    },
    quit: (code: number) => void quits.push(code),
  };
  // The library's terminal is 100 columns wide; the size is asked for at the first render.
  const terminal = look.linear ? linearTerminal() : render(createElement(Fragment));
  Object.defineProperty(terminal.stdout, 'columns', { get: () => size.columns });
  Object.defineProperty(terminal.stdout, 'rows', { get: () => size.rows });
  terminal.rerender(<App services={services} look={{ ...fullLook, ...look }} />);
  onTestFinished(() => terminal.unmount());

  const screen = () => terminal.lastFrame() ?? '';
  return {
    fleet,
    screens,
    jobs,
    schedules: schedules.store,
    scheduled,
    copied,
    keptColumns,
    quits,
    shownErrors,
    marked,
    paged,
    logsClosed: () => logsClosed,
    refreshed: () => refreshed,
    screen,
    sessionsClosed: () => sessionsClosed,
    lines: () => screen().split('\n'),
    /** What a terminal sends: `press('jj')`, `press('\r')`. */
    press: (text: string) => terminal.stdin.write(text),
    /** A report of the mouse: `line` of the whole screen, from 0. */
    mouse: (kind: MouseEvent['kind'], line: number, atMs = 0) => {
      for (const listen of mice) listen({ kind, column: 5, line, atMs });
    },
    resize: (to: { columns: number; rows: number }) => {
      Object.assign(size, to);
      terminal.stdout.emit('resize');
    },
    /** Waits until the screen has this, and gives the screen; fails with what was there instead. */
    shows: async (wanted: string | RegExp, deadlineMs = 10_000): Promise<string> => {
      const endMs = Date.now() + deadlineMs;
      while (!(typeof wanted === 'string' ? screen().includes(wanted) : wanted.test(screen()))) {
        if (Date.now() > endMs) throw new Error(`the screen never showed ${wanted}:\n${screen()}`);
        await sleep(5);
      }
      return screen();
    },
    /** The name in the row under the cursor. */
    underCursor: () => /^ [▸>] (\S+)/m.exec(screen())?.[1],
  };
}

export type Console = ReturnType<typeof openConsole>;
