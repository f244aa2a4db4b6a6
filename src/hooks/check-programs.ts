// Checks on a host, before a job changes anything, that its hooks there can be run as root, and that only root can change them. What it saw is what may run.
import { z } from 'zod';
import { type FileLook, pathIn } from '../host/file-looks.ts';
import { defineStep } from '../job/plan/step-work.ts';
import { failed, notDone } from '../job/runner/step-end.ts';
import { isDigest, type Sum, sumOf } from '../scripts/file-sums.ts';
import { checkHookWords, readHookChecks } from '../scripts/hook-words.ts';
import { hookResult } from './outcome.ts';

interface ProgramsOnHost {
  readonly host: string;
  readonly lane: string | undefined;
  readonly hooks: readonly {
    readonly name: string;
    /** Of the files that it is made of. */
    readonly looks: readonly string[];
    readonly refuses: boolean;
    /** In the plan, as far as they are known. */
    readonly sums: readonly Sum[];
  }[];
}

const deadlineMs = 30_000;
const untold: FileLook = { why: 'not told' };
const eachLook = (hooks: readonly { readonly looks: readonly string[] }[]) => [
  ...new Set(hooks.flatMap(({ looks }) => looks)),
];

const sums = z.array(z.strictObject({ path: z.string(), sha256: z.string() }));

export const checkPrograms = defineStep({
  kind: 'check-hooks',
  input: z.strictObject({
    hooks: z.array(z.strictObject({ name: z.string(), looks: z.array(z.string()), refuses: z.boolean(), sums })),
  }),
  /** `looked`: by the looks, what each hook has to be when it runs (file-sums.ts). Absent: of an earlier build. */
  result: hookResult.extend({ looked: z.record(z.string(), z.string()).optional() }),
  plan: ({ host, lane, hooks }: ProgramsOnHost) => ({
    name: `check the hooks on ${host}`,
    title: `check that hooks can be run on ${host}: ${[...new Set(hooks.map(({ name }) => name))].join(', ')}`,
    host,
    lane,
    input: { hooks: hooks.map(({ looks, sums, ...hook }) => ({ ...hook, looks: [...looks], sums: [...sums] })) },
    commands: {
      check: { host, script: 'hook', args: checkHookWords(eachLook(hooks)), deadlineMs },
    },
  }),
  run: async ({ run, input: { hooks }, step: { host }, note, progress }) => {
    const answer = await run('check');
    if (!answer.ok) return notDone(answer);
    const answers = readHookChecks(answer.stdout);
    const found = new Map(eachLook(hooks).map((look, at) => [look, answers[at] ?? untold]));
    const troubles = hooks.flatMap(({ name, refuses, looks, sums }) =>
      looks.flatMap((look) => {
        const path = pathIn(look);
        const now = found.get(look) ?? untold;
        const why = whyNot(
          path,
          now,
          sums.find((sum) => sum.path === path),
        );
        if (why !== undefined) return [{ look, refuses, text: `the hook ${name} ${why(host)}` }];
        if (now !== 'none' && 'sha256' in now) note(`the hook ${name}: ${path}, sha256 ${now.sha256}`);
        return [];
      }),
    );
    const refused = troubles.find(({ refuses }) => refuses);
    if (refused) return failed(refused.text, 'nothing was changed; put it there, owned by root, and plan anew');
    // What is corrected until it would run has not been agreed to.
    const isOpen = new Set(troubles.map(({ look }) => look));
    const looked = Object.fromEntries(
      [...found].map(([look, now]) => [look, isOpen.has(look) ? 'open' : sumOf(pathIn(look), now).sha256]),
    );
    const warning = troubles.map(({ text }) => text).join('; ');
    if (warning === '') return { ok: true, result: { looked } };
    note(`! ${warning}; the job goes on without it`);
    progress({ text: `! ${warning}` }, true);
    return { ok: true, result: { warning, looked } };
  },
});

/** A sentence about a hook, from its verb on; undefined: nothing keeps it from being run. */
function whyNot(path: string, now: FileLook, planned: Sum | undefined): ((host: string) => string) | undefined {
  if (now !== 'none' && 'why' in now) return (host) => `can't be run on ${host}: ${path}: ${now.why}`;
  const { sha256 } = sumOf(path, now);
  if (planned === undefined || planned.sha256 === sha256) return undefined;
  if (isDigest(planned)) return (host) => `is not run on ${host}: ${path} has changed since the plan`;
  return (host) => `is not run on ${host}: ${path} was no file, or one that could not be run, when the job was planned`;
}
