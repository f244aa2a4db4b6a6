// What the steps of a job that puts named tables into a running server are planned from.
import type { Host } from '../inventory/settings.ts';
import type { StepTools } from '../job/plan/step-work.ts';
import { failed, notDone } from '../job/runner/step-end.ts';
import { type TablesOwnWords, type TablesVerb, tablesWords } from '../scripts/tables-words.ts';
import { command } from '../seed/place.ts';
import { sql } from '../seed/replica/commands.ts';
import { readReplicationState } from '../seed/replica/source/replication-state.ts';
import { replicaWords, type Speaker, serverWords } from '../seed/replica/words.ts';
import type { SeedRequest, Side } from '../seed/request.ts';

export interface TablesJob {
  /** With one target. */
  readonly request: SeedRequest;
  readonly target: Side;
  /** `shop.orders`: plain names. */
  readonly names: readonly string[];
  /** Tables of these names that the target has are replaced. */
  readonly replace: boolean;
  /** The unit of the target's server. */
  readonly unit: string;
  readonly donorSpeaker: Speaker;
  readonly speaker: Speaker;
  /** Absent: it replicates from no host. */
  readonly replica?: Replica;
}

export interface Replica {
  /** Its applier ran: else it had ended with an error, and an undo leaves it so. */
  readonly ran: boolean;
  /** What it receives are rows alone: events of some tables can be left out. */
  readonly rows: boolean;
}

const tablesDeadlineMs = 60 * 60_000;

const vendorOf = ({ vendor }: Speaker): 'mysql' | 'mariadb' => (vendor === 'mariadb' ? 'mariadb' : 'mysql');

export const putWords = <Verb extends TablesVerb>(job: TablesJob, verb: Verb, own: TablesOwnWords<Verb>): string[] =>
  tablesWords(
    verb,
    {
      ...job.target.host.mysql,
      vendor: vendorOf(job.speaker),
      datadir: job.target.facts.datadir,
      job: job.request.job,
    },
    own,
  );

export const put = <Verb extends TablesVerb>(job: TablesJob, verb: Verb, own: TablesOwnWords<Verb>) =>
  command(job.target.host.name, 'tables', putWords(job, verb, own), tablesDeadlineMs);

export const stateCommand = (host: Host, speaker: Speaker) => sql(host, `${serverWords} ${replicaWords(speaker)}`);

export const yesNo = (is: boolean) => (is ? 'yes' : 'no');

/** The state that a command tells. */
export async function stateBy({ run, step }: Pick<StepTools, 'run' | 'step'>, key: string, again = false) {
  const answer = await run(key, again ? { again: true } : {});
  if (!answer.ok) return notDone(answer);
  const state = readReplicationState(answer.stdout);
  return state ? ({ ok: true, state } as const) : failed(`${step.host} did not tell what it has applied`);
}
