// Reads what rows.sh prints. Pure.
import { type Answer, readAnswers } from '../../host/server/batch.ts';
import { type ReplicationState, readReplicationState } from '../../seed/replica/source/replication-state.ts';
import { dataIdOf } from './data-id.ts';
import type { KeyPart } from './definition.ts';
import { isKey, isUnsummed, type Key } from './statements.ts';

export interface Told {
  readonly state: ReplicationState;
  /** Whether it has the GTIDs that were waited for. */
  readonly hasCome: boolean;
  readonly answers: ReadonlyMap<string, Answer>;
  /** Which data it has (data-id.ts). */
  readonly dataId: string;
}

/** undefined: the server did not answer all. */
export function readTold(text: string): Told | undefined {
  const answers = readAnswers(text);
  const state = readReplicationState(text);
  const code = answers.get('waited')?.rows[0]?.get('code');
  return state && code !== undefined
    ? { state, hasCome: code === '0', answers, dataId: dataIdOf(state, answers) }
    : undefined;
}

export interface Sum {
  readonly rows: number;
  readonly total: string;
  /** How long the server read. */
  readonly ms: number;
}

/** A text: why there is none. */
export function readSum({ answers }: Told, name: string): Sum | string {
  const [row] = answers.get(name)?.rows ?? [];
  const [n = '', total = ''] = [row?.get('n'), row?.get('total')];
  if (!/^\d{1,15}$/.test(n) || !/^\d{1,40}$/.test(total)) return 'its sum is not of the form of the statement';
  if (isUnsummed(total)) return 'a row is larger than a packet of the server (max_allowed_packet), and has no sum';
  return { rows: Number(n), total, ms: tookMs(answers, name) };
}

function tookMs(answers: Told['answers'], name: string): number {
  const us = answers.get(`took ${name}`)?.rows[0]?.get('us') ?? '';
  return /^\d{1,15}$/.test(us) ? Number(us) / 1000 : 0;
}

export const isSame = (one: Sum, other: Sum): boolean => one.rows === other.rows && one.total === other.total;

/** The end of the next range; null: there are fewer rows. undefined: not of the form of the statement. */
export function readBound({ answers }: Told, name: string, parts: readonly KeyPart[]): Key | null | undefined {
  const answer = answers.get(name);
  if (!answer) return undefined;
  const [row] = answer.rows;
  if (!row) return null;
  const key = parts.map((_, at) => row.get(`k${at}`) ?? '');
  return isKey(parts, key) ? key : undefined;
}

export const boundMs = ({ answers }: Told, name: string): number => tookMs(answers, name);
