// Finds repeated lines. A file that lost its end (a power cut takes what was not on the disk yet) is sent again, from
// some of its last lines on: lines that were shown, older lines that were not asked for, then new ones. Only lines with
// a time can be told apart: one stack trace looks like another.
import type { LogLine } from '../../host/facts.ts';

const remembered = 1000;

export interface Overlap {
  /** Up to `maxLines` of the next lines may have been shown before, or be older. */
  begin(maxLines: number): void;
  /** Whether the line is old; a new one is remembered. `afterGap`: between the shown lines and this one, others may be missing. */
  judge(line: LogLine): 'old' | 'new' | 'afterGap';
}

export function overlap(): Overlap {
  /** In the order in which they were shown. */
  const shown = new Set<string>();
  let newestTime = '';
  let left = 0;
  let metShown = false;
  let metOld = false;

  const remember = (text: string, time: string) => {
    shown.delete(text);
    shown.add(text);
    if (time > newestTime) newestTime = time;
    const [oldest] = shown;
    if (shown.size > remembered && oldest !== undefined) shown.delete(oldest);
  };
  const isBefore = ({ text, time = '' }: LogLine): boolean => {
    if (shown.has(text)) {
      metShown = true;
      return true;
    }
    // A line below one that was shown is new, even where the clock was set back meanwhile.
    return !metShown && time <= newestTime;
  };

  return {
    begin: (maxLines) => {
      left = shown.size > 0 ? maxLines : 0;
      metShown = false;
      metOld = false;
    },
    judge: (line) => {
      let isAfterGap = false;
      if (left > 0) {
        left--;
        if (line.time === undefined) return 'old';
        if (isBefore(line)) {
          metOld = true;
          return 'old';
        }
        left = 0;
        // All repeated lines are newer than the shown ones: the repeat does not reach back far enough.
        isAfterGap = !metOld;
      }
      if (line.time !== undefined) remember(line.text, line.time);
      return isAfterGap ? 'afterGap' : 'new';
    },
  };
}
