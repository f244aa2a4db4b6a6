// What the steps of a salvage are planned from.
import { z } from 'zod';
import type { Vendor } from '../host/facts.ts';
import type { Who } from '../job/journal/record.ts';
import type { StepTools } from '../job/plan/step-work.ts';
import { failed, notDone } from '../job/runner/step-end.ts';
import type { Login } from '../scripts/named-words.ts';
import { readReplicationState } from '../seed/replica/source/replication-state.ts';
import { replicaWords, serverWords } from '../seed/replica/words.ts';
import type { LogFile, Tail } from './tail.ts';

export const vendorSchema = z.enum(['mysql', 'percona', 'mariadb']);

interface Server {
  readonly name: string;
  readonly datadir: string;
}

export interface SalvageJob {
  /** The job's key. */
  readonly job: string;
  readonly who: Who;
  readonly vendor: Vendor;
  readonly version: string;
  readonly from: Server;
  readonly to: Server & { readonly login: Login };
  /** What the target has executed. */
  readonly before: string;
  readonly tail: Tail;
  /** The logs to bring, each from its first byte on. */
  readonly logs: readonly LogFile[];
}

/** How the target stands, by the command `state` of a step (stateWords). */
export async function targetNow({ run, step: { host } }: Pick<StepTools, 'run' | 'step'>) {
  const answer = await run('state');
  if (!answer.ok) return notDone(answer);
  const state = readReplicationState(answer.stdout);
  return state ? ({ ok: true, state } as const) : failed(`${host} did not tell what it has`);
}

/** The state of a server, as a source and as a replica. */
export const stateWords = (speaker: Pick<SalvageJob, 'vendor' | 'version'>) =>
  `${serverWords} ${replicaWords(speaker)}`;
