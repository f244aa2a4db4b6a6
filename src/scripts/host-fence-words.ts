// The words of host-fence.sh, and that which makes a command one of a job (prelude.sh). `job`: a key.
import { namedWords } from './named-words.ts';

/** `by`: the jump host's own word; `who`: for people. */
export const takeFenceWords = (words: {
  readonly job: string;
  readonly by: string;
  readonly who: string;
}): string[] => ['take', ...namedWords(words)];

/** Whether a lock has the key of a job, and not what another program wrote there. */
export const isKey = (job: string): boolean => /^[a-z0-9]{1,40}$/.test(job);

/** Of a job whose lock a cleaning or an unlock takes away. */
export const forbidWords = (words: { readonly job: string; readonly who: string }): string[] => [
  'forbid',
  ...namedWords(words),
];

/** Who fenced it, where that was a cleaning or an unlock: it is no jump host that has the job. */
export const byCleaning = 'clean';

export const lookFenceWords = (job: string): string[] => ['look', ...namedWords({ job })];

/** The first word of a command of a job, which runs for so long at most. */
export const fenceWord = (job: string, mostMs: number): string => `fence=${job}/${Math.ceil(mostMs / 1000)}`;

/** False: a text of an older build, which would take the word for one of its own. */
export const knowsFence = (script: string): boolean => script.includes('\n  fence=*/*)\n');

/** The exit status of a command whose job was taken up by another jump host. No script ends with it. */
export const takenUpStatus = 91;
/** The same of one whose lock was taken away on this host, by a cleaning or an unlock: its other hosts know nothing of that. */
export const forbiddenStatus = 92;
