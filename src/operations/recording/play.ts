// Plays a recording into the stores that screens read: its clock, its speed, and where it is. The clock of this machine only drives it.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { FleetPicture } from '../../fleet/picture.ts';
import type { JobsPicture, OthersPicture } from '../../job/journal/watch.ts';
import type { SchedulesPicture } from '../../schedule/picture.ts';
import type { News } from './news.ts';
import { firstAfter, type ReadRecording, type TimedNews } from './read.ts';
import type { Stores } from './record.ts';
import { type ShownHost, type ShownPictures, withLook } from './shown.ts';

export interface ReplayPicture {
  readonly beginMs: number;
  readonly endMs: number;
  readonly playing: boolean;
  /** Seconds of the recording in one second. */
  readonly speed: number;
  /** Counts jumps: what shows a time is drawn again. */
  readonly jumps: number;
}

const speeds: readonly number[] = [0.5, 1, 2, 4, 8, 16, 60, 300];

export interface Replay {
  readonly store: StoreApi<ReplayPicture>;
  readonly stores: Stores;
  /** By the recording's clock. */
  readonly nowMs: () => number;
  toggle(): void;
  /** Outside of the recording its begin or its end is shown. */
  goTo(ms: number): void;
  faster(): void;
  slower(): void;
  /** Goes to what happened next, or before, of that kind; `change`: of any. undefined: there is nothing there. */
  step(kind: News['kind'], to: 'next' | 'before'): readonly TimedNews[] | undefined;
  stop(): void;
}

/** A screen is not drawn more often. */
const minTickMs = 250;
/** A timer of weeks would fire at once. */
const maxTickMs = 60_000;
const justMs = 2000;

interface Played {
  readonly recording: ReadRecording;
  /** It has come to its end by playing. */
  readonly onEnd: () => void;
  readonly wallMs?: () => number;
}

export function play({ recording, onEnd, wallMs = Date.now }: Played): Replay {
  const { beginMs, endMs, news } = recording;
  const stores = storesOf(recording.pictureAt(beginMs));
  const store = createStore<ReplayPicture>(() => ({ beginMs, endMs, playing: true, speed: 1, jumps: 0 }));
  /** Where the recording was at that time of this machine, since when it has had the present speed. */
  let from = { atMs: beginMs, wallMs: wallMs() };
  let timer: NodeJS.Timeout | undefined;

  const nowMs = () => {
    const { playing, speed } = store.getState();
    const goneMs = playing ? (wallMs() - from.wallMs) * speed : 0;
    return Math.min(endMs, Math.max(beginMs, from.atMs + goneMs));
  };
  const hold = (atMs: number) => {
    from = { atMs, wallMs: wallMs() };
  };
  const tick = () => {
    clearTimeout(timer);
    const now = nowMs();
    show(stores, recording.pictureAt(now));
    const { playing, speed } = store.getState();
    if (!playing) return;
    if (now >= endMs) {
      change({ playing: false });
      onEnd();
      return;
    }
    const nextMs = recording.nextMs(now) ?? endMs;
    timer = setTimeout(tick, Math.min(maxTickMs, Math.max(minTickMs, (nextMs - now) / speed)));
  };
  const change = (part: Partial<ReplayPicture>) => {
    hold(nowMs());
    store.setState((before) => ({ ...part, jumps: before.jumps + 1 }));
  };
  const goTo = (ms: number) => {
    hold(Math.min(endMs, Math.max(beginMs, ms)));
    store.setState((before) => ({ jumps: before.jumps + 1 }));
    tick();
  };
  const speedBy = (by: number) => {
    const { speed } = store.getState();
    const next = speeds[speeds.indexOf(speed) + by];
    if (next !== undefined) change({ speed: next });
    tick();
  };
  tick();
  return {
    store,
    stores,
    nowMs,
    goTo,
    toggle: () => {
      // From its end it plays again.
      const { playing } = store.getState();
      if (!playing && nowMs() >= endMs) hold(beginMs);
      change({ playing: !playing });
      tick();
    },
    faster: () => speedBy(1),
    slower: () => speedBy(-1),
    step: (kind, to) => {
      const some = kind === 'change' ? news : news.filter((one) => one.kind === kind);
      const times = some.map(({ atMs }) => atMs);
      const now = nowMs();
      const { playing, speed } = store.getState();
      // What it has just come to by a jump, and plays on from, is not what was before.
      const passedMs = playing ? justMs * speed : 0;
      const at = to === 'next' ? times[firstAfter(times, now)] : times.findLast((ms) => ms < now - passedMs);
      if (at === undefined) return undefined;
      goTo(at);
      return some.filter(({ atMs }) => atMs === at);
    },
    stop: () => {
      clearTimeout(timer);
      recording.close();
    },
  };
}

/** Of a host that did not change, the same object. */
const looked = new WeakMap<ShownHost, FleetPicture['hosts'][number]>();
const hostOf = (shown: ShownHost) => {
  const host = looked.get(shown) ?? withLook(shown);
  looked.set(shown, host);
  return host;
};

const fleetOf = ({ fleet }: ShownPictures): FleetPicture => ({ ...fleet, hosts: fleet.hosts.map(hostOf) });

function storesOf(picture: ShownPictures) {
  return {
    fleet: createStore<FleetPicture>(() => fleetOf(picture)),
    jobs: createStore<JobsPicture>(() => picture.jobs),
    others: createStore<OthersPicture>(() => picture.others),
    schedules: createStore<SchedulesPicture>(() => picture.schedules),
    shown: picture,
  };
}

/** A store whose part did not change tells no screen. */
function show(stores: ReturnType<typeof storesOf>, picture: ShownPictures): void {
  const { fleet, jobs, others, schedules } = stores.shown;
  if (picture.fleet !== fleet) stores.fleet.setState(fleetOf(picture), true);
  if (picture.jobs !== jobs) stores.jobs.setState(picture.jobs, true);
  if (picture.others !== others) stores.others.setState(picture.others, true);
  if (picture.schedules !== schedules) stores.schedules.setState(picture.schedules, true);
  stores.shown = picture;
}
