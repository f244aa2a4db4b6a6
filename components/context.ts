// The facts by which a command decides whether it can be used now, read from the stores.

import type { Context } from '../src/commands/list.ts';
import { hasUnread } from '../src/fleet/alerts/error-log.ts';
import { stateOf } from '../src/fleet/badges.ts';
import { type HostPicture, silenceOf } from '../src/fleet/picture.ts';
import type { Host, Schedule } from '../src/inventory/settings.ts';
import { isOver } from '../src/job/journal/record.ts';
import type { JobView } from '../src/job/journal/watch.ts';
import { standsStill } from '../src/job/lease/runner-state.ts';
import type { ListedSnapshot } from '../src/snapshot/list.ts';
import { hostOfJob, jobsOf, unfinishedByHost } from './panes/job/job-words.ts';
import { recoveryOf } from './panes/planned.ts';
import { type ListName, type ListView, type Screen, shownScreen } from './screen-store.ts';
import { type FleetRow, rowsNow, rowsWith } from './screens/fleet/rows.ts';
import { jobsNow } from './screens/jobs/JobsScreen.tsx';
import { type JobRow, jobOpened } from './screens/jobs/list.ts';
import { cursorIndex, whyNoRow } from './screens/list/cursor.ts';
import { hiddenMarks, isMarked } from './screens/list/marks.ts';
import { lastJobOf, type ScheduleRow } from './screens/schedules/list.ts';
import { schedulesNow } from './screens/schedules/SchedulesScreen.tsx';
import type { SnapshotRow } from './screens/snapshots/list.ts';
import { snapshotsNow } from './screens/snapshots/SnapshotsScreen.tsx';
import type { Services } from './services.ts';

type Stores = Pick<Services, 'fleet' | 'screens' | 'jobs' | 'schedules' | 'readOnly' | 'replay'>;

export function contextOf(stores: Stores): Context {
  const screen = shownScreen(stores.screens.getState());
  const list = listOf(stores, screen);
  const row = list?.rows[cursorIndex(list.rows, list.view)];
  const context = contextOn(stores, screen, row);
  const noRow = list && !row ? whyNoRow(list.name, list.rows, list.view) : undefined;
  const marked = list && markedIn(stores, screen, list);
  const found = list && list.view.filter !== '' && { count: list.rows.length, of: list.all().length };
  const hosts = hostsOfProposal(stores) ?? (marked && hostsOfMarked(marked));
  return {
    ...context,
    ...(noRow !== undefined && { noRow }),
    ...(hosts && { hosts }),
    ...(marked && { marked }),
    ...(found && { found }),
  };
}

function hostsOfProposal(stores: Stores): Context['hosts'] {
  const { overlay } = stores.screens.getState();
  return overlay?.kind === 'proposal' && overlay.proposal.hosts
    ? hostsNamed(stores, overlay.proposal.hosts)
    : undefined;
}

const hostsOfMarked = ({ shown }: NonNullable<Context['marked']>): readonly Host[] => [
  ...new Set(shown.flatMap(({ hosts, host }) => hosts ?? host ?? [])),
];

function hostsNamed({ fleet }: Stores, names: readonly string[]): readonly Host[] {
  const { hosts } = fleet.getState();
  return hosts.flatMap(({ host }) => (names.includes(host.name) ? [host] : []));
}

/** A row of any list. */
type ListRow = FleetRow | SnapshotRow | JobRow | ScheduleRow;

interface List {
  readonly name: ListName;
  readonly rows: readonly ListRow[];
  /** Those too that the filter hides. */
  readonly all: () => readonly ListRow[];
  readonly view: ListView;
}

function listOf(stores: Stores, screen: Screen): List | undefined {
  const { fleet, snapshots, jobs, schedules } = stores.screens.getState();
  if (screen.name === 'fleet')
    return { name: 'fleet', rows: rowsNow(stores), all: () => rowsWith(stores, ''), view: fleet };
  if (screen.name === 'snapshots')
    return {
      name: 'snapshots',
      rows: snapshotsNow(stores, screen.near),
      all: () => snapshotsNow(stores, screen.near, ''),
      view: snapshots,
    };
  if (screen.name === 'jobs')
    return { name: 'jobs', rows: jobsNow(stores), all: () => jobsNow(stores, ''), view: jobs };
  if (screen.name !== 'schedules') return undefined;
  return { name: 'schedules', rows: schedulesNow(stores), all: () => schedulesNow(stores, ''), view: schedules };
}

function markedIn(stores: Stores, screen: Screen, { rows, view: { marks } }: List): Context['marked'] {
  if (marks.length === 0) return undefined;
  const atWork = atWorkNow(stores);
  const shown = rows.filter((row) => isMarked(marks, row));
  return { shown: shown.map((row) => contextOn(stores, screen, row, atWork)), hidden: hiddenMarks(marks, rows) };
}

