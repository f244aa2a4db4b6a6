// Waits until the operator's sender and receiver have ended, and makes what came the donor's data: that all of it came is proved by the donor's
// list, since a `tar | nc` ends well after half of it. Contents are compared by the next step.
import { z } from 'zod';
import { commandLog, endOfCommand } from '../../../custom/await-command.ts';
import type { CustomUnit } from '../../../custom/start-command.ts';
import { defineStep, type FailedStep, noResult, type StepEnd, type StepTools } from '../../../job/plan/step-work.ts';
import { abortWords } from '../../../job/runner/abort.ts';
import { failed, notDone } from '../../../job/runner/step-end.ts';
import { pollCommand } from '../../../job/unit/unit-commands.ts';
import { pollUnit } from '../../../job/unit/watch-unit.ts';
import { byWatchedClock, type WatchedMs } from '../../../remote/deadline.ts';
import type { UnitReport } from '../../../remote/unit.ts';
import { settleOwnWords } from '../../../scripts/seed-own-words.ts';
import { shortSize } from '../../../text/amounts.ts';
import { cleanLine } from '../../../text/clean.ts';
import { command, dataOf, targetWord } from '../../place.ts';
import type { Side } from '../../request.ts';
import { guarding } from '../../transfer/moving.ts';
import { type CopyPlan, movingInput, movingPlan } from '../../transfer/moving-plan.ts';
import { listData } from '../../transfer/steps/list-data.ts';
import { receiveRole, sendRole } from './commands.ts';

const lookEveryMs = 1000;
/** Without a further byte, or without the end of one after that of the other. */
const stillLimitMs = 5 * 60_000;
const settleDeadlineMs = 30 * 60_000;

const input = movingInput.extend({
  /** The deadlines of the two. */
  sendSeconds: z.number(),
  receiveSeconds: z.number(),
});
type Tools = StepTools<z.infer<typeof input>>;

interface Carrying {
  readonly copying: CopyPlan;
  readonly target: Side;
  readonly sender: Pick<CustomUnit, 'seconds'>;
  readonly receiver: Pick<CustomUnit, 'seconds'>;
}

export const carryData = defineStep({
  kind: 'seed-own-carry',
  stage: 'copy',
  input,
  result: noResult,
  plan: ({ copying, target, sender, receiver }: Carrying) => {
    const { host, ...moving } = movingPlan(copying);
    const { job } = copying.request;
    const to = target.host.name;
    const word = targetWord(0);
    return {
      ...moving,
      name: 'carry',
      title: `commands.send carries ${host} → ${to}; what came is compared with the list of ${host}, and a break ends the seed`,
      host,
      lane: to,
      input: { ...moving.input, sendSeconds: sender.seconds, receiveSeconds: receiver.seconds },
      commands: {
        ...moving.commands,
        'sender poll': pollCommand({ host, job, role: sendRole }),
        'receiver poll': pollCommand({ host: to, job, role: `${receiveRole}-${word}` }),
        settle: command(to, 'seed-own', settleOwnWords(dataOf(target.facts, job, word)), settleDeadlineMs),
      },
      acquires: {
        what: `what ${host} sends again after the comparison (unit reseed-${job}-send)`,
        release: 'send end',
        whenDone: 'release',
      },
    };
  },
  run: (tools) =>
    guarding(tools, async () => {
      const ended = await byWatchedClock((watchedMs) => untilBothEnded(tools, watchedMs));
      return ended.ok ? await settled(tools) : ended;
    }),
});

async function untilBothEnded(tools: Tools, watchedMs: WatchedMs): Promise<StepEnd> {
  const { step, input, signal, pause } = tools;
  const [to = ''] = input.targets;
  const look = looker(tools, to);
  let bytes: string | undefined;
  let movedMs = watchedMs();
  while (!signal.aborted) {
    const { sender, receiver, wrong } = await look();
    if (wrong) return wrong;
    if (hasEnded(sender) && hasEnded(receiver)) return { ok: true };
    if (receiver && receiver.progress !== bytes) {
      bytes = receiver.progress;
      movedMs = watchedMs();
    }
    tell(tools, bytes);
    if (watchedMs() - movedMs >= stillLimitMs) return stalled(step.host, to, sender, receiver);
    await pause(lookEveryMs);
  }
  return failed(abortWords);
}

/** Polls both, and writes what they print to the log, with the host: the step is the donor's. `wrong`: why one of them did not end well. */
function looker(tools: Tools, to: string) {
  const { step, input, note } = tools;
  const [sendLog, receiveLog] = [commandLog(note, `send on ${step.host}`), commandLog(note, `receive on ${to}`)];
  return async () => {
    const sender = await pollUnit(tools, 'sender poll');
    const receiver = await pollUnit(tools, 'receiver poll');
    if (sender) sendLog(sender);
    if (receiver) receiveLog(receiver);
    const wrong =
      lost(sender, { host: step.host, name: 'send', seconds: input.sendSeconds }) ??
      lost(receiver, { host: to, name: 'receive', seconds: input.receiveSeconds });
    return { sender, receiver, wrong };
  };
}

const hasEnded = (report: UnitReport | undefined): boolean => report?.state.kind === 'ended';

/** undefined: it runs, has ended with 0, or its host did not answer. */
function lost(report: UnitReport | undefined, of: Parameters<typeof endOfCommand>[1]): FailedStep | undefined {
  if (!report || report.state.kind === 'running') return undefined;
  const end = endOfCommand(report, of);
  return end.ok ? undefined : end;
}

function tell({ progress, resultOf }: Tools, text = ''): void {
  if (!/^\d+$/.test(text)) return;
  const doneBytes = Number(text);
  const totalBytes = resultOf(listData)?.bytes;
  progress({
    text: `${shortSize(doneBytes)} came`,
    // The sender may bring files that are not of the data.
    ...(totalBytes !== undefined && { doneBytes: Math.min(doneBytes, totalBytes), totalBytes }),
  });
}

function stalled(from: string, to: string, sender?: UnitReport, receiver?: UnitReport): FailedStep {
  const minutes = `${stillLimitMs / 60_000} min`;
  if (hasEnded(sender)) {
    return failed(
      `commands.send has ended on ${from}, and commands.receive on ${to} did not within ${minutes}`,
      'the sender has to close its connection at its end: nc -N, or nc -q 0',
    );
  }
  if (hasEnded(receiver)) {
    return failed(`commands.receive has ended on ${to}, and commands.send on ${from} did not within ${minutes}`, '');
  }
  return failed(
    `no further byte came from ${from} to ${to} for ${minutes}`,
    'look at the network between them and at the log of the job',
  );
}

async function settled({ run, note }: Tools): Promise<StepEnd> {
  const answer = await run('settle');
  if (!answer.ok) return { ...notDone(answer), advice: 'see what the two commands printed, in the log of the job' };
  const [, files, bytes] = /^came (\d+) (\d+)$/m.exec(answer.stdout) ?? [];
  if (files === undefined) return failed('the answer of seed-own.sh was not understood', 'see the log of the job');
  const [, count, names = ''] = /^removed (\d+) (.*)$/m.exec(answer.stdout) ?? [];
  if (count !== undefined) note(`removed, since it is not of the data: ${count} (${cleanLine(names)})`);
  note(`${files} files, ${shortSize(Number(bytes))}: each file of the donor's list, with its size`);
  return { ok: true };
}
