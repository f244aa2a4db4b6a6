// One round of the copy: opens the channels, starts the unit on the donor, and watches it to its end.

import type { StepProgress } from '../../job/journal/record.ts';
import { isLost, lanesLeft } from '../../job/lanes.ts';
import type { FailedStep } from '../../job/plan/step-work.ts';
import { mayPass, notDone } from '../../job/runner/step-end.ts';
import { linesOf, pollUnit, type Silence, untilEnded } from '../../job/unit/watch-unit.ts';
import type { UnitReport } from '../../remote/unit.ts';
import { shortSize } from '../../text/amounts.ts';
import { timeOfDay } from '../../text/times.ts';
import { meetAgain, openChannels } from './channel/open-channel.ts';
import { recoverDonor } from './donor-recovery.ts';
import { askFull, type FullDisks, fullWords, markFull, withFree } from './full-disk.ts';
import type { MovingTools } from './moving.ts';
import { laneStalls, type RateLook, stallText, transferRateOf, withLook } from './rate.ts';
import { pageWords, reached, readSending, readSent, type Sending, sentWords } from './sending.ts';

/** The targets that did not get everything, each with the reason. */
export type Losses = Readonly<Record<string, string>>;
/** `isFinal`: a further try would end alike. */
export type Moved = { readonly ok: true; readonly lost: Losses; readonly isFinal?: boolean } | FailedStep;

const lookEveryMs = 1000;

/** The looks at the copy, over all its tries. */
export interface StallWatch {
  looks: readonly RateLook[];
  /** Whether the stall was reported. */
  still: boolean;
  /** The same of each target. */
  readonly stillLanes: Set<string>;
  readonly full: FullDisks;
}

/** For how long no byte came; empty if that is unknown, or something moves. */
export function stillFor({ looks }: StallWatch): Pick<StepProgress, 'stalledMs'> {
  const { stalledMs } = transferRateOf(looks);
  return stalledMs === undefined ? {} : { stalledMs };
}

interface Try {
  /** An error happened before, so no channel counts as open. */
  readonly again: boolean;
  /** What is lost now is not tried again. */
  readonly isLast: boolean;
  readonly watch: StallWatch;
}

/** `targets` in the order of the plan: the unit knows them by their index. */
export async function moveOnce(
  tools: MovingTools,
  targets: readonly string[],
  { again, isLast, watch }: Try,
): Promise<Moved> {
  const recovered = await recoverDonor(tools, targets);
  if (!recovered.ok) return recovered;
  const there = lanesLeft(targets, tools.lostLanes());
  const unit = await pollUnit(tools, 'send poll');
  // A running unit was started by an earlier runner, over channels that it opened.
  if (unit?.state.kind === 'running') return await watchSending(tools, targets, { closed: {}, isLast, watch });
  const closed = await openChannels(tools, there, again || recovered.forgot);
  for (const key of ['send end', 'send start']) {
    const answer = await tools.run(key);
    if (!answer.ok) return mayPass(answer) ? { ok: true, lost: all(there, answer.message) } : notDone(answer);
  }
  return await watchSending(tools, targets, { closed, isLast, watch });
}

const all = (lanes: readonly string[], why: string): Losses => Object.fromEntries(lanes.map((lane) => [lane, why]));

/** `closed`: targets whose channel did not open. */
async function watchSending(
  tools: MovingTools,
  targets: readonly string[],
  { closed, isLast, watch }: { readonly closed: Losses } & Pick<Try, 'isLast' | 'watch'>,
): Promise<Moved> {
  const tell = teller(tools, targets, watch);
  const unit = await untilEnded(tools, {
    key: 'send poll',
    everyMs: lookEveryMs,
    beforeLook: async () => {
      await keepChannels(tools, targets);
      await askFull(tools, watch.full);
    },
    onReport: ({ progress }) => tell(progress),
    onSilence: (silence) => tools.progress({ text: silenceText(tools.step.host, silence), ...stillFor(watch) }),
    silent: `${tools.step.host} has not answered`,
    advice: 'seed again when it is back',
  });
  if (!unit.ok) return unit;
  const lost = await withFree(tools, lossesOf(tools, { unit, targets, closed, isLast }));
  const final = new Set(readSent(linesOf(unit), targets).flatMap(({ lane, isFinal }) => (isFinal ? [lane] : [])));
  return { ok: true, lost, isFinal: Object.keys(lost).every((lane) => final.has(lane)) };
}

function silenceText(donor: string, { silentMs, leftMs }: Silence): string {
  const at = (ms: number) => timeOfDay(new Date(Date.now() + ms));
  return `no answer from ${donor} since ${at(-silentMs)}; whether it still sends is unknown; it is waited for until ${at(leftMs)}`;
}