const atWorkNow = ({ jobs }: Stores) => unfinishedByHost(jobs.store.getState().jobs);

/** As if the cursor were on `row`; undefined: on none, or the screen is no list. `atWork`: the hosts with an unfinished job. */
function contextOn(
  stores: Stores,
  screen: Screen,
  row: ListRow | undefined,
  atWork: ReadonlyMap<string, unknown> = atWorkNow(stores),
): Context {
  const snapshot = row && 'snapshot' in row ? row.snapshot : undefined;
  const host = hostOn(stores, screen, row);
  const silence = host && silenceOf(host.link);
  const server = host && serverOf(host);
  const job = jobOf(stores, screen, row);
  const names = severalNames(stores, screen, row, job);
  return {
    screen: screen.name,
    ...modeOf(stores),
    ...(row && { row: { id: row.id, name: 'name' in row ? row.name : row.id } }),
    ...(names && { hosts: hostsNamed(stores, names) }),
    ...(host && {
      host: host.host,
      unreadErrors: hasUnread(host),
      recovery: recoveryOf(stores.schedules.store.getState().planned, host.host.name) !== undefined,
      atWork: atWork.has(host.host.name),
    }),
    ...(silence && { silence }),
    ...(server && { server }),
    ...(snapshot && { snapshot: standingOf(snapshot) }),
    ...(job && {
      job: {
        over: isOver(job.job.state) && job.job.state !== 'cleanup-needed',
        abandoned: standsStill(job),
      },
    }),
    ...(screen.name === 'schedules' && { schedule: row !== undefined }),
    onDiscovered: row !== undefined && 'kind' in row && row.kind === 'discovered',
    discovered: stores.fleet.getState().discovered.length,
  };
}

const modeOf = ({ readOnly, replay }: Stores): Pick<Context, 'readOnly' | 'replay'> => ({
  readOnly,
  ...(replay && { replay: true }),
});

/** undefined: keys act on the opened host, or the one under the cursor. */
function severalNames(
  { screens }: Stores,
  screen: Screen,
  row: ListRow | undefined,
  job: JobView | undefined,
): readonly string[] | undefined {
  if (screen.name === 'seed') return [screen.target, ...screens.getState().seedHosts];
  if (screen.name === 'schedules')
    return row && 'view' in row && row.view && 'schedule' in row.view ? hostsOfSchedule(row.view.schedule) : [];
  return (screen.name === 'job' || screen.name === 'jobs') && job ? job.job.plan.hosts : undefined;
}

function hostsOfSchedule({ act, hosts }: Schedule): readonly string[] {
  const besides = act.do === 'seed' ? [act.donor] : act.do === 'proof' && act.on !== undefined ? [act.on] : [];
  return [...hosts, ...besides];
}

/** The opened host, or that of the row. */
function hostOn(stores: Stores, screen: Screen, row: ListRow | undefined): HostPicture | undefined {
  if (row && 'kind' in row) return row.kind === 'host' ? row.picture : undefined;
  const name = row && 'snapshot' in row ? row.snapshot.host.name : openedHost(stores, screen);
  return stores.fleet.getState().hosts.find(({ host }) => host.name === name);
}

function openedHost({ jobs }: Pick<Stores, 'jobs'>, screen: Screen): string | undefined {
  if (screen.name === 'seed') return screen.target;
  if (screen.name === 'job') {
    const view = jobOpened(jobs, screen.id);
    return view && !view.other ? hostOfJob(view.job) : undefined;
  }
  return screen.name === 'host' || screen.name === 'processes' ? screen.host : undefined;
}

const standingOf = ({ volume: { valid, mountPoints }, madeBy }: ListedSnapshot) => ({
  valid,
  mounted: mountPoints.length > 0,
  ours: madeBy.kind !== 'not reseed',
});

function serverOf(picture: HostPicture): Context['server'] {
  const state = stateOf(picture);
  if (state === 'up' || state === 'closed') return 'up';
  if (state === 'down' || state === 'blank') return 'down';
  return state === 'crash-looping' || state === 'starting' || state === 'stopping' ? 'between' : undefined;
}

/** The opened job, or that of the row; for a host, its newest job. */
function jobOf(stores: Stores, screen: Screen, row: ListRow | undefined): JobView | undefined {
  const { jobs } = stores.jobs.store.getState();
  if (screen.name === 'job') return jobOpened(stores.jobs, screen.id);
  if (screen.name === 'host') return jobsOf(jobs, screen.host)[0];
  if (screen.name === 'schedules') {
    const id = row && 'view' in row && row.view && 'schedule' in row.view ? lastJobOf(row.view) : undefined;
    return jobs.find(({ job }) => job.id === id);
  }
  return row && 'view' in row && row.view && 'job' in row.view ? row.view : undefined;
}
