// The facts by which a command decides whether it can be used now, read from the stores.

import type { Context } from '../src/commands/list.ts';
import { hasUnread } from '../src/fleet/alerts/error-log.ts';
import { stateOf } from '../src/fleet/badges.ts';
import { type HostPicture, silenceOf } from '../src/fleet/picture.ts';
import { isOver } from '../src/job/journal/record.ts';
import type { JobView } from '../src/job/journal/watch.ts';
import { standsStill } from '../src/job/lease/runner-state.ts';
import type { ListedSnapshot } from '../src/snapshot/list.ts';
import { hostOfJob, jobsOf, unfinishedByHost } from './panes/job/job-words.ts';
import { recoveryOf } from './panes/planned.ts';
import { type Screen, shownScreen } from './screen-store.ts';
import { cursorRow, rowsNow } from './screens/fleet/rows.ts';
import { jobsNow, jobUnderCursor } from './screens/jobs/JobsScreen.tsx';
import { jobOpened } from './screens/jobs/list.ts';
import { whyNoRow } from './screens/list/cursor.ts';
import { lastJobOf } from './screens/schedules/list.ts';
import { schedulesNow, scheduleUnderCursor } from './screens/schedules/SchedulesScreen.tsx';
import { snapshotsNow, snapshotUnderCursor } from './screens/snapshots/SnapshotsScreen.tsx';
import type { Services } from './services.ts';

type Stores = Pick<Services, 'fleet' | 'screens' | 'jobs' | 'schedules' | 'readOnly' | 'replay'>;

export function contextOf(stores: Stores): Context {
  const picture = stores.fleet.getState();
  const state = stores.screens.getState();
  const screen = shownScreen(state);
  const row = screen.name === 'fleet' ? cursorRow(stores) : undefined;
  const snapshot = screen.name === 'snapshots' ? snapshotUnderCursor(stores, screen.near)?.snapshot : undefined;
  const name = openedHost(stores, screen) ?? snapshot?.host.name;
  const host = row?.kind === 'host' ? row.picture : picture.hosts.find((one) => one.host.name === name);
  const silence = host && silenceOf(host.link);
  const server = host && serverOf(host);
  const job = jobOf(stores, screen);
  const schedule = scheduleOn(stores, screen);
  // Each change of the fleet comes here: the rows are not sorted again where one is under the cursor.
  const isOnRow = [row, snapshot, job, schedule].some((one) => one !== undefined);
  const noRow = isOnRow ? undefined : noRowOn(stores, screen);
  return {
    screen: screen.name,
    ...modeOf(stores),
    ...(host && {
      host: host.host,
      unreadErrors: hasUnread(host),
      recovery: recoveryOf(stores.schedules.store.getState().planned, host.host.name) !== undefined,
      atWork: unfinishedByHost(stores.jobs.store.getState().jobs).has(host.host.name),
    }),
    ...(noRow !== undefined && { noRow }),
    ...(silence && { silence }),
    ...(server && { server }),
    ...(snapshot && { snapshot: standingOf(snapshot) }),
    ...(job && {
      job: {
        over: isOver(job.job.state) && job.job.state !== 'cleanup-needed',
        abandoned: standsStill(job),
      },
    }),
    ...(screen.name === 'schedules' && { schedule: schedule !== undefined }),
    onDiscovered: row?.kind === 'discovered',
    discovered: picture.discovered.length,
  };
}

const modeOf = ({ readOnly, replay }: Stores): Pick<Context, 'readOnly' | 'replay'> => ({
  readOnly,
  ...(replay && { replay: true }),
});

const scheduleOn = (stores: Stores, { name }: Screen) =>
  name === 'schedules' ? scheduleUnderCursor(stores) : undefined;

/** Of a list. */
function noRowOn(stores: Stores, screen: Screen): string | undefined {
  const { fleet, snapshots, jobs, schedules } = stores.screens.getState();
  if (screen.name === 'fleet') return whyNoRow('fleet', rowsNow(stores), fleet);
  if (screen.name === 'snapshots') return whyNoRow('snapshots', snapshotsNow(stores, screen.near), snapshots);
  if (screen.name === 'jobs') return whyNoRow('jobs', jobsNow(stores), jobs);
  return screen.name === 'schedules' ? whyNoRow('schedules', schedulesNow(stores), schedules) : undefined;
}

function openedHost({ jobs }: Pick<Stores, 'jobs'>, screen: Screen): string | undefined {
  if (screen.name === 'seed') return screen.target;
  if (screen.name === 'job') {
    const view = jobOpened(jobs, screen.id);
    return view && !view.other ? hostOfJob(view.job) : undefined;
  }
  return screen.name === 'host' ? screen.host : undefined;
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

/** The opened job, or the one under the cursor; for a host, its newest job. */
function jobOf(stores: Stores, screen: Screen): JobView | undefined {
  const { jobs } = stores.jobs.store.getState();
  if (screen.name === 'job') return jobOpened(stores.jobs, screen.id);
  if (screen.name === 'host') return jobsOf(jobs, screen.host)[0];
  if (screen.name === 'schedules') {
    const row = scheduleUnderCursor(stores);
    const id = row && lastJobOf(row.view);
    return jobs.find(({ job }) => job.id === id);
  }
  return screen.name === 'jobs' ? jobUnderCursor(stores)?.view : undefined;
}
