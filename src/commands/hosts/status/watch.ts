// reseed status --watch: the picture as it changes. On a terminal a table in place; in a pipe a line for each change.
import type { FleetPicture } from '../../../fleet/picture.ts';
import { type PollingOptions, startPolling } from '../../../fleet/polling/poller.ts';
import { createFleetStore, type Earlier, only, reportsMore } from '../../../fleet/store.ts';
import type { Host, Inventory } from '../../../inventory/settings.ts';
import { jobsAtWork, jobsHalfUndone } from '../../../operations/jobs/locks/at-work.ts';
import { linesOfChanges, type Show } from './lines.ts';
import { type Paint, statusLines, summaryLine } from './table.ts';

export interface WatchStatusOptions extends Omit<PollingOptions, 'inventory' | 'store'> {
  /** The whole inventory. */
  readonly inventory: Inventory;
  /** The watched hosts. */
  readonly hosts: readonly Host[];
  readonly signal: AbortSignal;
  readonly json: boolean;
  readonly paint: Paint;
  readonly earlier: Earlier;
  /** Called when a host reports further corrupt data. */
  readonly keep: (picture: FleetPicture) => void;
}

/** Runs until the signal; then no probe is left on any host. */
export async function watchStatus({
  inventory,
  hosts,
  signal,
  json,
  paint,
  earlier,
  keep,
  ...options
}: WatchStatusOptions): Promise<void> {
  const store = createFleetStore(inventory, Date.now(), earlier);
  const onTerminal = process.stdout.isTTY && !json;
  const show = onTerminal ? tableInPlace(() => only(store.getState(), hosts), paint) : linesOfChanges(json);
  const unsubscribe = store.subscribe((picture, before) => {
    show.changed(only(picture, hosts));
    if (reportsMore(picture, before)) keep(picture);
  });
  show.changed(only(store.getState(), hosts));
  const polling = startPolling({ ...options, inventory: { hosts }, store });
  const over = Promise.withResolvers<void>();
  signal.addEventListener('abort', () => over.resolve(), { once: true });
  if (!signal.aborted) await over.promise;
  unsubscribe();
  show.end();
  await polling.stop();
}

// Alternate screen without cursor, and back. Synchronized output (mode 2026) lets a terminal that supports it show a
// frame as a whole.
const enter = '\x1b[?1049h\x1b[?25l';
const leave = '\x1b[?25h\x1b[?1049l';

/** Each line is overwritten and cleared only after its end, so nothing flickers. An unchanged table writes nothing. */
function tableInPlace(read: () => FleetPicture, paint: Paint): Show {
  const { stdout } = process;
  let shown = '';
  let jobs = jobsAtWork();
  let halfUndone = jobsHalfUndone();
  const lines = () => {
    const picture = read();
    const options = { nowMs: Date.now(), width: stdout.columns, paint, jobs, halfUndone };
    return [summaryLine(picture, paint), '', ...statusLines(picture, options)];
  };
  const draw = () => {
    const all = lines();
    const fitting = all.length > stdout.rows ? [...all.slice(0, stdout.rows - 1), paint('dim', '…')] : all;
    const frame = fitting.map((line) => `${line}\x1b[K`).join('\r\n');
    if (frame !== shown) stdout.write(`\x1b[?2026h\x1b[H${frame}\x1b[J\x1b[?2026l`);
    shown = frame;
  };
  const redraw = () => {
    shown = '';
    draw();
  };
  stdout.write(enter);
  stdout.on('resize', redraw);
  // Ages change without any event.
  const clock = setInterval(() => {
    jobs = jobsAtWork();
    halfUndone = jobsHalfUndone();
    draw();
  }, 1000);
  return {
    changed: draw,
    end: () => {
      clearInterval(clock);
      stdout.off('resize', redraw);
      stdout.write(`${leave}${lines().join('\n')}\n`);
    },
  };
}
