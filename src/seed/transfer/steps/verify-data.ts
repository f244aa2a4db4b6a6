// Compares received and sent data, by checksums that each side makes from its own disk. Files that differ are sent once
// more; if they still differ, the target is not started.

import { lanesLeft } from '../../../job/lanes.ts';
import type { Commands } from '../../../job/plan/plan.ts';
import { defineStep, type FailedStep, noResult, type StepEnd } from '../../../job/plan/step-work.ts';
import { failed, notDone } from '../../../job/runner/step-end.ts';
import { pollCommand, unitCommands } from '../../../job/unit/unit-commands.ts';
import { linesOf, untilEnded } from '../../../job/unit/watch-unit.ts';
import type { UnitReport } from '../../../remote/unit.ts';
import { compareSumsWords } from '../../../scripts/seed-data-words.ts';
import { wayWords } from '../../../scripts/seed-way-words.ts';
import { shortSize } from '../../../text/amounts.ts';
import { cleanLine } from '../../../text/clean.ts';
import { command, compareRole, dataOf, donorFolder, targetWord } from '../../place.ts';
import type { SeedRequest, Side } from '../../request.ts';
import { meetAgain, openChannels } from '../channel/open-channel.ts';
import { recoverDonor } from '../donor-recovery.ts';
import { sumProgram } from '../list-commands.ts';
import { endWith, guarding, type MovingTools, move, rounds } from '../moving.ts';
import { type CopyPlan, movingInput, movingPlan } from '../moving-plan.ts';
import { listData } from './list-data.ts';

const lookEveryMs = 500;
/** How many names of differing files are listed. */
const namesTold = 8;

const sumsDeadlineMs = 10 * 60_000;

export const verifyData = defineStep({
  kind: 'seed-verify',
  stage: 'copy',
  input: movingInput,
  result: noResult,
  plan: (plan: CopyPlan) => {
    const { request } = plan;
    const { host, input, scripts, commands, targetCommands } = movingPlan(plan);
    const each = request.targets.map((target, index): [string, Commands] => [
      target.host.name,
      { ...targetCommands[target.host.name], ...compareCommands(request, target, index) },
    ]);
    return {
      name: 'verify',
      title: `compare checksums: ${input.targets.join(', ')} with ${host}`,
      host,
      input,
      scripts,
      commands: { ...commands, 'sums poll': pollCommand({ host, job: request.job, role: 'sums' }) },
      targetCommands: Object.fromEntries(each),
    };
  },
  run: (tools) => guarding(tools, verify),
});

function compareCommands({ donor, job }: SeedRequest, { host, facts }: Side, index: number): Commands {
  const word = targetWord(index);
  const compare = unitCommands({
    host: host.name,
    job,
    role: compareRole(word),
    background: true,
    script: 'seed-sums',
    args: compareSumsWords({ ...dataOf(facts, job, word), sum: sumProgram, workers: 2 }),
  });
  return {
    sums: command(donor.host.name, 'seed-way', wayWords('sums', donorFolder(job), { target: word }), sumsDeadlineMs),
    'compare start': compare.start,
    'compare poll': compare.poll,
    'compare end': compare.end,
  };
}

async function verify(tools: MovingTools): Promise<StepEnd> {
  const unread = await untilDonorSummed(tools);
  if (unread) return unread;
  const first = await compareAll(tools, goingOn(tools));
  if (!first.ok) return first;
  const again = Object.keys(first.wrong);
  if (again.length === 0) return { ok: true };
  tools.note(`what differs is sent again: ${again.join(', ')}`);
  const moved = await move(tools, tools.input.targets);
  if (!moved.ok) return moved;
  const unreadNow = await untilDonorSummed(tools);
  if (unreadNow) return unreadNow;
  const second = await compareAll(tools, lanesLeft(again, moved.lost));
  if (!second.ok) return second;
  return endWith(tools, { ...moved.lost, ...second.wrong });
}

const goingOn = (tools: MovingTools): string[] => lanesLeft(tools.input.targets, tools.lostLanes());

