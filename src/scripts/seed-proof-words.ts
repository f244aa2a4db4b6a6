// The words of seed-proof.sh. seed/replica/proof/read-proof.ts reads its output.
import { type Login, loginWords, namedWords } from './named-words.ts';

interface Files {
  readonly datadir: string;
  readonly unit: string;
  /** `mysql:mysql` */
  readonly owner: string;
}

export const proofOfFilesWords = ({ datadir, unit, owner }: Files): string[] => [
  'files',
  ...namedWords({ datadir, unit, owner }),
];

export const proofOfReadWords = ({ datadir, owner }: Omit<Files, 'unit'>): string[] => [
  'read',
  ...namedWords({ datadir, owner }),
];

export const proofOfOpenWords = (datadir: string, mysql: Login): string[] => [
  'open',
  ...namedWords({ datadir, ...loginWords(mysql) }),
];
