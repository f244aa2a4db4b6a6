// A file that lost its end (a power cut takes what was not on the disk yet) is sent again from some of its last lines on: ones
// that were shown, older ones that were not asked for, and then what is new. Only lines with a time can be told apart: a
// stack trace looks like the last one.
import type { LogLine } from '../../host/facts.ts';

const remembered = 1000;

export interface Overlap {
  /** The next lines, so many at the most, may have been shown before, or be older. */
  begin(maxLines: number): void;
  /** Whether the line is no news; if it is, it is kept in mind. `afterGap`: between what was shown and this line others may be missing. */
  judge(line: LogLine): 'old' | 'new' | 'afterGap';
}

export function overlap(): Overlap {
  /** In the order in which they came. */
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
    // What stands below a line that was shown is new, even where the clock was set back meanwhile.
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
        // All that came again is newer than what was shown: the lines that came again do not reach back so far.
        isAfterGap = !metOld;
      }
      if (line.time !== undefined) remember(line.text, line.time);
      return isAfterGap ? 'afterGap' : 'new';
    },
  };
}
