// The first line: the fleet and its state, whether anything can be changed, the operator, the time.
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { alertBadges, type BadgeCount, hostCounts } from '../src/fleet/badges.ts';
import type { FleetPicture } from '../src/fleet/picture.ts';
import type { Host, HostEnvironment } from '../src/inventory/settings.ts';
import { isOver } from '../src/job/journal/record.ts';
import type { JobView } from '../src/job/journal/watch.ts';
import { goesOn } from '../src/job/lease/runner-state.ts';
import { diedBadge, jobBadges, lapsedBadge } from '../src/job/words/badges.ts';
import { countText } from '../src/text/badge.ts';
import { dayText, nowText, timeOfDay } from '../src/text/times.ts';
import { Line } from './base/Line.tsx';
import { type Look, type Span, signsOf, useLook } from './base/theme.ts';
import { betweenEdges, spansWidth } from './base/width.ts';
import { useNow } from './clock.ts';
import type { ShownAlert } from './panes/alert-lines.ts';
import { leftNow } from './screens/fleet/rows.ts';
import { useServices } from './services.ts';

interface HeaderProps {
  readonly width: number;
  /** The hosts that keys act on. */
  readonly hosts: readonly Host[];
}

export function Header({ width, hosts }: HeaderProps): ReactNode {
  const services = useServices();
  const { fleet, jobs, schedules, operator, readOnly, replay } = services;
  const isRecorded = useStore(services.recording ?? unrecorded, ({ isOn }) => isOn);
  const look = useLook();
  const picture = useStore(fleet);
  const views = useStore(jobs.store, (state) => state.jobs);
  useStore(schedules.store, (state) => state.planned);
  const left = leftNow(services);
  // A screen reader would read the whole frame again at each tick.
  const nowMs = useNow(!look.linear);
  const now = new Date(nowMs);
  // Of which time a replay is stays on the narrowest screen.
  const times = replay ? { clock: dayText(now), short: timeOfDay(now) } : { clock: nowText(now), short: '' };
  const clocks = look.linear ? { clock: '', short: '' } : times;
  const mode: Mode = replay ? 'replay' : readOnly ? 'read-only' : 'read-write';
  const environments = environmentsOf(picture, hosts);
  const heading = { picture, jobs: views, left, mode, isRecorded, operator, ...clocks, environments };
  return <Line spans={headerLine(heading, width, look)} />;
}

const unrecorded = createStore(() => ({ isOn: false }));

type Mode = 'replay' | 'read-only' | 'read-write';

const modeBadges: Readonly<Record<Mode, Span>> = {
  replay: { text: ' REPLAY ', tone: 'on yellow' },
  'read-only': { text: 'READ-ONLY', tone: 'good' },
  'read-write': { text: 'READ-WRITE', tone: 'warning' },
};

interface Heading {
  readonly picture: FleetPicture;
  readonly jobs: readonly JobView[];
  /** What jobs left on hosts, and what is planned for them. */
  readonly left: ReadonlyMap<string, readonly ShownAlert[]>;
  readonly mode: Mode;
  readonly isRecorded: boolean;
  readonly environments: readonly HostEnvironment[];
  readonly operator: string;
  readonly clock: string;
  /** What stays of the clock in a narrow line; empty: nothing. */
  readonly short: string;
}

/**
 * In a narrow line these are dropped, in this order: the program's name, the operator, the clock, the fleet's name, the hosts that are in order,
 * the states of the others, jobs that are in order. How many hosts are in trouble stays, and how many jobs are.
 */
function headerLine(heading: Heading, width: number, look: Look): readonly Span[] {
  const { ellipsis } = signsOf(look);
  const fits = [7, 6, 5, 4, 3, 2, 1, 0].map((detail) => ends(heading, detail, look));
  const [left, right] =
    fits.find(([one, other]) => spansWidth(one) + spansWidth(other) + 1 <= width) ?? ends(heading, 0, look);
  // A blank stays between the two ends, where the left one is cut too.
  return betweenEdges(left, [{ text: ' ' }, ...right], width, ellipsis);
}

