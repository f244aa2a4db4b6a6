// Checks on a host, before a job changes anything, that its hooks there can be run as root, and that only root can change them.
import { z } from 'zod';
import { defineStep } from '../job/plan/step-work.ts';
import { failed, notDone } from '../job/runner/step-end.ts';
import type { Sum } from '../scripts/file-sums.ts';
import { checkHookWords, readHookChecks } from '../scripts/hook-words.ts';
import { cleanLine } from '../text/clean.ts';
import { hookResult } from './outcome.ts';

interface ProgramsOnHost {
  readonly host: string;
  readonly lane: string | undefined;
  readonly hooks: readonly {
    readonly name: string;
    readonly path: string;
    /** Arguments that may be files. */
    readonly files: readonly string[];
    readonly refuses: boolean;
    /** In the plan, as far as they are known. */
    readonly sums: readonly Sum[];
  }[];
}

const deadlineMs = 30_000;
const untold = { why: 'not told' };

/** Each once: the programs, and what else may be a file. */
function pathsOf(hooks: readonly { readonly path: string; readonly files: readonly string[] }[]) {
  const programs = [...new Set(hooks.map(({ path }) => path))];
  const files = [...new Set(hooks.flatMap((hook) => hook.files))].filter((path) => !programs.includes(path));
  return [programs, files] as const;
}

export const checkPrograms = defineStep({
  kind: 'check-hooks',
  input: z.strictObject({
    hooks: z.array(
      z.strictObject({
        name: z.string(),
        path: z.string(),
        files: z.array(z.string()),
        refuses: z.boolean(),
        sums: z.array(z.strictObject({ path: z.string(), sha256: z.string() })),
      }),
    ),
  }),
  result: hookResult,
  plan: ({ host, lane, hooks }: ProgramsOnHost) => ({
    name: `check the hooks on ${host}`,
    title: `check that hooks can be run on ${host}: ${[...new Set(hooks.map(({ name }) => name))].join(', ')}`,
    host,
    lane,
    input: { hooks: hooks.map(({ files, sums, ...hook }) => ({ ...hook, files: [...files], sums: [...sums] })) },
    commands: {
      check: { host, script: 'hook', args: checkHookWords(...pathsOf(hooks)), deadlineMs },
    },
  }),
  run: async ({ run, input: { hooks }, step: { host }, note, progress }) => {
    const answer = await run('check');
    if (!answer.ok) return notDone(answer);
    const answers = readHookChecks(answer.stdout);
    const [programs, files] = pathsOf(hooks);
    const looked = new Map(
      [...programs, ...files].map((path, at) => [path, at < answers.length ? answers[at] : untold]),
    );
    const troubles = hooks.flatMap(({ name, refuses, sums, ...hook }) =>
      [hook.path, ...hook.files].flatMap((path) => {
        const found = looked.get(path);
        const planned = sums.find((sum) => sum.path === path)?.sha256;
        if (found && 'why' in found)
          return [{ refuses, text: `the hook ${name} can't be run on ${host}: ${path}: ${cleanLine(found.why)}` }];
        if (planned !== undefined && planned !== found?.sha256)
          return [{ refuses, text: `the hook ${name} is not run on ${host}: ${path} has changed since the plan` }];
        if (found) note(`the hook ${name}: ${path}, sha256 ${found.sha256}`);
        return [];
      }),
    );
    const refused = troubles.find(({ refuses }) => refuses);
    if (refused) return failed(refused.text, 'nothing was changed; put it there, owned by root, and plan anew');
    const warning = troubles.map(({ text }) => text).join('; ');
    if (warning === '') return { ok: true, result: {} };
    note(`! ${warning}; the job goes on`);
    progress({ text: `! ${warning}` }, true);
    return { ok: true, result: { warning } };
  },
});
