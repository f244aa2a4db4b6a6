// The hooks of a plan as the operator agrees to them: each program, on which machine, as which account, for how long, with its digest. Those on
// this machine are looked at before anything is agreed to; those on hosts by the probe, as far as it was told of them, and by the job's own check (check-programs.ts).
import { hookLooks, pathIn, toldLook } from '../host/file-looks.ts';
import { type Planned, refusal } from '../job/plan/refusal.ts';
import { isDigest, type Sum, sumOf } from '../scripts/file-sums.ts';
import type { Finding } from '../seed/preflight/finding.ts';
import { shortDuration } from '../text/amounts.ts';
import { cleanLine } from '../text/clean.ts';
import type { NamedHook } from './named.ts';
import { type Looked, lookHere, troubleOf } from './program.ts';
import { jumpName } from './run-here.ts';
import type { HookedJob, HookRun } from './runs.ts';
import type { Digests } from './steps.ts';

type Programs =
  | {
      readonly ok: true;
      /** Of one that can not be run a step is left too, which says so in the log of its job: schedules show no findings. */
      readonly digests: Digests;
      /** One for each hook. */
      readonly checks: readonly Finding[];
    }
  | Extract<Planned, { ok: false }>;

interface LookedHook {
  readonly hook: NamedHook;
  readonly place: string;
  readonly all: readonly [HookRun, ...HookRun[]];
  /** As far as it is known by now. */
  readonly looked: Looked;
}

export function lookedAt(runs: readonly HookRun[], job: HookedJob): Programs {
  const lookOf = looks(job);
  const hooks = Map.groupBy(runs, ({ hook, place }) => JSON.stringify([hook, place]));
  const found = [...hooks.values()].flatMap(([first, ...more]): LookedHook[] => {
    if (!first) return [];
    const { hook, place } = first;
    const all = [first, ...more] as const;
    const looked = new Map(all.flatMap((run) => lookOf(run)).map((one) => [one.path, one]));
    return [{ hook, place, all, looked: [...looked.values()] }];
  });
  const refused = found.find(({ hook, looked }) => hook.refuses && troubleOf(looked) !== undefined);
  if (refused) return refusal(cannotRun(refused), 'put it there, or take it out of the inventory');
  const digests: Digests = (run) => lookOf(run).map(({ path, look }) => sumOf(path, look));
  const { jumpHost, account } = job.who;
  const checks = found.map((one): Finding => {
    const isHere = one.place === jumpName;
    const isTrouble = troubleOf(one.looked) !== undefined;
    return {
      level: isTrouble ? 'warn' : 'pass',
      host: isHere ? jumpHost : one.place,
      text: isTrouble
        ? `${cannotRun(one)}; the job goes on without it`
        : hookText(one.all, isHere ? account : 'root', one.all.flatMap(digests)),
      advice: '',
    };
  });
  return { ok: true, digests, checks };
}

/** Of the files of a run; those that are not known are left out. Each file of this machine is looked at once. */
function looks({ sides }: HookedJob): (run: Pick<HookRun, 'words' | 'place'>) => Looked {
  const here = new Map<string, Looked>();
  return ({ words, place }) => {
    if (place === jumpName) {
      const key = JSON.stringify(words);
      const looked = here.get(key) ?? lookHere(words);
      here.set(key, looked);
      return looked;
    }
    const report = sides.find(({ host }) => host.name === place)?.report ?? {};
    return hookLooks(words).flatMap((asked) => {
      const look = toldLook(report, asked);
      return look === undefined ? [] : [{ path: pathIn(asked), look }];
    });
  };
}

const cannotRun = ({ hook: { name }, place, looked }: LookedHook): string =>
  cleanLine(`the hook ${name} can't be run ${place === jumpName ? 'here' : `on ${place}`}: ${troubleOf(looked)}`);

/** `hook drain (before-stop, after-caught-up): /opt/drain, as ops; 30 s at most, may refuse; sha256 3f5a...` */
function hookText(runs: readonly [HookRun, ...HookRun[]], account: string, sums: readonly Sum[]): string {
  const [{ hook }] = runs;
  const points = [...new Set(runs.map(({ point }) => point))].join(', ');
  const terms = `${shortDuration(hook.deadlineMs)} at most${hook.refuses ? ', may refuse' : ''}`;
  const of = new Map(sums.filter(isDigest).map(({ path, sha256 }) => [path, sha256]));
  const [path] = hook.run;
  const others = [...of].filter(([other]) => other !== path).map(([other, sha256]) => `; of ${other}: ${sha256}`);
  const digest = `; sha256 ${of.get(path) ?? 'unknown: not compared'}${others.join('')}`;
  return `hook ${hook.name} (${points}): ${hook.run[0]}, as ${account}; ${terms}${digest}`;
}
