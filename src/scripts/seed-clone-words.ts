// The words of seed-clone.sh and seed-clone-donor.sh. seed/methods/clone/told.ts reads what the first one says.
import { type Login, loginWords, namedWords } from './named-words.ts';

interface Cloning {
  readonly datadir: string;
  /** The job's key. */
  readonly job: string;
  /** user:group */
  readonly owner: string;
  /** The donor's address, as the target reaches it. */
  readonly host: string;
  readonly port: number;
  /** MiB a second; 0: no limit. */
  readonly rate: number;
  readonly compress: boolean;
  readonly streams: number;
  /** Whether the donor has GTIDs. */
  readonly gtid: boolean;
  /** Whether the new data keeps the plugin clone. */
  readonly keepsPlugin: boolean;
  /** The path of the target's own server program; absent: not known. */
  readonly program?: string | undefined;
  /** `--innodb-page-size=16384`: for each server that is started. */
  readonly options: readonly string[];
}

const onOff = (on: boolean) => (on ? 'ON' : 'OFF');

export const cloneWords = ({ compress, gtid, keepsPlugin, program = '', options, ...rest }: Cloning): string[] => {
  const { datadir, job, owner, host, port, rate, streams } = rest;
  const plugin = keepsPlugin ? 'keep' : 'remove';
  const told = { datadir, job, owner, host, port, rate, compress: onOff(compress), streams, gtid: onOff(gtid), plugin };
  return ['run', ...namedWords({ ...told, program, option: options })];
};

export const openCloneWords = (job: string): string[] => ['open', ...namedWords({ job })];

/** `bytes`: a second; 0: no limit. */
export const limitCloneWords = (job: string, bytes: number): string[] => ['limit', ...namedWords({ job, bytes })];

export type CloneDonorVerb = 'load' | 'unload' | 'account' | 'open' | 'remove';

export const cloneDonorWords = (verb: CloneDonorVerb, login: Login, job: string): string[] => [
  verb,
  ...namedWords({ ...loginWords(login), job }),
];
