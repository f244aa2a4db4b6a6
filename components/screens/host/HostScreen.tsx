// One host: its server, replication, disk and snapshots, and its error log as it grows. The text of each pane is in
// panes/, the sharing of the height in layout.ts, the keys in keys.ts.
import { Box, useApp } from 'ink';
import { type ReactNode, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { HostPicture } from '../../../src/fleet/picture.ts';
import { Line } from '../../base/Line.tsx';
import { useLook } from '../../base/theme.ts';
import { Viewport } from '../../base/Viewport.tsx';
import { useNow } from '../../clock.ts';
import { useHandlers } from '../../handlers.ts';
import { FactPane } from '../../panes/FactPane.tsx';
import type { PaneLine } from '../../panes/fields.ts';
import { jobsOf, leftByHost } from '../../panes/job/job-words.ts';
import { logText } from '../../panes/log/keys.ts';
import { LogPane } from '../../panes/log/LogPane.tsx';
import { createLogStore } from '../../panes/log/store.ts';
import { withPlanned } from '../../panes/planned.ts';
import { openScreen, say } from '../../screen-store.ts';
import { useServices } from '../../services.ts';
import { alertsOf } from '../fleet/cells.ts';
import type { ScreenProps } from '../fleet/FleetScreen.tsx';
import { hostActions } from './actions.ts';
import { headLines } from './head.ts';
import { hostHandlers } from './keys.ts';
import { type PlacedColumn, placedPanes } from './panes.ts';
import { useLog } from './use-log.ts';
import { createHostView, type HostView } from './view.ts';

interface HostScreenProps extends ScreenProps {
  readonly host: string;
}

export function HostScreen({ host, ...space }: HostScreenProps): ReactNode {
  const { fleet } = useServices();
  const picture = useStore(fleet, ({ hosts }) => hosts.find((one) => one.host.name === host));
  if (picture) return <OpenHost picture={picture} {...space} />;
  return <Line spans={[{ text: ` ${host} is not in the inventory any more`, tone: 'warning' }]} />;
}

interface OpenHostProps extends ScreenProps {
  readonly picture: HostPicture;
}

function OpenHost({ picture, width, height }: OpenHostProps): ReactNode {
  const services = useServices();
  const { suspendTerminal } = useApp();
  const look = useLook();
  const nowMs = useNow(true);
  const [store] = useState(createHostView);
  const [logStore] = useState(createLogStore);
  const { focused, zoomed, tops } = useStore(store);
  const { log } = useStore(logStore);
  const { live, onShown } = useLog(picture.host.name, logStore);
  const allJobs = useStore(services.jobs.store, (state) => state.jobs);
  const jobs = useMemo(() => jobsOf(allJobs, picture.host.name), [allJobs, picture.host.name]);
  const planned = useStore(services.schedules.store, (state) => state.planned);
  const left = useMemo(() => withPlanned(leftByHost(allJobs), planned), [allJobs, planned]);
  const alerts = alertsOf(picture, { left });
  const head = headLines(picture, { nowMs, look, width }, Math.floor(height / 4), alerts);
  const course = useStore(services.courses, (courses) => courses.get(picture.host.name));
  const placed = placedPanes(picture, {
    width,
    height: height - head.length,
    focused,
    zoomed,
    nowMs,
    look,
    jobs,
    course,
  });

  const page = async () => {
    const text = logText(logStore.getState());
    let why: string | undefined;
    await suspendTerminal(async () => {
      why = await services.page(text);
    });
    if (why !== undefined) say(services.screens, why, 'warning');
  };
  const pane = () => {
    const { focused: name } = store.getState();
    const found = placed.columns.flatMap(({ panes }) => panes).find((one) => one.name === name);
    const lines = found?.pane.lines ?? [];
    const shownLines = Math.max(1, (found?.height ?? 0) - 1);
    return { count: lines.length, height: shownLines, text: lines.map(textOf).join('\n'), whole: look.linear };
  };
  const logHeight = () => Math.max(1, placed.logLines - 1);
  useHandlers({
    ...hostActions(services),
    'job.open': () => {
      const [newest] = jobs;
      if (!newest) return 'no job has worked on it yet';
      openScreen(services.screens, { name: 'job', id: newest.job.id });
      return undefined;
    },
    ...hostHandlers({ services, store, log: logStore, pane, logHeight, page: () => void page() }),
  });

  return (
    <Box flexDirection="column" height={height}>
      <Viewport count={head.length} top={0} height={head.length} lineAt={(index) => head[index] ?? []} />
      <Box height={placed.factLines} flexShrink={0}>
        {placed.columns.map((column) => (
          <FactColumn key={column.panes[0]?.name} column={column} focused={focused} tops={tops} />
        ))}
      </Box>
      {placed.logLines > 0 && (
        <LogPane
          title="error log"
          live={live}
          how={log}
          focused={focused === 'log'}
          width={width}
          height={placed.logLines}
          nowMs={nowMs}
          {...(onShown && { onShown })}
        />
      )}
    </Box>
  );
}

const textOf = (line: PaneLine): string =>
  line
    .map(({ text }) => text)
    .join('')
    .trim();

interface FactColumnProps extends Pick<HostView, 'focused' | 'tops'> {
  readonly column: PlacedColumn;
}

function FactColumn({ column: { width, panes }, focused, tops }: FactColumnProps): ReactNode {
  const look = useLook();
  return (
    <Box flexDirection="column" width={width} flexShrink={0}>
      {panes
        .filter(({ height }) => height > 0)
        .map(({ name, pane, height }) => (
          <FactPane
            key={name}
            pane={pane}
            focused={name === focused}
            top={Math.min(tops[name] ?? 0, Math.max(0, pane.lines.length - (look.linear ? 1 : height - 1)))}
            width={width}
            height={height}
          />
        ))}
    </Box>
  );
}
