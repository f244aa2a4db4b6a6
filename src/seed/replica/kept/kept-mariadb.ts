// What a MariaDB replica was that stands in no statement of CHANGE MASTER of its own. Pure.
import type { Answer, Row } from '../../../host/server/batch.ts';

export interface KeptOfMariadb {
  readonly using: 'slave_pos' | 'current_pos' | 'no';
  /** What was set since its start and stands in no file: its next start forgets it, that of a seed too. */
  readonly byHand: readonly { readonly sql: string; readonly words: string }[];
  /** Names of such settings whose value is of no known form: they are not set again. */
  readonly unread: readonly string[];
}

/** `status`: of SHOW ALL SLAVES STATUS. */
export function keptOfMariadb(status: Row, byHand: Answer | undefined): KeptOfMariadb {
  const using = (status.get('Using_Gtid') ?? '').toLowerCase();
  return { using: using === 'no' || using === 'current_pos' ? using : 'slave_pos', ...byHandOf(byHand) };
}

/** Words, numbers and lists of them: no setting of a replica that is known to us has anything else. */
function byHandOf(answer: Answer | undefined): Pick<KeptOfMariadb, 'byHand' | 'unread'> {
  const all = (answer?.rows ?? []).map((row) => ({
    name: (row.get('VARIABLE_NAME') ?? '').toLowerCase(),
    value: row.get('GLOBAL_VALUE') ?? '',
  }));
  const isKnown = ({ name, value }: { name: string; value: string }) =>
    /^[a-z_]+$/.test(name) && /^[\w,. -]*$/.test(value);
  return {
    byHand: all.filter(isKnown).map(({ name, value }) => ({
      sql: `SET GLOBAL ${name} = ${/^\d+(\.\d+)?$/.test(value) ? value : `'${value}'`}`,
      words: `${name} ${value === '' ? "''" : value}`,
    })),
    unread: all.filter((one) => !isKnown(one)).map(({ name }) => name),
  };
}

export const mariadbTexts = ({ using, byHand }: KeptOfMariadb): string[] => [
  ...byHand.map(({ words }) => words),
  ...(using === 'current_pos' ? ['MASTER_USE_GTID current_pos'] : []),
];
