// The hooks of a plan as the operator agrees to them: each program, on which machine, as which account, for how long, with its digest. Those on
// this machine are looked at before anything is agreed to; those on hosts by the job's own check (check-programs.ts).
import { type Planned, refusal } from '../job/plan/refusal.ts';
import type { Finding } from '../seed/preflight/finding.ts';
import { shortDuration } from '../text/amounts.ts';
import { cleanLine } from '../text/clean.ts';
import type { NamedHook } from './named.ts';
import { type Program, programHere } from './program.ts';
import { jumpName } from './run-here.ts';
import type { HookedJob, HookRun } from './runs.ts';
import type { Digests } from './steps.ts';

type Programs =
  | {
      readonly ok: true;
      readonly digests: Digests;
      /** One for each hook. */
      readonly checks: readonly Finding[];
    }
  | Extract<Planned, { ok: false }>;

export function lookedAt(runs: readonly HookRun[], { who, sides }: HookedJob): Programs {
  const hooks = Map.groupBy(runs, ({ hook, place }) => JSON.stringify([hook, place]));
  const looked = [...hooks.values()].flatMap(([first, ...more]) => {
    const isHere = first?.place === jumpName;
    return first ? [{ ...first, more, program: isHere ? programHere(first.hook.run[0]) : undefined }] : [];
  });
  const refused = looked.find(({ hook, program }) => hook.refuses && troubleOf(program) !== undefined);
  if (refused)
    return refusal(cannotRun(refused.hook, refused.program), 'put it there, or take it out of the inventory');
  const here = new Map(
    looked.flatMap(({ hook, program }) =>
      program && 'sha256' in program ? [[hook.run[0], program.sha256] as const] : [],
    ),
  );
  const digests: Digests = ({ hook: { run }, place }) => {
    if (place === jumpName) return here.get(run[0]);
    const { commands } = sides.find(({ host }) => host.name === place)?.report ?? {};
    const programs = commands?.ok ? commands.value.programs : undefined;
    return programs && Object.hasOwn(programs, run[0]) ? programs[run[0]] : undefined;
  };
  const checks = looked.map(({ more, program, ...run }): Finding => {
    const isTrouble = troubleOf(program) !== undefined;
    return {
      level: isTrouble ? 'warn' : 'pass',
      host: program ? who.jumpHost : run.place,
      text: isTrouble
        ? cannotRun(run.hook, program)
        : hookText([run, ...more], program ? who.account : 'root', digests(run)),
      advice: '',
    };
  });
  return { ok: true, digests, checks };
}

const troubleOf = (program: Program | undefined) => (program && 'why' in program ? program.why : undefined);

const cannotRun = ({ name, run: [path] }: NamedHook, program: Program | undefined): string =>
  cleanLine(`the hook ${name} can't be run here: ${path}: ${troubleOf(program)}`);

/** `hook drain (before-stop, after-caught-up): /opt/drain, as ops; 30 s at most, may refuse; sha256 3f5a...` */
function hookText(runs: readonly [HookRun, ...HookRun[]], account: string, sha256: string | undefined): string {
  const [{ hook }] = runs;
  const points = [...new Set(runs.map(({ point }) => point))].join(', ');
  const terms = `${shortDuration(hook.deadlineMs)} at most${hook.refuses ? ', may refuse' : ''}`;
  const digest = `; sha256 ${sha256 ?? 'unknown: not compared'}`;
  return `hook ${hook.name} (${points}): ${hook.run[0]}, as ${account}; ${terms}${digest}`;
}