function ends(
  { picture, jobs, left, mode, isRecorded, environments, operator, clock, short }: Heading,
  detail: number,
  look: Look,
): readonly [readonly Span[], readonly Span[]] {
  const { dot } = signsOf(look);
  const hosts = picture.hosts.length;
  const size = `${hosts} ${hosts === 1 ? 'host' : 'hosts'}`;
  const name: readonly Span[] = [
    ...(detail > 6 ? [{ text: ' reseed ', tone: 'accent' } as const] : []),
    ...(detail > 3 ? [{ text: ` ${picture.fleet}`, tone: 'strong' } as const, { text: ` ${dot} ${size}` }] : []),
  ];
  const levels = levelCounts(picture.hosts, left);
  const states = hostCounts(picture.hosts);
  const ofJobs = jobCounts(jobs);
  const trouble = (some: readonly BadgeCount[]) =>
    (['bad', 'warning'] as const).flatMap((tone) => some.filter(({ badge }) => badge.tone === tone));
  const shownStates = detail > 2 ? states : detail > 1 ? trouble(states) : [];
  const counts = [...levels, ...shownStates, ...(detail > 0 ? ofJobs : trouble(ofJobs))];
  const operatorText = detail > 5 ? `  ${operator}` : '';
  const shownClock = detail > 4 ? clock : short;
  const clockPart = shownClock === '' ? '' : `  ${shownClock}`;
  const record: readonly Span[] = isRecorded ? [{ text: 'REC', tone: 'bad' }, { text: ' ' }] : [];
  return [
    [...name, ...(counts.length > 0 ? counts : states).flatMap((one) => countSpans(one, look))],
    [...environments.flatMap(environmentSpans), ...record, modeBadges[mode], { text: `${operatorText}${clockPart} ` }],
  ];
}

/**
 * Each one among the hosts that keys act on; where there is no such host, that of the fleet whose hosts are all of one. Those that want a name typed come
 * first: they are what a plan for staging must not hide.
 */
function environmentsOf({ hosts: all }: FleetPicture, hosts: readonly Host[]): readonly HostEnvironment[] {
  const [first] = all;
  const ofFleet = first?.host.environment;
  const isOfAll = ofFleet && all.every(({ host }) => host.environment?.name === ofFleet.name);
  if (hosts.length === 0) return isOfAll ? [ofFleet] : [];
  const byName = new Map(hosts.flatMap(({ environment }) => (environment ? [[environment.name, environment]] : [])));
  return [...byName.values()].toSorted((one, other) => Number(other.confirm) - Number(one.confirm));
}

function environmentSpans({ name, colour }: HostEnvironment): readonly Span[] {
  return [{ text: ` ${name.toUpperCase()} `, tone: colour ? `on ${colour}` : 'strong' }, { text: ' ' }];
}

/** `✖ 2 critical`, `! 1 warning`: how many hosts have such an alert as their worst. */
function levelCounts(hosts: FleetPicture['hosts'], left: Heading['left']): readonly BadgeCount[] {
  const worst = hosts.map(({ host, alerts }) => {
    const levels = [...(left.get(host.name) ?? []), ...alerts].map(({ level }) => level);
    return levels.includes('critical') ? 'critical' : levels[0];
  });
  return (['critical', 'warning'] as const).flatMap((level) => {
    const count = worst.filter((one) => one === level).length;
    const { word, ...badge } = alertBadges[level];
    const words = level === 'warning' && count > 1 ? `${word}s` : word;
    return count === 0 ? [] : [{ badge: { ...badge, word: words }, count }];
  });
}

/** `  ✖ 1 unreachable`. */
const countSpans = ({ badge, count }: BadgeCount, look: Look): readonly Span[] => [
  { text: '  ' },
  { text: countText(badge, count, signsOf(look)), tone: badge.tone },
];

/** `▶ 1 job`, `! 1 runner died`. */
function jobCounts(jobs: readonly JobView[]): readonly BadgeCount[] {
  const unfinished = jobs.filter(({ job }) => !isOver(job.state));
  const abandoned = unfinished.filter((view) => view.abandoned).length;
  const running = unfinished.filter(goesOn).length;
  const counts: readonly BadgeCount[] = [
    { badge: { ...jobBadges.running, word: running === 1 ? 'job' : 'jobs' }, count: running },
    { badge: diedBadge, count: abandoned },
    { badge: jobBadges['cleanup-needed'], count: jobs.filter(({ job }) => job.state === 'cleanup-needed').length },
    { badge: lapsedBadge, count: unfinished.length - abandoned - running },
  ];
  return counts.filter(({ count }) => count > 0);
}
