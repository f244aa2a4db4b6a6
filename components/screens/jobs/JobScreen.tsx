// One job: its steps as they run, what it holds, and its log as it grows. The job does not need this screen to run.
import { Box, useApp } from 'ink';
import { type ReactNode, useCallback, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { isOver } from '../../../src/job/journal/record.ts';
import type { JobView } from '../../../src/job/journal/watch.ts';
import { usualTimes } from '../../../src/job/words/time-left.ts';
import { proposeAborts, resume } from '../../actions.ts';
import { useColumns } from '../../base/columns.ts';
import { Line } from '../../base/Line.tsx';
import { TabledLines, type TabledText } from '../../base/SmallTable.tsx';
import { useLook } from '../../base/theme.ts';
import { Viewport } from '../../base/Viewport.tsx';
import { rowsOf } from '../../base/whole-lines.ts';
import { useNow } from '../../clock.ts';
import { moveHandlers, useHandlers } from '../../handlers.ts';
import { jobLines } from '../../panes/job/job-lines.ts';
import { hostOfJob, nextWords } from '../../panes/job/job-words.ts';
import type { JobScene } from '../../panes/job/step-list.ts';
import { copiedLine, logHandlers } from '../../panes/log/keys.ts';
import { LogPane } from '../../panes/log/LogPane.tsx';
import { cursorMoved } from '../../panes/log/state.ts';
import { changeLog, createLogStore } from '../../panes/log/store.ts';
import { useFollow } from '../../panes/log/use-follow.ts';
import { openScreen, say } from '../../screen-store.ts';
import { useServices } from '../../services.ts';
import type { ScreenProps } from '../fleet/FleetScreen.tsx';
import { damagedLines } from './list.ts';

interface JobScreenProps extends ScreenProps {
  /** A text: of another jump host, `jump2:7`. */
  readonly id: number | string;
}

export function JobScreen({ id, ...space }: JobScreenProps): ReactNode {
  const { jobs } = useServices();
  const own = useStore(jobs.store, (picture) => picture.jobs.find(({ job }) => job.id === id));
  const other = useStore(jobs.others, (picture) => picture.jobs.find((one) => one.other?.name === id));
  const view = own ?? other;
  const damaged = useStore(jobs.store, (picture) => picture.damaged?.find((job) => job.id === id));
  const look = useLook();
  if (view) return <OpenJob view={view} {...space} />;
  if (damaged) {
    const lines = damagedLines(damaged, space.width, look);
    return <Viewport count={lines.length} top={0} height={space.height} lineAt={(index) => lines[index] ?? []} />;
  }
  const where = typeof id === 'number' ? 'in the journal' : 'known now';
  return <Line spans={[{ text: ` job ${id} is not ${where}`, tone: 'warning' }]} />;
}

interface OpenJobProps extends ScreenProps {
  readonly view: JobView;
}

/** The log always has a title, some lines, and a third of the screen, however many steps there are. */
const logLinesOf = (height: number) => Math.max(5, Math.floor(height / 3));

function OpenJob({ view, width, height }: OpenJobProps): ReactNode {
  const services = useServices();
  const { jobs, screens, copy } = services;
  const { suspendTerminal } = useApp();
  const { job } = view;
  const look = useLook();
  const nowMs = useNow(true);
  const [log] = useState(createLogStore);
  const id = view.other?.name ?? job.id;
  const open = useCallback(() => jobs.followLog(id), [jobs, id]);
  const live = useFollow(open, log);
  const how = useStore(log, (held) => held.log);
  const past = useStore(jobs.store, (picture) => picture.jobs);
  const { hosts } = job.plan;
  const usual = useMemo(() => {
    const done = past.map((one) => one.job).filter(({ state }) => state === 'done');
    return usualTimes(done, hosts);
  }, [past, hosts]);
  const host = hostOfJob(job);
  const next = view.other ? 'w opens the whole log' : nextWords(job, host, services.readOnly);
  const columns = useColumns();
  const most = Math.max(3, height - logLinesOf(height));
  const scene = { nowMs, look, width, usual, next };
  const text = look.linear ? wholeJob(view, most, columns, scene) : jobLines(view, most, scene);
  const textRows = look.linear ? most : text.lines.length;
  const logLines = Math.max(0, height - textRows);

  const page = async () => {
    const text = await jobs.readLog(id);
    if (!text.ok) return say(screens, text.why, 'warning');
    let why: string | undefined;
    await suspendTerminal(async () => {
      why = await services.page(text.text);
    });
    if (why !== undefined) say(screens, why, 'warning');
  };
  useHandlers({
    ...moveHandlers((move) => () => {
      changeLog(log, (before, now) => cursorMoved(before, now, move, Math.max(1, logLines - 1)));
      return undefined;
    }),
    ...logHandlers({ screens, log, onFound: () => undefined }),
    'log.pager': () => {
      void page();
      return undefined;
    },
    'text.copy': () => copiedLine(copy, log),
    'job.abort': () => proposeAborts(services, [view]),
    'job.resume': () => resume(services, view),
    'host.open': () => {
      openScreen(screens, { name: 'host', host });
      return undefined;
    },
    'seed.open': () => {
      openScreen(screens, { name: 'seed', target: host });
      return undefined;
    },
  });

  return (
    <Box flexDirection="column" height={height}>
      <TabledLines text={text} top={0} height={textRows} />
      <LogPane
        title={isOver(job.state) ? 'log, to its end' : 'log'}
        live={live}
        how={how}
        focused
        width={width}
        height={logLines}
        nowMs={nowMs}
      />
    </Box>
  );
}

/** For a screen reader: fewer lines, until none of them has to be cut. */
function wholeJob(view: JobView, most: number, columns: number, scene: JobScene): TabledText {
  for (let lines = most; ; lines--) {
    const text = jobLines(view, lines, scene);
    const rows = text.lines.map((line) => rowsOf(line.map((one) => one.text).join(''), columns));
    if (lines <= 3 || rows.reduce((sum, one) => sum + one, 0) <= most) return text;
  }
}
