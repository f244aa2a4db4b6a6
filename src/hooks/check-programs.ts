// Checks on a host, before a job changes anything, that its hooks there can be run as root, and that only root can change them.
import { z } from 'zod';
import { defineStep } from '../job/plan/step-work.ts';
import { failed, notDone } from '../job/runner/step-end.ts';
import { checkHookWords, readHookChecks } from '../scripts/hook-words.ts';
import { cleanLine } from '../text/clean.ts';
import { hookResult } from './outcome.ts';

interface ProgramsOnHost {
  readonly host: string;
  readonly lane: string | undefined;
  readonly hooks: readonly {
    readonly name: string;
    readonly path: string;
    readonly refuses: boolean;
    /** In the plan; absent: not known. */
    readonly sha256?: string;
  }[];
}

const deadlineMs = 30_000;

export const checkPrograms = defineStep({
  kind: 'check-hooks',
  input: z.strictObject({
    hooks: z.array(
      z.strictObject({ name: z.string(), path: z.string(), refuses: z.boolean(), sha256: z.string().optional() }),
    ),
  }),
  result: hookResult,
  plan: ({ host, lane, hooks }: ProgramsOnHost) => ({
    name: `check the hooks on ${host}`,
    title: `check that hooks can be run on ${host}: ${hooks.map(({ name }) => name).join(', ')}`,
    host,
    lane,
    input: { hooks: [...hooks] },
    commands: {
      check: { host, script: 'hook', args: checkHookWords(hooks.map(({ path }) => path)), deadlineMs },
    },
  }),
  run: async ({ run, input: { hooks }, step: { host }, note, progress }) => {
    const answer = await run('check');
    if (!answer.ok) return notDone(answer);
    const programs = readHookChecks(answer.stdout);
    const troubles = hooks.flatMap(({ name, path, refuses, sha256 }, at) => {
      const program = programs[at] ?? { why: 'not told' };
      if ('why' in program)
        return [{ refuses, text: `the hook ${name} can't be run on ${host}: ${path}: ${cleanLine(program.why)}` }];
      if (sha256 !== undefined && sha256 !== program.sha256)
        return [{ refuses, text: `the hook ${name} is not run on ${host}: ${path} has changed since the plan` }];
      note(`the hook ${name}: ${path}, sha256 ${program.sha256}`);
      return [];
    });
    const refused = troubles.find(({ refuses }) => refuses);
    if (refused) return failed(refused.text, 'nothing was changed; put it there, owned by root, and plan anew');
    const warning = troubles.map(({ text }) => text).join('; ');
    if (warning === '') return { ok: true, result: {} };
    note(`! ${warning}; the job goes on`);
    progress({ text: `! ${warning}` }, true);
    return { ok: true, result: { warning } };
  },
});