/** undefined: the donor has all checksums. */
async function untilDonorSummed(tools: MovingTools): Promise<FailedStep | undefined> {
  for (let round = 1; ; round++) {
    const recovered = await recoverDonor(tools, tools.input.targets);
    if (!recovered.ok) return recovered;
    if (recovered.forgot) await openChannels(tools, goingOn(tools), true);
    const made = await untilSummed(tools, { key: 'sums poll' }, `checksums of ${tools.step.host}`);
    if (!made.ok) return made;
    const { state } = made;
    if (state.kind === 'ended' && state.code === 0) return undefined;
    if (state.kind === 'absent' && round < rounds) continue;
    return failed(
      `the data of ${tools.step.host} could not be read: ${cleanLine(linesOf(made).at(-1) ?? state.kind)}`,
      'see its disk',
    );
  }
}

type Compared = { readonly ok: true; readonly wrong: Record<string, string> } | FailedStep;

/** All targets at once; `wrong` has the differences of each target with some. */
async function compareAll(tools: MovingTools, targets: readonly string[]): Promise<Compared> {
  const wrong: Record<string, string> = {};
  for (const lane of targets) {
    const trouble = await beginComparing(tools, lane);
    if (trouble) wrong[lane] = trouble.message;
  }
  for (const lane of targets.filter((one) => !(one in wrong))) {
    const report = await untilSummed(tools, { key: 'compare poll', target: lane }, `checksums on ${lane}`);
    if (!report.ok) {
      if (tools.signal.aborted) return report;
      wrong[lane] = report.message;
      continue;
    }
    const why = judge(report, tools.step.host, listedOf(tools));
    if (why === undefined) tools.progress({ text: `checksums on ${lane}: equal` });
    else {
      wrong[lane] = why;
      tools.note(`${lane}: ${why}`);
    }
    await tools.run('compare end', { target: lane });
  }
  return { ok: true, wrong };
}

async function beginComparing(tools: MovingTools, lane: string): Promise<FailedStep | undefined> {
  const closed = await meetAgain(tools, lane);
  if (closed) return closed;
  for (const key of ['compare end', 'sums', 'compare start']) {
    const answer = await tools.run(key, { target: lane });
    if (!answer.ok) return notDone(answer);
  }
  return undefined;
}

/**
 * Why the data differs; undefined: everything that the donor listed was compared, and is equal. The last line of the
 * unit tells how much was compared.
 */
function judge(report: UnitReport, donor: string, listed: Listed | undefined): string | undefined {
  const lines = linesOf(report).map(cleanLine);
  if (report.state.kind !== 'ended' || report.state.code !== 0) {
    return `the data could not be compared: ${lines.at(-1) ?? report.state.kind}`;
  }
  const [, files, bytes] = /^compared (\d+) (\d+)$/.exec(lines.at(-1) ?? '') ?? [];
  const wrong = lines.slice(0, files === undefined ? undefined : -1);
  if (wrong.length > 0) {
    const more = wrong.length > namesTold ? ` and ${wrong.length - namesTold} more` : '';
    return `the data is not that of ${donor}: ${wrong.slice(0, namesTold).join('; ')}${more}`;
  }
  if (!listed || Number(files) !== listed.files || Number(bytes) !== listed.bytes || listed.files === 0) {
    return `the data was not all compared: ${files ?? 'no'} files of ${listed?.files ?? '?'}`;
  }
  return undefined;
}

function untilSummed(tools: MovingTools, unit: { readonly key: string; readonly target?: string }, what: string) {
  const totalBytes = listedOf(tools)?.bytes;
  return untilEnded(tools, {
    ...unit,
    everyMs: lookEveryMs,
    onReport: ({ state, progress }) => {
      if (state.kind !== 'running') return;
      const doneBytes = Number(progress);
      tools.progress({
        text: `${what}: ${progress === '' ? 'begun' : shortSize(doneBytes)}`,
        ...(progress !== '' && totalBytes !== undefined && { doneBytes, totalBytes }),
      });
    },
    silent: `${unit.target ?? tools.step.host} has not answered`,
    advice: 'seed again when it is back',
  });
}

type Listed = NonNullable<ReturnType<typeof listedOf>>;

/** What the donor listed; undefined: unknown. */
const listedOf = ({ resultOf }: MovingTools) => resultOf(listData);
