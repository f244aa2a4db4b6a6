// What a MariaDB replica was that stands in no statement of CHANGE MASTER of its own. Pure.
import type { Answer, Row } from '../../host/batch.ts';

export interface KeptOfMariadb {
  readonly using: 'slave_pos' | 'current_pos' | 'no';
  /** What was set since its start and stands in no file: its next start forgets it, that of a seed too. */
  readonly byHand: readonly { readonly sql: string; readonly words: string }[];
}

/** `status`: of SHOW ALL SLAVES STATUS. */
export function keptOfMariadb(status: Row, byHand: Answer | undefined): KeptOfMariadb {
  const using = (status.get('Using_Gtid') ?? '').toLowerCase();
  return { using: using === 'no' || using === 'current_pos' ? using : 'slave_pos', byHand: byHandOf(byHand) };
}

/** Words, numbers and lists of them: no setting of a replica has anything else. */
function byHandOf(answer: Answer | undefined): KeptOfMariadb['byHand'] {
  return (answer?.rows ?? []).flatMap((row) => {
    const name = (row.get('VARIABLE_NAME') ?? '').toLowerCase();
    const value = row.get('GLOBAL_VALUE') ?? '';
    if (!/^[a-z_]+$/.test(name) || !/^[\w, ]+$/.test(value)) return [];
    return [{ sql: `SET GLOBAL ${name} = ${/^\d+$/.test(value) ? value : `'${value}'`}`, words: `${name} ${value}` }];
  });
}

export const mariadbTexts = ({ using, byHand }: KeptOfMariadb): string[] => [
  ...byHand.map(({ words }) => words),
  ...(using === 'current_pos' ? ['MASTER_USE_GTID current_pos'] : []),
];
