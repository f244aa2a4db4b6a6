// The first line: which fleet, how it is, whether anything can be changed, who is here, what time it is.
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import type { FleetPicture } from '../src/fleet/picture.ts';
import { isOver } from '../src/job/record.ts';
import { goesOn } from '../src/job/runner-state.ts';
import type { JobView } from '../src/job/watch.ts';
import { timeOfDay } from '../src/text/times.ts';
import { Line } from './base/Line.tsx';
import { type Look, type Span, signsOf, type Tone, useLook } from './base/theme.ts';
import { betweenEdges, spansWidth } from './base/width.ts';
import { useNow } from './clock.ts';
import { type HostState, stateOf } from './screens/host-state.ts';
import { useServices } from './services.ts';

export function Header({ width }: { readonly width: number }): ReactNode {
  const { fleet, jobs, operator, readOnly } = useServices();
  const look = useLook();
  const picture = useStore(fleet);
  const views = useStore(jobs.store, (state) => state.jobs);
  // A screen reader would read the whole frame out again at each tick.
  const nowMs = useNow(!look.linear);
  const clock = look.linear ? '' : timeOfDay(new Date(nowMs));
  return <Line spans={headerLine({ picture, jobs: views, readOnly, operator, clock }, width, look)} />;
}

interface Heading {
  readonly picture: FleetPicture;
  readonly jobs: readonly JobView[];
  readonly readOnly: boolean;
  readonly operator: string;
  readonly clock: string;
}

/** What there is no room for goes in this order: the program's name, the operator, the clock, the fleet's name. */
function headerLine(heading: Heading, width: number, look: Look): readonly Span[] {
  const { ellipsis } = signsOf(look);
  const fits = [4, 3, 2, 1, 0].map((detail) => ends(heading, detail, look));
  const [left, right] =
    fits.find(([one, other]) => spansWidth(one) + spansWidth(other) + 1 <= width) ?? ends(heading, 0, look);
  return betweenEdges(left, right, width, ellipsis);
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
    ...(detail > 3 ? [{ text: ' reseed ', tone: 'accent' } as const] : []),
    ...(detail > 0 ? [{ text: ` ${picture.fleet}`, tone: 'strong' } as const, { text: ` ${dot} ${size}` }] : []),
  ];
  const badge: Span = readOnly ? { text: 'READ-ONLY', tone: 'good' } : { text: 'READ-WRITE', tone: 'warning' };
  const operatorText = detail > 2 ? `  ${operator}` : '';
  const clockPart = detail > 1 && clock !== '' ? `  ${clock}` : '';
  return [
    [...name, ...countSpans(picture, look), ...jobSpans(jobs, look)],
    [badge, { text: `${operatorText}${clockPart} ` }],
  ];
}

const counted: readonly (readonly [
  label: string,
  sign: 'up' | 'down' | 'bad' | 'waiting' | 'none',
  states: HostState[],
])[] = [
  ['up', 'up', ['up', 'closed']],
  ['crash-looping', 'bad', ['crash-looping']],
  ['down', 'down', ['down', 'starting', 'stopping']],
  ['empty datadir', 'none', ['blank']],
  ['unreachable', 'bad', ['unreachable']],
  ['no sudo', 'bad', ['no sudo']],
  ['silent', 'waiting', ['silent']],
  ['unknown', 'waiting', ['unknown']],
  ['asking', 'waiting', ['asking']],
];

const tones = { up: 'good', down: 'bad', bad: 'bad', waiting: 'dim', none: 'dim' } as const;

/** `● 4 up  ○ 1 down  ✖ 1 unreachable`: states that no host is in are left out. */
function countSpans({ hosts }: FleetPicture, look: Look): readonly Span[] {
  const states = hosts.map(stateOf);
  return counted.flatMap(([label, sign, some]): Span[] => {
    const count = states.filter((state) => some.includes(state)).length;
    if (count === 0) return [];
    return [{ text: '  ' }, { text: `${signsOf(look)[sign]} ${count} ${label}`, tone: tones[sign] }];
  });
}

/** `▶ 1 job  ! 1 abandoned`. */
function jobSpans(jobs: readonly JobView[], look: Look): readonly Span[] {
  const unfinished = jobs.filter(({ job }) => !isOver(job.state));
  const abandoned = unfinished.filter((view) => view.abandoned).length;
  const running = unfinished.filter(goesOn).length;
  const unclean = jobs.filter(({ job }) => job.state === 'cleanup-needed').length;
  const lapsed = unfinished.length - abandoned - running;
  const sign = signsOf(look);
  const part = (count: number, words: string, tone: Tone): readonly Span[] =>
    count === 0 ? [] : [{ text: '  ' }, { text: words, tone }];
  return [
    ...part(running, `${sign.running} ${running} ${running === 1 ? 'job' : 'jobs'}`, 'accent'),
    ...part(abandoned, `${sign.warning} ${abandoned} abandoned`, 'warning'),
    ...part(unclean, `${sign.bad} ${unclean} cleanup needed`, 'bad'),
    ...part(lapsed, `${sign.warning} ${lapsed} not renewed`, 'warning'),
  ];
}
