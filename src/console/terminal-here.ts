// Whether there is a terminal for a screen, and what it can show.
import { Option } from 'commander';
import type { Look } from '../../components/base/theme.ts';
import { backgrounds, type Colours, palettes } from '../commands/colours.ts';

export interface LookOptions extends Colours {
  readonly ascii?: boolean;
  readonly screenReader?: boolean;
  /** False: --no-mouse. */
  readonly mouse?: boolean;
}

export const backgroundOption = (): Option =>
  new Option('--background <kind>', 'of the terminal; left out: the terminal is asked').choices(backgrounds);

export const paletteOption = (): Option =>
  new Option('--palette <name>', 'the colours of states; colour-blind: told apart without red and green').choices(
    palettes,
  );

/** Why no screen can be opened, and what to use. undefined: one can. */
export function whyNoScreen(what: string, environment: NodeJS.ProcessEnv): string | undefined {
  if (environment.TERM === 'dumb') {
    return `this terminal is TERM=dumb and can show no ${what}; use reseed status, reseed seed --dry-run, reseed jobs`;
  }
  if (process.stdin.isTTY && process.stdout.isTTY) return undefined;
  return `the ${what} needs a terminal; in a pipe or a script: reseed status (--json)`;
}

/** no-color.org; and under a locale that is not UTF-8 the console draws only ASCII. */
export function lookOf(
  { ascii, screenReader, background, palette }: LookOptions,
  environment: NodeJS.ProcessEnv,
): Look {
  const { NO_COLOR: noColour, TERM: term, LC_ALL: all, LC_CTYPE: type, LANG: language } = environment;
  const locale = all || type || language || '';
  const isUtf8 = locale === '' || /utf-?8/i.test(locale);
  const linear = screenReader === true || environment.INK_SCREEN_READER === 'true';
  return {
    colour: !noColour && term !== 'dumb',
    unicode: ascii !== true && isUtf8,
    linear,
    ...(background && { background }),
    ...(palette && { palette }),
  };
}