/** The unit on the donor continues as soon as a channel is open again; if none opens, it reports that at its end. */
async function keepChannels(tools: MovingTools, targets: readonly string[]): Promise<void> {
  for (const lane of lanesLeft(targets, tools.lostLanes())) {
    const closed = await meetAgain(tools, lane);
    if (closed) tools.progress({ text: `no way to ${lane}: ${closed.message}` });
  }
}

interface Ended extends Pick<Try, 'isLast'> {
  readonly unit: UnitReport;
  readonly targets: readonly string[];
  readonly closed: Losses;
}

function lossesOf(tools: MovingTools, { unit, targets, closed, isLast }: Ended): Losses {
  const lines = linesOf(unit);
  for (const line of lines) tools.note(`| ${sentWords(line, tools.step.host, targets, isLast)}`);
  const sent = readSent(lines, targets);
  const whole = new Set(sent.filter(({ why }) => why === undefined).map(({ lane }) => lane));
  const whys = new Map(sent.map(({ lane, why }) => [lane, why]));
  const lost = Object.fromEntries(
    lanesLeft(targets, tools.lostLanes())
      .filter((lane) => !whole.has(lane))
      .map((lane) => [
        lane,
        whys.get(lane) ?? `the unit that sends on ${tools.step.host} ended early (was ${tools.step.host} restarted?)`,
      ]),
  );
  const stillClosed = Object.fromEntries(Object.entries(closed).filter(([lane]) => !whole.has(lane)));
  return { ...lost, ...stillClosed };
}

/** Reports progress and rate; a stall is also written to the log, once each time. */
function teller(
  { progress, note, input, lostLanes }: MovingTools,
  targets: readonly string[],
  watch: StallWatch,
): (line: string) => void {
  return (line) => {
    const sending = readSending(line, targets);
    if (!sending) return;
    const { totalBytes, full } = sending;
    markFull(watch.full, full);
    watch.looks = withLook(watch.looks, { atMs: Date.now(), ...sending });
    const { streams, stalledMs } = transferRateOf(watch.looks);
    const most = watch.looks.at(-1)?.maxBytes ?? [];
    const gone = lostLanes();
    const waiting = targets.filter((lane, index) => !isLost(gone, lane) && (most[index] ?? 0) < totalBytes);
    const stall = stalledMs === undefined ? undefined : stallText(stalledMs, waiting, input.patienceSeconds);
    if (stall !== undefined && !watch.still) note(`! ${stall}`);
    if (stall === undefined && watch.still) note('it moves again');
    watch.still = stall !== undefined;
    const far = reached(targets, most, totalBytes, gone);
    const text = [...fullWords(watch.full, waiting), stall ?? farWords(far.doneBytes, sending, input)].join('; ');
    const lanes = laneProgress(far.lanes, stall === undefined ? waiting : [], watch, { note, input });
    progress({
      text,
      ...totalsOf(input, { ...far, lanes }),
      ...sentOf(sending),
      streams,
      ...(stalledMs !== undefined && { stalledMs }),
    });
  };
}

const sentOf = ({ pages, limit }: Sending): Pick<StepProgress, 'sentBytes' | 'limit'> => ({
  ...(pages && { sentBytes: pages.sentBytes }),
  ...(limit !== undefined && { limit }),
});

/** Of all that is listed: of a part of it they tell nothing. */
const totalsOf = <Totals extends object>({ isPart }: Pick<MovingTools['input'], 'isPart'>, totals: Totals) =>
  isPart ? {} : totals;

/** `410 MB of 1.9 GB; kept 400 MB of the old data, sent 10 MB (before compression)` */
const farWords = (
  doneBytes: number,
  { totalBytes, pages }: Sending,
  { isPart }: Pick<MovingTools['input'], 'isPart'>,
): string =>
  [
    isPart
      ? `${shortSize(doneBytes)} of the named tables so far`
      : `${shortSize(doneBytes)} of ${shortSize(totalBytes)}`,
    ...(pages ? [pageWords(pages)] : []),
  ].join('; ');

/** With what is said of each of `waiting` that gets nothing while others do; in the log as well, once each time. */
function laneProgress(
  lanes: NonNullable<StepProgress['lanes']>,
  waiting: readonly string[],
  watch: StallWatch,
  { note, input }: Pick<MovingTools, 'note' | 'input'>,
): NonNullable<StepProgress['lanes']> {
  const stalls = laneStalls(watch.looks);
  return Object.fromEntries(
    Object.entries(lanes).map(([lane, far], index) => {
      const stalledMs = waiting.includes(lane) ? stalls[index] : undefined;
      if (stalledMs === undefined) {
        watch.stillLanes.delete(lane);
        return [lane, far];
      }
      const still = stallText(stalledMs, [lane], input.patienceSeconds);
      const text = [...fullWords(watch.full, [lane]), still].join('; ');
      if (!watch.stillLanes.has(lane)) note(`! ${lane}: ${text}`);
      watch.stillLanes.add(lane);
      return [lane, { ...far, text, stalledMs }];
    }),
  );
}
