// The choices of a seed: which host or snapshot gives the data, which hosts get it, and how. What can be chosen is in
// state.ts, the screen's text in lines.ts, the keys in keys.ts. The plan is shown as a proposal over it.
import { Box } from 'ink';
import { type ReactNode, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { stateOf } from '../../../src/fleet/badges.ts';
import type { HostPicture } from '../../../src/fleet/picture.ts';
import type { JobView } from '../../../src/job/journal/watch.ts';
import { endingOf } from '../../../src/seed/ending.ts';
import { shortDuration } from '../../../src/text/amounts.ts';
import { Line } from '../../base/Line.tsx';
import { type Look, type Span, signsOf, useLook } from '../../base/theme.ts';
import { topFor, Viewport } from '../../base/Viewport.tsx';
import { betweenEdges, truncateSpans } from '../../base/width.ts';
import { useNow } from '../../clock.ts';
import { useHandlers } from '../../handlers.ts';
import { say } from '../../screen-store.ts';
import { useServices } from '../../services.ts';
import type { ScreenProps } from '../fleet/FleetScreen.tsx';
import { useCursor } from '../list/cursor.ts';
import { noRowLines } from '../list/layout.ts';
import { noItem, seedHandlers, stopAsking } from './keys.ts';
import { type SeedScene, seedDetails, seedLines } from './lines.ts';
import { createSeedStore, notTargets, type SeedChoices, seedChoices } from './state.ts';

interface SeedScreenProps extends ScreenProps {
  readonly target: string;
  readonly also?: readonly string[] | undefined;
}

export function SeedScreen({ target, also, ...space }: SeedScreenProps): ReactNode {
  const { fleet } = useServices();
  const picture = useStore(fleet, ({ hosts }) => hosts.find(({ host }) => host.name === target));
  if (picture) return <OpenSeed target={picture} also={also} {...space} />;
  return <Line spans={[{ text: ` ${target} is not in the inventory any more`, tone: 'warning' }]} />;
}

interface OpenSeedProps extends ScreenProps {
  readonly target: HostPicture;
  readonly also: readonly string[] | undefined;
}

/** The line above the list, and the status line. */
const edgeLines = 2;

const jobOf = ({ job }: JobView) => job;

function OpenSeed({ target, also, width, height }: OpenSeedProps): ReactNode {
  const services = useServices();
  const { fleet } = services;
  const look = useLook();
  const [store] = useState(() => createSeedStore(also));
  useEffect(() => () => stopAsking(store), [store]);
  const picture = useStore(fleet);
  const state = useStore(store);
  const nowMs = useNow(state.asking !== undefined);
  const jobs = useStore(services.jobs.store, (state) => state.jobs);
  const choices = useMemo(() => seedChoices(target, picture, state, jobs.map(jobOf)), [target, picture, state, jobs]);
  const drawn = useRef(choices);
  useLayoutEffect(() => {
    drawn.current = choices;
  });
  useEffect(() => {
    const whys = notTargets(drawn.current, also ?? []);
    if (whys.length > 0) say(services.screens, whys.join('; '), 'warning');
  }, [also, services.screens]);
  // The header names the environments of all of them.
  const sides = [choices.chosen?.donor.name ?? '', ...choices.targets].filter((name) => name !== '').join('\n');
  useLayoutEffect(() => {
    services.screens.setState({ seedHosts: sides.split('\n') });
    return () => services.screens.setState({ seedHosts: [] });
  }, [services.screens, sides]);
  const selected = useCursor(choices.items, {
    cursor: state.cursor,
    // While no donor has answered yet, the targets are the first rows.
    settled: choices.chosen !== undefined || !picture.hosts.some((one) => stateOf(one) === 'asking'),
    place: (cursor) => store.setState({ cursor }),
  });
  const detailHeight = height >= 16 ? 3 : 0;
  const listHeight = Math.max(1, height - edgeLines - detailHeight);
  const name = target.host.name;
  useHandlers(
    seedHandlers({
      services,
      store,
      choices: () => {
        const now = fleet.getState();
        const past = services.jobs.store.getState().jobs.map(jobOf);
        return seedChoices(now.hosts.find(({ host }) => host.name === name) ?? target, now, store.getState(), past);
      },
      drawn: () => drawn.current,
      height: listHeight,
    }),
  );

  const scene = { look, width };
  const lines = seedLines(choices, selected, scene);
  const at = lines.findIndex(({ item }) => item === selected);
  const top = useRef(0);
  top.current = selected === 0 ? 0 : topFor(Math.max(0, at), top.current, listHeight, lines.length);
  const item = choices.items[selected];
  const details = item
    ? seedDetails(item, detailHeight, scene)
    : noRowLines(noItem(state), width).slice(0, detailHeight);
  const asking = state.asking && nowMs - state.asking.sinceMs;
  return (
    <Box flexDirection="column" height={height}>
      <Line spans={titleLine(choices, [top.current, lines.length - top.current - listHeight], scene)} />
      <Viewport
        count={lines.length}
        top={top.current}
        height={listHeight}
        selected={at}
        lineAt={(index) => lines[index]?.spans ?? []}
      />
      <Viewport count={details.length} top={0} height={detailHeight} lineAt={(index) => details[index] ?? []} />
      <Line spans={truncateSpans(statusLine(choices, asking, look), width, signsOf(look).ellipsis)} />
    </Box>
  );
}

/** `unseen`: rows above the window and below it; negative: none. */
function titleLine(
  choices: SeedChoices,
  unseen: readonly [number, number],
  { look, width }: SeedScene,
): readonly Span[] {
  const [above, below] = unseen;
  const more = [...(above > 0 ? [`+${above} above`] : []), ...(below > 0 ? [`+${below} below`] : [])].join(' ');
  const left: Span = { text: ` ${titleOf(choices)}`, tone: 'strong' };
  return betweenEdges([left], more === '' ? [] : [{ text: ` ${more} `, tone: 'dim' }], width, signsOf(look).ellipsis);
}

function titleOf({ chosen, targets, ends }: SeedChoices): string {
  const from = chosen ? `${chosen.donor.name}${chosen.snapshot ? `'s ${chosen.snapshot.volume}` : ''}` : '?';
  return `seed ${from} → ${targets.join(', ')}${endingOf({ ...(ends && { ends }) }).titled}`;
}

/** The status: before enter, that nothing is done; then which hosts are asked, and for how long. */
function statusLine({ chosen, targets }: SeedChoices, askingMs: number | undefined, look: Look): readonly Span[] {
  if (askingMs === undefined) {
    return [{ text: ' nothing is done yet: enter asks the hosts and shows the plan', tone: 'dim' }];
  }
  const names = [...(chosen ? [chosen.donor.name] : []), ...targets].join(', ');
  return [
    {
      text: ` ${signsOf(look).running} asks ${names} what a seed has to know: ${shortDuration(askingMs)}`,
      tone: 'accent',
    },
    { text: '   esc ends it', tone: 'dim' },
  ];
}
