// What the console sends to the terminal itself, besides its frames: the title, the progress, the clipboard, and the
// sequences that restore it.

import { cleanLine } from '../src/text/clean.ts';

interface TitleSequences {
  readonly keep: string;
  readonly set: (title: string) => string;
  readonly restore: string;
}

/** xterm's control sequences: XTWINOPS 22 and 23 save and restore the title, OSC 2 sets it. */
export function titleSequences({ TERM: term = '' }: NodeJS.ProcessEnv): TitleSequences {
  // The Linux console and a dumb terminal have no title, and would print some of it.
  if (term === '' || term === 'dumb' || term === 'linux') return { keep: '', set: () => '', restore: '' };
  return { keep: '\x1b[22;0t', set: (title) => `\x1b]2;${title}\x07`, restore: '\x1b[23;0t' };
}

/** The progress for a tab or a taskbar. `running`: how far is unknown. */
export type TerminalProgress = number | 'running' | 'none';

/**
 * ConEmu's OSC 9;4, in 0 to 100. Empty for a terminal that is not known to support it: for others OSC 9 is a
 * notification, which would pop up at each percent.
 */
export function progressSequence(progress: TerminalProgress, environment: NodeJS.ProcessEnv): string {
  if (!takesProgress(environment)) return '';
  const state = progress === 'none' ? '0;0' : progress === 'running' ? '3;0' : `1;${Math.floor(progress)}`;
  return throughTmux(`\x1b]9;4;${state}\x07`, environment);
}

function takesProgress({ TERM, TERM_PROGRAM, WT_SESSION, ConEmuANSI }: NodeJS.ProcessEnv): boolean {
  const known =
    ['xterm-ghostty', 'wezterm'].includes(TERM ?? '') || ['ghostty', 'WezTerm'].includes(TERM_PROGRAM ?? '');
  return known || WT_SESSION !== undefined || ConEmuANSI === 'ON';
}

/** A body of more is cut by desktops, and nothing says so. */
const maxNoticeLetters = 200;

/**
 * A notification of the desktop, from the operator's terminal: OSC 9 (iTerm2, kitty, WezTerm, Ghostty), or OSC 777 (rxvt-unicode, foot). Empty for a
 * terminal that is not known to have either. The text is cleaned: a host's name can't end the sequence, or begin another.
 */
export function noticeSequence(text: string, environment: NodeJS.ProcessEnv): string {
  const body = cleanLine(text).replaceAll(';', ',').slice(0, maxNoticeLetters).toWellFormed();
  const form = noticeForm(environment);
  if (form === undefined) return '';
  // After OSC 9 a figure would be an order of ConEmu's.
  return throughTmux(
    form === 'osc9' ? `\x1b]9;reseed: ${body}\x07` : `\x1b]777;notify;reseed;${body}\x07`,
    environment,
  );
}

function noticeForm({
  TERM = '',
  TERM_PROGRAM = '',
  LC_TERMINAL = '',
}: NodeJS.ProcessEnv): 'osc9' | 'osc777' | undefined {
  const byProgram = ['iTerm.app', 'WezTerm', 'ghostty'].includes(TERM_PROGRAM) || LC_TERMINAL === 'iTerm2';
  if (byProgram || ['xterm-kitty', 'xterm-ghostty', 'wezterm'].includes(TERM)) return 'osc9';
  return /^(rxvt-unicode|foot)/.test(TERM) ? 'osc777' : undefined;
}

/** With `allow-passthrough on`, tmux passes on a sequence that is wrapped for it. */
const throughTmux = (sequence: string, { TMUX: tmux }: NodeJS.ProcessEnv): string =>
  tmux ? `\x1bPtmux;${sequence.replaceAll('\x1b', '\x1b\x1b')}\x1b\\` : sequence;

/** Presses and the wheel, without moves (1000), as SGR (1006). */
export const mouseOn = '\x1b[?1000h\x1b[?1006h';
export const mouseOff = '\x1b[?1006l\x1b[?1000l';

/** Shows the cursor, ends bracketed paste and the mouse's reports, leaves the alternate screen. Each does no harm if it is done already. */
export const leaveSequences = {
  linear: '\r\n\x1b[?2004l\x1b[?25h',
  screen: `${mouseOff}\x1b[?2004l\x1b[?1049l\x1b[?25h`,
} as const;

/** Terminals accept some 100 kB of base64; tmux silently drops longer texts. */
export const maxCopiedBytes = 74_000;

/**
 * The sequence that puts `text` into the clipboard of the operator's terminal, over any number of ssh hops (OSC 52).
 * Undefined: it is too long. tmux accepts OSC 52 with `set-clipboard on`, and passes on a wrapped one with
 * `allow-passthrough on`, so both are sent.
 */
export function clipboardSequence(text: string, environment: NodeJS.ProcessEnv): string | undefined {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length > maxCopiedBytes) return undefined;
  const plain = `\x1b]52;c;${bytes.toString('base64')}\x07`;
  return environment.TMUX ? `${plain}${throughTmux(plain, environment)}` : plain;
}
