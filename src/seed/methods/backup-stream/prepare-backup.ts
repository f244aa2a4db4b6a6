// Makes a server's data of the stream that came to a target: its files are compared with the donor's list, the redo log
// is applied, its pages are read. Its result is the coordinates that the backup program noted.
import { z } from 'zod';
import { defineStep, type FailedStep, type StepEnd, type StepTools } from '../../../job/plan/step-work.ts';
import { failed } from '../../../job/runner/step-end.ts';
import { startAnew } from '../../../job/unit/start-anew.ts';
import { pollCommand, unitCommands } from '../../../job/unit/unit-commands.ts';
import { linesOf, untilEnded } from '../../../job/unit/watch-unit.ts';
import type { UnitReport } from '../../../remote/unit.ts';
import { prepareWords } from '../../../scripts/seed-data-words.ts';
import { type Stands, standsSchema } from '../../../snapshot/coordinates.ts';
import { shortSize } from '../../../text/amounts.ts';
import { cleanLine } from '../../../text/clean.ts';
import { exactDuration } from '../../../text/times.ts';
import { dataOf, targetWord } from '../../place.ts';
import type { SeedRequest, Side } from '../../request.ts';
import { sendRole } from '../../transfer/moving-plan.ts';
import { blockedMs, sentLines } from '../sent.ts';
import { readTold } from './told.ts';
import type { Tool } from './tools.ts';

const lookEveryMs = 500;

const input = z.strictObject({
  vendor: z.enum(['mysql', 'mariadb']),
  tool: z.string(),
});

interface PrepareRequest {
  readonly request: SeedRequest;
  readonly target: Side;
  readonly index: number;
  readonly tool: Tool;
}

export const prepareBackup = defineStep({
  kind: 'seed-prepare-backup',
  stage: 'copy',
  input,
  result: standsSchema,
  plan: ({ request, target, index, tool }: PrepareRequest) => {
    const { host, facts } = target;
    const { job, donor } = request;
    const word = targetWord(index);
    const role = `prepare-${word}`;
    const unit = unitCommands({
      host: host.name,
      job,
      role,
      background: false,
      script: 'seed-prepare',
      args: prepareWords({ ...dataOf(facts, job, word), tool: tool.name }),
    });
    return {
      name: `ready ${host.name}`,
      title: `check the files of the backup on ${host.name}, apply its redo log (${tool.name} --prepare), read its pages`,
      host: host.name,
      lane: host.name,
      input: { vendor: tool.vendor, tool: tool.name },
      commands: {
        start: unit.start,
        poll: unit.poll,
        end: unit.end,
        sent: pollCommand({ host: donor.host.name, job, role: sendRole }),
      },
      acquires: {
        what: `the unit that makes the backup on ${host.name} ready (reseed-${job}-${role})`,
        release: 'end',
        whenDone: 'release',
      },
    };
  },
  run: prepare,
});

type PrepareTools = StepTools<z.infer<typeof input>>;

async function prepare(tools: PrepareTools): Promise<StepEnd<Stands>> {
  const sent = await sentLines(tools);
  const ready = await madeReady(tools);
  if (!ready.ok) return ready;
  const { step, input, note } = tools;
  const [given, came] = [sent, ready.lines].map(sumIn);
  if (given !== undefined && given !== came) {
    return failed(`what came to ${step.host} is not what was sent: ${came} there, ${given} sent`, untouched);
  }
  const stands = readTold(ready.lines, input.vendor, sent.includes('using Current_Pos'));
  if (!stands) {
    return failed(
      `from where ${step.host} is to replicate is unknown: ${input.tool} noted no coordinates`,
      'a donor without a binary log that is no replica has none: name another donor',
    );
  }
  for (const line of noted(ready.lines, sent)) note(line);
  note(stands.gtid === undefined ? `${stands.logFile}:${stands.logPosition}` : `gtid ${stands.gtid || '(none)'}`);
  const lockedMs = blockedMs(sent);
  return { ok: true, result: { ...stands, ...(lockedMs !== undefined && { lockedMs }) } };
}

type Ready = { readonly ok: true; readonly lines: readonly string[] } | FailedStep;

/** The unit's log, when the data is ready. */
async function madeReady(tools: PrepareTools): Promise<Ready> {
  const { step } = tools;
  const unstarted = await startAnew(tools);
  if (unstarted) return unstarted;
  const ended = await untilReady(tools);
  if (!ended.ok) return ended;
  const { state } = ended;
  const lines = linesOf(ended).map(cleanLine);
  if (state.kind === 'ended' && state.code === 0 && lines.at(-1) === 'prepared') return { ok: true, lines };
  const why = state.kind === 'ended' ? (lines.at(-1) ?? 'it did not say why') : `its unit ${state.kind}`;
  return failed(`the backup on ${step.host} is no data of a server: ${why}`, untouched);
}

/** The checksum of the stream and its bytes, as one of the two sides tells it. */
const sumIn = (lines: readonly string[]): string | undefined =>
  lines.flatMap((line) => /^stream (\d+ \d+)$/.exec(line)?.[1] ?? [])[0];

const untouched = 'its old data is untouched: see the log of the job, and seed again';

const untilReady = (tools: PrepareTools): Promise<UnitReport | FailedStep> =>
  untilEnded(tools, {
    key: 'poll',
    everyMs: lookEveryMs,
    onReport: ({ state, progress }) => {
      if (state.kind === 'running') tools.progress({ text: progress === '' ? 'begun' : progress });
    },
    silent: 'no answer',
    advice: 'seed again when it is back',
  });

function noted(lines: readonly string[], sent: readonly string[]): string[] {
  const blocked = blockedMs(sent);
  return [
    ...lines.flatMap((line) => {
      const [, count, bytes] = /^files (\d+) (\d+)$/.exec(line) ?? [];
      const [, pages] = /^pages (\d+)$/.exec(line) ?? [];
      if (count !== undefined)
        return [`${count} files, ${shortSize(Number(bytes))}, with each database and file of the donor's list`];
      return pages === undefined ? [] : [`checksums of all pages are right: ${pages} tablespaces`];
    }),
    ...(blocked === undefined ? [] : [`writes were blocked for ${exactDuration(blocked)}`]),
  ];
}
