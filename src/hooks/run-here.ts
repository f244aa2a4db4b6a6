// Runs a hook on the machine of the job's runner, with the operator's account. It ends with its runner; what it has left beside the journal
// tells the next one (hook.sh).
import { defineStep } from '../job/plan/step-work.ts';
import type { Sum } from '../scripts/file-sums.ts';
import { readHookEnd, runHookWords } from '../scripts/hook-words.ts';
import { shortDuration } from '../text/amounts.ts';
import { cleanLine } from '../text/clean.ts';
import { factsText } from './facts.ts';
import { type HookTools, hookInput, hookResult, notSucceeded, succeeded } from './outcome.ts';
import type { PlannedHook } from './planned.ts';

/** The machine of the runner, among the hosts of a plan: no host of an inventory can have this name. */
export const jumpName = '/jump';

/** Its start, and the end of what it leaves running. */
const besidesMs = 30_000;
/** Of its last line, in the job's error; the log has all of it. */
const maxShown = 300;

interface HookHere extends PlannedHook {
  /** The file that tells that it has begun. */
  readonly mark: string;
  readonly sums: readonly Sum[];
}

export const runHookHere = defineStep({
  kind: 'hook',
  input: hookInput,
  result: hookResult,
  plan: ({ name, title, lane, input, words, mark, sums }: HookHere) => ({
    name,
    title,
    host: jumpName,
    lane,
    input,
    commands: {
      run: {
        host: jumpName,
        script: 'hook',
        args: runHookWords({ mark, again: input.again, seconds: input.seconds, sums, words }),
        deadlineMs: input.seconds * 1000 + besidesMs,
      },
    },
  }),
  run: async (tools) => {
    const { name } = tools.input.facts.hook;
    const answer = await tools.run('run', { stdin: factsText(tools.input.facts, tools.record()) });
    if (!answer.ok) {
      // A clock that ran out here, or a lost process, says nothing of the program.
      const what =
        answer.kind === 'exit' ? `the hook ${name} could not be run` : `how the hook ${name} ended is not known`;
      return notSucceeded(tools, `${what}: ${answer.message}`);
    }
    const end = readHookEnd(answer.stdout);
    if (!end) return notSucceeded(tools, `how the hook ${name} ended is not known`);
    const lines = end.output.split('\n').map(cleanLine).filter(Boolean);
    const last = (lines.at(-1) ?? '').slice(0, maxShown).toWellFormed();
    if (lines.length > 0) tools.note(lines.map((line) => `| ${line}`).join('\n'));
    const why = whyNot(end, tools);
    return why === undefined ? succeeded : notSucceeded(tools, last === '' ? why : `${why}: ${last}`);
  },
});

function whyNot(
  { how, code, path }: NonNullable<ReturnType<typeof readHookEnd>>,
  { input: { facts, seconds } }: HookTools,
): string | undefined {
  const { name } = facts.hook;
  switch (how) {
    case 'ended':
      return code === 0 ? undefined : `the hook ${name} ended with ${code}`;
    case 'late':
      return `the hook ${name} did not end within ${shortDuration(seconds * 1000)}, and was ended`;
    case 'again':
      return `the hook ${name} was begun by a runner that died, and is not run again`;
    case 'unseen':
      return `the hook ${name} was not run: ${cleanLine(path)} was no file, or one that could not be run, when the job was planned`;
    case 'open':
      return `the hook ${name} was not run: ${cleanLine(path).trim()}`;
    case 'changed':
      return `the hook ${name} was not run: ${cleanLine(path)} has changed since the plan`;
  }
}
