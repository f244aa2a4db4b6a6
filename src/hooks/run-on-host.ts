// Runs a hook on a host, as root, as a unit (custom.sh): it goes on while its runner is away, and is not started twice.

import { z } from 'zod';
import { endOfCommand, untilCommandEnded } from '../custom/await-command.ts';
import { hookLooks, pathIn } from '../host/file-looks.ts';
import { defineStep, type StepEnd, type StepTools } from '../job/plan/step-work.ts';
import { stepsOf } from '../job/steps-of.ts';
import { unitCommands } from '../job/unit/unit-commands.ts';
import { hookUnitWords } from '../scripts/custom-words.ts';
import { type Sum, sumWord } from '../scripts/file-sums.ts';
import { tellHookWords } from '../scripts/hook-words.ts';
import { checkPrograms } from './check-programs.ts';
import { factsText } from './facts.ts';
import { hookInput, hookResult, notSucceeded, succeeded } from './outcome.ts';
import type { PlannedHook } from './planned.ts';

interface HookOnHost extends PlannedHook {
  readonly host: string;
  /** The job's key. */
  readonly job: string;
  /** Of its unit: unique in the job. */
  readonly role: string;
  /** Of its files on that host, when the job was planned. */
  readonly sums: readonly Sum[];
}

const tellDeadlineMs = 30_000;

/** `looks`: of the files that it is made of (file-looks.ts). Absent: a plan of an earlier build. */
const onHostInput = hookInput.extend({ looks: z.array(z.string()).optional() });

export const runHookOnHost = defineStep({
  kind: 'hook-on-host',
  input: onHostInput,
  result: hookResult,
  plan: ({ name, title, lane, input, words, host, job, role, sums }: HookOnHost) => {
    const args = hookUnitWords({ words, seconds: input.seconds, sums });
    return {
      name,
      title,
      host,
      lane,
      input: { ...input, looks: [...hookLooks(words)] },
      commands: {
        tell: { host, script: 'hook', args: tellHookWords({ job, role }), deadlineMs: tellDeadlineMs },
        ...unitCommands({ host, job, role, background: false, script: 'custom', args }),
      },
      acquires: { what: `the hook ${input.facts.hook.name} on ${host}`, release: 'end', whenDone: 'release' },
    };
  },
  run: async (tools) => {
    const end = await runOnce(tools);
    if (end.ok) return succeeded;
    return notSucceeded(tools, `the hook ${tools.input.facts.hook.name} did not succeed: ${end.message}`);
  },
});

type Tools = StepTools<z.infer<typeof onHostInput>>;

async function runOnce(tools: Tools): Promise<StepEnd> {
  const end = await startedAndEnded(tools);
  if (!('restarted' in end)) return end;
  if (!tools.input.again) return end.restarted;
  const cleared = await tools.run('end');
  if (!cleared.ok) return { ok: false, message: cleared.message, advice: cleared.advice };
  const second = await startedAndEnded(tools);
  return 'restarted' in second ? second.restarted : second;
}

/** `restarted`: the host was, after an earlier start of it; that says nothing of how it ended. */
async function startedAndEnded(tools: Tools): Promise<StepEnd | { readonly restarted: StepEnd & { ok: false } }> {
  const { run, step, record, input } = tools;
  const told = await run('tell', { stdin: `${sumLines(tools)}${factsText(input.facts, record())}` });
  const started = told.ok ? await run('start') : told;
  if (!started.ok) return { ok: false, message: started.message, advice: started.advice };
  const report = await untilCommandEnded(tools, 'hook');
  if (!report.ok) return report;
  const { name } = input.facts.hook;
  const end = endOfCommand(report, { host: step.host, name, seconds: input.seconds, setting: `hooks.${name}` });
  const isRestarted = report.state.kind === 'absent' || report.progress === 'again';
  return isRestarted && !end.ok ? { restarted: end } : end;
}

/** What the check saw before anything was changed (check-programs.ts): that may run, and nothing else. */
function sumLines({ step: { host }, record, input: { looks = [] } }: Tools): string {
  const checks = stepsOf(record(), checkPrograms).filter(({ planned }) => planned.host === host);
  const sums = checks.flatMap(({ result }) =>
    looks.flatMap((look) => {
      const sha256 = result?.looked?.[look];
      return sha256 === undefined ? [] : [{ path: pathIn(look), sha256 }];
    }),
  );
  return sums.map((sum) => `sum ${sumWord(sum)}\n`).join('');
}
