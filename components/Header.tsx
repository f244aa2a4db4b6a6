// The first line: the fleet and its state, whether anything can be changed, the operator, the time.
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { type BadgeCount, hostCounts } from '../src/fleet/badges.ts';
import type { FleetPicture } from '../src/fleet/picture.ts';
import { isOver } from '../src/job/journal/record.ts';
import type { JobView } from '../src/job/journal/watch.ts';
import { goesOn } from '../src/job/lease/runner-state.ts';
import { diedBadge, jobBadges, lapsedBadge } from '../src/job/words/badges.ts';
import { countText } from '../src/text/badge.ts';
import { nowText } from '../src/text/times.ts';
import { Line } from './base/Line.tsx';
import { type Look, type Span, signsOf, useLook } from './base/theme.ts';
import { betweenEdges, spansWidth } from './base/width.ts';
import { useNow } from './clock.ts';
import { useServices } from './services.ts';

export function Header({ width }: { readonly width: number }): ReactNode {
  const { fleet, jobs, operator, readOnly } = useServices();
  const look = useLook();
  const picture = useStore(fleet);
  const views = useStore(jobs.store, (state) => state.jobs);
  // A screen reader would read the whole frame again at each tick.
  const nowMs = useNow(!look.linear);
  const clock = look.linear ? '' : nowText(new Date(nowMs));
  return <Line spans={headerLine({ picture, jobs: views, readOnly, operator, clock }, width, look)} />;
}

interface Heading {
  readonly picture: FleetPicture;
  readonly jobs: readonly JobView[];
  readonly readOnly: boolean;
  readonly operator: string;
  readonly clock: string;
}

/**
 * In a narrow line these are dropped, in this order: the program's name, the operator, the clock, the fleet's name, what is in order.
 * Trouble stays, the worst first.
 */
function headerLine(heading: Heading, width: number, look: Look): readonly Span[] {
  const { ellipsis } = signsOf(look);
  const fits = [5, 4, 3, 2, 1, 0].map((detail) => ends(heading, detail, look));
  const [left, right] =
    fits.find(([one, other]) => spansWidth(one) + spansWidth(other) + 1 <= width) ?? ends(heading, 0, look);
  // A blank stays between the two ends, where the left one is cut too.
  return betweenEdges(left, [{ text: ' ' }, ...right], width, ellipsis);
}

function ends(
  { picture, jobs, readOnly, operator, clock }: Heading,
  detail: number,
  look: Look,
): readonly [readonly Span[], readonly Span[]] {
  const { dot } = signsOf(look);
  const hosts = picture.hosts.length;
  const size = `${hosts} ${hosts === 1 ? 'host' : 'hosts'}`;
  const name: readonly Span[] = [
    ...(detail > 4 ? [{ text: ' reseed ', tone: 'accent' } as const] : []),
    ...(detail > 1 ? [{ text: ` ${picture.fleet}`, tone: 'strong' } as const, { text: ` ${dot} ${size}` }] : []),
  ];
  const all = [...hostCounts(picture.hosts), ...jobCounts(jobs)];
  const trouble = (['bad', 'warning'] as const).flatMap((tone) => all.filter(({ badge }) => badge.tone === tone));
  const counts = detail > 0 || trouble.length === 0 ? all : trouble;
  const badge: Span = readOnly ? { text: 'READ-ONLY', tone: 'good' } : { text: 'READ-WRITE', tone: 'warning' };
  const operatorText = detail > 3 ? `  ${operator}` : '';
  const clockPart = detail > 2 && clock !== '' ? `  ${clock}` : '';
  return [
    [...name, ...counts.flatMap((one) => countSpans(one, look))],
    [badge, { text: `${operatorText}${clockPart} ` }],
  ];
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
