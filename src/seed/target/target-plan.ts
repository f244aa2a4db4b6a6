// The input for planning the steps on one target, and their commands (seed-stage.sh, seed-before.sh).

import { type BeforeVerb, type BeforeWords, seedBeforeWords } from '../../scripts/seed-before-words.ts';
import { type StageVerb, type StageWords, seedStageWords } from '../../scripts/seed-stage-words.ts';
import { serverState } from '../../service/server-state.ts';
import { command } from '../place.ts';
import { versionOf } from '../preflight/identity/versions.ts';
import type { Speaker } from '../replica/words.ts';
import type { SeedRequest, Side } from '../request.ts';

export interface TargetPlan {
  readonly request: SeedRequest;
  readonly target: Side;
  /** The unit's name for systemctl. */
  readonly unit: string;
  /** The target's index among all targets. */
  readonly index: number;
}

/** Old data may be terabytes in many files. */
export const deleteDeadlineMs = 60 * 60_000;
/** A server that stops writes all of its pages. */
export const stopDeadlineMs = 130 * 60_000;
/** One that starts may recover its data (start_limit of seed-before.sh). */
export const restartDeadlineMs = 370 * 60_000;

/** `prepare db3`, in the lane of db3. */
export function onTarget({ target }: Pick<TargetPlan, 'target'>, what: string) {
  const { name } = target.host;
  return { name: `${what} ${name}`, host: name, lane: name };
}

export function stage<Verb extends StageVerb>(
  { request: { job }, target: { host, facts } }: TargetPlan,
  verb: Verb,
  own: StageWords<Verb>,
  limitMs?: number,
) {
  return command(host.name, 'seed-stage', seedStageWords(verb, { datadir: facts.datadir, job }, own), limitMs);
}

export function before<Verb extends BeforeVerb>(
  { request: { job }, target: { host, facts }, unit }: TargetPlan,
  verb: Verb,
  own: BeforeWords<Verb>,
  limitMs?: number,
) {
  const server = { unit, job, datadir: facts.datadir, mysql: host.mysql };
  return command(host.name, 'seed-before', seedBeforeWords(verb, server, own), limitMs);
}

/** The SQL dialect of the target's server before the seed. */
export const speakerOf = ({ target }: TargetPlan): Speaker => versionOf(target) ?? { vendor: 'mysql', version: '' };

/** Its server is not known to be down: it is stopped, and an undo starts it again. */
export const mayRun = ({ target: { report } }: TargetPlan): boolean =>
  report.service?.ok === true && serverState(report.service.value) !== 'down';
