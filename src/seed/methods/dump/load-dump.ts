// Makes a server's data of the dump that came to a target: by a unit there, which outlives a runner. Its result is the
// coordinates that were read on the donor under the lock.
import { z } from 'zod';
import { defineStep, type FailedStep, type StepEnd, type StepTools } from '../../../job/plan/step-work.ts';
import { failed } from '../../../job/runner/step-end.ts';
import { startAnew } from '../../../job/unit/start-anew.ts';
import { pollCommand, unitCommands } from '../../../job/unit/unit-commands.ts';
import { linesOf, untilEnded } from '../../../job/unit/watch-unit.ts';
import type { UnitReport } from '../../../remote/unit.ts';
import { loadWords } from '../../../scripts/seed-dump-words.ts';
import { type Stands, standsSchema } from '../../../snapshot/coordinates.ts';
import { shortSize } from '../../../text/amounts.ts';
import { cleanLine } from '../../../text/clean.ts';
import { exactDuration } from '../../../text/times.ts';
import { targetWord } from '../../place.ts';
import { hasGtid, versionOf } from '../../preflight/identity/versions.ts';
import type { SeedRequest, Side } from '../../request.ts';
import { sendRole } from '../../transfer/moving-plan.ts';
import { exportOptions, lastingOptions } from '../lasting-options.ts';
import { blockedMs, sentLines } from '../sent.ts';
import { loadAdvice, untouched } from './load-advice.ts';
import { type Loaded, loadProgress, otherPlace, readLoaded } from './told.ts';
import type { DumpTool } from './tools.ts';

const lookEveryMs = 500;

const input = z.strictObject({ donor: z.string() });

interface LoadRequest {
  readonly request: SeedRequest;
  readonly target: Side;
  readonly index: number;
  readonly tool: DumpTool;
  /** These alone, for a server that runs on; absent: all, for a server of its own. */
  readonly tables?: readonly string[];
}

export const loadDump = defineStep({
  kind: 'seed-load-dump',
  stage: 'copy',
  input,
  result: standsSchema,
  plan: ({ request, target, index, tool, tables }: LoadRequest) => {
    const { host, facts } = target;
    const { job, donor } = request;
    const role = `load-${targetWord(index)}`;
    const vendor = versionOf(target)?.vendor ?? 'mysql';
    const unit = unitCommands({
      host: host.name,
      job,
      role,
      background: false,
      script: 'seed-load',
      args: loadWords({
        tool: tool.name,
        vendor,
        program: facts.programPath,
        datadir: facts.datadir,
        job,
        owner: facts.owner ?? 'mysql:mysql',
        gtid: vendor === 'mysql' && hasGtid(donor) && tables === undefined,
        options: tables ? exportOptions(facts) : lastingOptions(facts),
        ...(tables && { tables }),
      }),
    });
    return {
      name: `load ${host.name}`,
      title: `${tool.loads} into a new server beside that of ${host.name}, without a network, and compare count and sum of the rows of each table`,
      host: host.name,
      lane: host.name,
      input: { donor: donor.host.name },
      commands: {
        start: unit.start,
        poll: unit.poll,
        end: unit.end,
        sent: pollCommand({ host: donor.host.name, job, role: sendRole }),
      },
      acquires: {
        what: `the server that takes the dump on ${host.name} (unit reseed-${job}-${role})`,
        release: 'end',
        whenDone: 'release',
      },
    };
  },
  run: load,
});

type LoadTools = StepTools<z.infer<typeof input>>;

async function load(tools: LoadTools): Promise<StepEnd<Stands>> {
  const { step, input } = tools;
  const sent = await sentLines(tools);
  const unstarted = await startAnew(tools);
  if (unstarted) return unstarted;
  const ended = await untilLoaded(tools);
  if (!ended.ok) return ended;
  const { state } = ended;
  const lines = linesOf(ended);
  const loaded = state.kind === 'ended' && state.code === 0 ? readLoaded(lines) : undefined;
  if (!loaded) {
    const why = state.kind === 'ended' ? lines.slice(-2).map(cleanLine).join('; ') : `its unit ${state.kind}`;
    return failed(
      `the dump was not loaded on ${step.host}: ${why || 'it did not say why'}`,
      loadAdvice(why, input.donor),
    );
  }
  const other = otherPlace(loaded);
  if (other !== undefined) {
    const locked = `${loaded.stands.logFile}:${loaded.stands.logPosition}`;
    return failed(`mydumper read ${input.donor} as of ${other}, and it was locked at ${locked}`, untouched);
  }
  const lockedMs = blockedMs(sent);
  noteLoaded(tools, loaded, lockedMs);
  return { ok: true, result: { ...loaded.stands, ...(lockedMs !== undefined && { lockedMs }) } };
}

function noteLoaded(
  { note, input }: LoadTools,
  { stands, tables, rows, bytes, untold, refused }: Loaded,
  lockedMs: number | undefined,
): void {
  note(`${shortSize(bytes)} of the dump came over the network`);
  note(`${rows} rows of ${tables} tables are equal in count and sum, as read on ${input.donor} at the coordinates`);
  if (untold > 0)
    note(`! ${untold} tables could not be summed on ${input.donor}: their rows were loaded, and not compared`);
  for (const one of refused) note(`! of an account: ${one}`);
  if (lockedMs !== undefined) note(`writes were blocked for ${exactDuration(lockedMs)}`);
  note(stands.gtid === undefined ? `${stands.logFile}:${stands.logPosition}` : `gtid ${stands.gtid}`);
}

const untilLoaded = (tools: LoadTools): Promise<UnitReport | FailedStep> =>
  untilEnded(tools, {
    key: 'poll',
    everyMs: lookEveryMs,
    onReport: ({ state, progress }) => {
      if (state.kind === 'running') tools.progress(loadProgress(progress));
    },
    silent: 'no answer',
    advice: 'resume the job when it is back',
  });
