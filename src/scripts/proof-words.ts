// The words of proof.sh, and the names of the writable copy that snapshot-copy.sh makes.
import { namedWords } from './named-words.ts';

interface Proving {
  /** The job's key. */
  readonly job: string;
  /** Empty: the data is in the folder of the job in `stage`. */
  readonly device: string;
  /** A datadir; empty: the data is on the device. */
  readonly stage: string;
  /** `vgcrm/pool`, where the copy is thin; empty: it is not. */
  readonly pool: string;
  readonly vendor: 'mysql' | 'mariadb';
  /** The path of the host's own server program; absent: not known. */
  readonly program?: string | undefined;
  /** From the top of the file system on (of the folder, with a stage), without a slash before it; empty: the top itself. */
  readonly datadir: string;
  /** user:group */
  readonly owner: string;
  readonly options: readonly string[];
  /** Tables are drawn until they have so many percent of the bytes. */
  readonly check: number;
  /** Which tables are drawn: the same number draws the same ones. */
  readonly draw: number;
  /** `shop.orders.created_at` */
  readonly newest: readonly string[];
  readonly seconds: number;
}

export const proofWords = ({ options, program = '', ...rest }: Proving): string[] =>
  namedWords({ ...rest, program, option: options });

interface CopyOf {
  readonly group: string;
  readonly job: string;
  readonly isThin: boolean;
}

export const copyDevice = ({ group, job, isThin }: CopyOf): string =>
  isThin ? `/dev/${group}/reseed-${job}-copy` : `/dev/mapper/reseed_${job}_copy`;
