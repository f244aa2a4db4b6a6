// Settings of a MariaDB replica that no CHANGE MASTER has. Pure.
import type { Answer, Row } from '../../../host/server/batch.ts';

export interface KeptOfMariadb {
  readonly using: 'slave_pos' | 'current_pos' | 'no';
  /** Settings made since its start that no file has: its next start, also that of a seed, forgets them. */
  readonly byHand: readonly { readonly sql: string; readonly words: string }[];
  /** Names of such settings whose value has an unknown form: they are not set again. */
  readonly unread: readonly string[];
}

/** `status`: from SHOW ALL SLAVES STATUS. */
export function keptOfMariadb(status: Row, byHand: Answer | undefined): KeptOfMariadb {
  const using = (status.get('Using_Gtid') ?? '').toLowerCase();
  return { using: using === 'no' || using === 'current_pos' ? using : 'slave_pos', ...byHandOf(byHand) };
}

/** Words, numbers and lists of them, and `a->b` of replicate_rewrite_db: no known setting of a replica has any other form. */
function byHandOf(answer: Answer | undefined): Pick<KeptOfMariadb, 'byHand' | 'unread'> {
  const all = (answer?.rows ?? []).map((row) => ({
    name: (row.get('VARIABLE_NAME') ?? '').toLowerCase(),
    value: row.get('GLOBAL_VALUE') ?? '',
  }));
  const isKnown = ({ name, value }: { name: string; value: string }) =>
    /^[a-z_]+$/.test(name) && /^[\w,. >-]*$/.test(value);
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
