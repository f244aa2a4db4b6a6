// The words of seed-own.sh, and of seed-delete.sh.
import { customWords } from './custom-words.ts';
import { namedWords } from './named-words.ts';
import type { Taken } from './seed-data-words.ts';

type Receiving = Parameters<typeof customWords>[0] & Omit<Taken, 'folder'> & { readonly port: number };

export const receiveOwnWords = ({ port, datadir, job, owner, ...command }: Receiving): string[] => [
  'receive',
  ...customWords(command),
  ...namedWords({ port, datadir, job, owner }),
];

/** Those of seed-delete.sh. */
export const deleteOwnWords = ({
  datadir,
  job,
  ...command
}: Parameters<typeof customWords>[0] & Pick<Taken, 'datadir' | 'job'>): string[] => [
  ...customWords(command),
  ...namedWords({ datadir, job }),
];

export const settleOwnWords = ({ datadir, job, owner, folder }: Taken): string[] => [
  'settle',
  ...namedWords({ datadir, job, owner, folder }),
];
