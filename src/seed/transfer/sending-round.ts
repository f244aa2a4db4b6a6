// One round of the copy: the channels opened, the unit on the donor started, and watched to its end.

import type { StepProgress } from '../../job/journal/record.ts';
import { isLost, lanesLeft } from '../../job/lanes.ts';
import type { FailedStep } from '../../job/plan/step-work.ts';
import { mayPass, notDone } from '../../job/runner/step-end.ts';
import type { UnitReport } from '../../remote/unit.ts';
import { shortSize } from '../../text/amounts.ts';
import { timeOfDay } from '../../text/times.ts';
import { meetAgain, openChannels } from './channel/open-channel.ts';
import { recoverDonor } from './donor-recovery.ts';
import type { MovingTools } from './moving.ts';
import { type RateLook, stallText, transferRateOf, withLook } from './rate.ts';
import { reached, readSending, readSent, sentWords } from './sending.ts';
import { linesOf, pollUnit, type Silence, untilEnded } from './unit-of.ts';

/** Why each that did not get everything did not. */
export type Losses = Readonly<Record<string, string>>;
export type Moved = { readonly ok: true; readonly lost: Losses } | FailedStep;

const lookEveryMs = 1000;

/** What was seen of the copy, over all its tries. */
export interface StallWatch {
  looks: readonly RateLook[];
  /** Whether it was told that nothing moves. */
  still: boolean;
}

/** For how long no byte came; nothing where that is not known, or something moves. */
export function stillFor({ looks }: StallWatch): Pick<StepProgress, 'stalledMs'> {
  const { stalledMs } = transferRateOf(looks);
  return stalledMs === undefined ? {} : { stalledMs };
}

interface Try {
  /** Something went wrong before, and no channel is believed to stand. */
  readonly again: boolean;
  readonly watch: StallWatch;
}

/** `targets` in the order of the plan: the unit knows them by their place in it. */
export async function moveOnce(tools: MovingTools, targets: readonly string[], { again, watch }: Try): Promise<Moved> {
  const recovered = await recoverDonor(tools, targets);
  if (!recovered.ok) return recovered;
  const there = lanesLeft(targets, tools.lostLanes());
  const unit = await pollUnit(tools, 'send poll');
  // One that runs was started by a runner before this one, over channels that it opened.
  if (unit?.state.kind === 'running') return await watchSending(tools, targets, { closed: {}, watch });
  const closed = await openChannels(tools, there, again || recovered.forgot);
  for (const key of ['send end', 'send start']) {
    const answer = await tools.run(key);
    if (!answer.ok) return mayPass(answer) ? { ok: true, lost: all(there, answer.message) } : notDone(answer);
  }
  return await watchSending(tools, targets, { closed, watch });
}

const all = (lanes: readonly string[], why: string): Losses => Object.fromEntries(lanes.map((lane) => [lane, why]));

/** `closed`: those whose channel did not open. */
async function watchSending(
  tools: MovingTools,
  targets: readonly string[],
  { closed, watch }: { readonly closed: Losses; readonly watch: StallWatch },
): Promise<Moved> {
  const tell = teller(tools, targets, watch);
  const unit = await untilEnded(tools, {
    key: 'send poll',
    everyMs: lookEveryMs,
    beforeLook: () => keepChannels(tools, targets),
    onReport: ({ progress }) => tell(progress),
    onSilence: (silence) => tools.progress({ text: silenceText(tools.step.host, silence), ...stillFor(watch) }),
    silent: 'the donor has not answered',
    advice: 'seed again when it is back',
  });
  return unit.ok ? { ok: true, lost: lossesOf(tools, unit, targets, closed) } : unit;
}

function silenceText(donor: string, { silentMs, leftMs }: Silence): string {
  const at = (ms: number) => timeOfDay(new Date(Date.now() + ms));
  return `no answer from ${donor} since ${at(-silentMs)}; whether it still sends is unknown; it is waited for until ${at(leftMs)}`;
}

/** The unit on the donor goes on as soon as there is a way again; where there is none, it says so in the end. */
async function keepChannels(tools: MovingTools, targets: readonly string[]): Promise<void> {
  for (const lane of lanesLeft(targets, tools.lostLanes())) {
    const closed = await meetAgain(tools, lane);
    if (closed) tools.progress({ text: `no way to ${lane}: ${closed.message}` });
  }
}

function lossesOf(tools: MovingTools, unit: UnitReport, targets: readonly string[], closed: Losses): Losses {
  const lines = linesOf(unit);
  for (const line of lines) tools.note(`| ${sentWords(line, targets)}`);
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

/** Tells how far and how fast it goes; that nothing moves is said in the log as well, once each time. */
function teller(
  { progress, note, input, lostLanes }: MovingTools,
  targets: readonly string[],
  watch: StallWatch,
): (line: string) => void {
  return (line) => {
    const sending = readSending(line, targets);
    if (!sending) return;
    const { totalBytes } = sending;
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
    const text = stall ?? `${shortSize(far.doneBytes)} of ${shortSize(totalBytes)}`;
    progress({ text, ...far, streams, ...(stalledMs !== undefined && { stalledMs }) });
  };
}
