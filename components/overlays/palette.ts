// Commands found by some of their letters, in order: `srtl` finds "sort.lag". Pure.
import {
  type Command,
  type Context,
  commands,
  type ListedCommand,
  type RunCommand,
  runCommandsOf,
} from '../../src/commands/list.ts';

/** The commands of a palette, the inventory's last. `own`: only these. */
export const offered = (context: Context, own = false): readonly (ListedCommand | RunCommand)[] => [
  ...(own ? [] : commands),
  ...runCommandsOf(context),
];

/** The commands that `text` may mean, the likeliest first. For an empty text all of them, in their order. */
export function matching<T extends Command>(text: string, commands: readonly T[]): readonly T[] {
  const wanted = text.toLowerCase().replaceAll(' ', '');
  return commands
    .map((command) => ({ command, score: Math.max(score(wanted, command.name), score(wanted, command.help) - 2) }))
    .filter((found) => found.score > -1_000)
    .sort((one, other) => other.score - one.score)
    .map((found) => found.command);
}

/** How well `wanted` matches `text` as a subsequence: runs and beginnings of words count, gaps cost. */
function score(wanted: string, text: string): number {
  const letters = text.toLowerCase();
  let at = -1;
  let total = 0;
  for (const letter of wanted) {
    const next = letters.indexOf(letter, at + 1);
    if (next < 0) return Number.NEGATIVE_INFINITY;
    const gap = next - at - 1;
    const startsWord = next === 0 || /[^a-z]/.test(letters[next - 1] ?? '') || /[A-Z]/.test(text[next] ?? '');
    total += (startsWord ? 3 : 0) + (gap === 0 ? 2 : -Math.min(gap, 5) / 5);
    at = next;
  }
  return total;
}
