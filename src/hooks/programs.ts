// The hooks of a plan as the operator agrees to them: each program, on which machine, as which account, for how long, with its digest. Those on
// this machine are looked at before anything is agreed to; those on hosts by the job's own check (check-programs.ts).
import { type Planned, refusal } from '../job/plan/refusal.ts';
import type { Sum } from '../scripts/file-sums.ts';
import type { Finding } from '../seed/preflight/finding.ts';
import { shortDuration } from '../text/amounts.ts';
import { cleanLine } from '../text/clean.ts';
import type { NamedHook } from './named.ts';
import { filesIn, type Looked, lookHere, type Program, troubleOf } from './program.ts';
import { jumpName } from './run-here.ts';
import type { HookedJob, HookRun } from './runs.ts';
import type { Digests } from './steps.ts';

type Programs =
  | {
      readonly ok: true;
      readonly digests: Digests;
      /** Those that can be run: what another account may change on this machine would be run as the operator. */
      readonly run: readonly HookRun[];
      /** One for each hook. */
      readonly checks: readonly Finding[];
    }
  | Extract<Planned, { ok: false }>;

export function lookedAt(runs: readonly HookRun[], { who, sides }: HookedJob): Programs {
  const hooks = Map.groupBy(runs, ({ hook, place }) => JSON.stringify([hook, place]));
  const looked = [...hooks.values()].flatMap(([first, ...more]) => {
    if (!first) return [];
    const { hook, place } = first;
    const all = [first, ...more] as const;
    const here = place === jumpName ? lookHere(all.flatMap(({ words }) => filesIn(words))) : undefined;
    return [{ hook, place, all, here }];
  });
  const refused = looked.find(({ hook, here }) => hook.refuses && troubleOf(here) !== undefined);
  if (refused) return refusal(cannotRun(refused.hook, refused.here), 'put it there, or take it out of the inventory');
  const sumsHere = new Map(looked.flatMap(({ here = [] }) => here.flatMap(({ path, file }) => sumOf(path, file))));
  const digests: Digests = ({ words, place }) => {
    const { commands } = sides.find(({ host }) => host.name === place)?.report ?? {};
    const told = new Map(Object.entries((commands?.ok && commands.value.programs) || {}));
    const known = place === jumpName ? sumsHere : told;
    return filesIn(words).flatMap((path) => {
      const sha256 = known.get(path);
      return sha256 === undefined ? [] : [{ path, sha256 }];
    });
  };
  const checks = looked.map(({ hook, place, all, here }): Finding => {
    const isTrouble = troubleOf(here) !== undefined;
    return {
      level: isTrouble ? 'warn' : 'pass',
      host: here ? who.jumpHost : place,
      text: isTrouble
        ? `${cannotRun(hook, here)}; the job goes on without it`
        : hookText(all, here ? who.account : 'root', all.flatMap(digests)),
      advice: '',
    };
  });
  const blocked = looked.flatMap(({ all, here }) => (troubleOf(here) === undefined ? [] : all));
  return { ok: true, digests, run: runs.filter((run) => !blocked.includes(run)), checks };
}

const sumOf = (path: string, file: Program | undefined) =>
  file && 'sha256' in file ? [[path, file.sha256] as const] : [];

const cannotRun = ({ name }: NamedHook, looked: Looked | undefined): string =>
  cleanLine(`the hook ${name} can't be run here: ${troubleOf(looked)}`);

/** `hook drain (before-stop, after-caught-up): /opt/drain, as ops; 30 s at most, may refuse; sha256 3f5a...` */
function hookText(runs: readonly [HookRun, ...HookRun[]], account: string, sums: readonly Sum[]): string {
  const [{ hook }] = runs;
  const points = [...new Set(runs.map(({ point }) => point))].join(', ');
  const terms = `${shortDuration(hook.deadlineMs)} at most${hook.refuses ? ', may refuse' : ''}`;
  const of = new Map(sums.map(({ path, sha256 }) => [path, sha256]));
  const [path] = hook.run;
  const others = [...of].filter(([other]) => other !== path).map(([other, sha256]) => `; of ${other}: ${sha256}`);
  const digest = `; sha256 ${of.get(path) ?? 'unknown: not compared'}${others.join('')}`;
  return `hook ${hook.name} (${points}): ${hook.run[0]}, as ${account}; ${terms}${digest}`;
}
