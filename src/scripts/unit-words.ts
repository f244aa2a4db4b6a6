// The words of unit.sh.
import { namedWords, wordOf } from './named-words.ts';

/** Lower-case letters, digits and `-`, in both. */
export interface UnitName {
  readonly job: string;
  readonly role: string;
}

interface Started extends UnitName {
  /** Which program starts it; auto: systemd if it runs. */
  readonly by: 'auto' | 'systemd' | 'setsid';
  /** Low priority for CPU and disk. */
  readonly background: boolean;
  /** The last line of the program is `#MARK`, which proves that it is complete. */
  readonly mark: string;
}

export const startUnitWords = ({ job, role, by, background, mark }: Started): string[] => [
  'start',
  ...namedWords({ job, role, by, background: background ? 'yes' : 'no', mark }),
];

/** `from`: the first byte of its log to be printed. */
export const pollUnitWords = ({ job, role }: UnitName, from: number): string[] => [
  'poll',
  ...namedWords({ job, role, from }),
];

export const unitWords = (verb: 'stop' | 'clear', { job, role }: UnitName): string[] => [
  verb,
  ...namedWords({ job, role }),
];

export const endUnitsWords = (job: string, roles: readonly string[]): string[] => [
  'end',
  ...namedWords({ job, role: roles }),
];

/** The mark at the end of a command's input. Plans up to format 2 have it last. */
export const markIn = (args: readonly string[]): string | undefined => wordOf(args, 'mark') ?? args.at(-1);
