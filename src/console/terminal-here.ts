// Whether there is a terminal for a screen, and what it can show.
import type { Look } from '../../components/base/theme.ts';

export interface LookOptions {
  readonly ascii?: boolean;
  readonly screenReader?: boolean;
  /** False: --no-mouse. */
  readonly mouse?: boolean;
}

/** Why no screen can be opened, and what to use. undefined: one can. */
export function whyNoScreen(what: string, environment: NodeJS.ProcessEnv): string | undefined {
  if (environment.TERM === 'dumb') {
    return `this terminal is TERM=dumb and can show no ${what}; use reseed status, reseed seed --dry-run, reseed jobs`;
  }
  if (process.stdin.isTTY && process.stdout.isTTY) return undefined;
  return `the ${what} needs a terminal; in a pipe or a script: reseed status (--json)`;
}

/** no-color.org; and under a locale that is not UTF-8 the console draws only ASCII. */
export function lookOf({ ascii, screenReader }: LookOptions, environment: NodeJS.ProcessEnv): Look {
  const { NO_COLOR: noColour, TERM: term, LC_ALL: all, LC_CTYPE: type, LANG: language } = environment;
  const locale = all || type || language || '';
  const isUtf8 = locale === '' || /utf-?8/i.test(locale);
  const linear = screenReader === true || environment.INK_SCREEN_READER === 'true';
  return { colour: !noColour && term !== 'dumb', unicode: ascii !== true && isUtf8, linear };
}
