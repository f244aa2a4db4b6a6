// What the console says to the terminal itself, beside its frames: the title, the clipboard, and the way back.

/** xterm's control sequences: XTWINOPS 22 and 23 keep and give back the title, OSC 2 sets it. */
export function titleSequences(
  title: string,
  { TERM: term = '' }: NodeJS.ProcessEnv,
): { set: string; restore: string } {
  // The Linux console and a dumb terminal have no title, and would print some of it.
  if (term === '' || term === 'dumb' || term === 'linux') return { set: '', restore: '' };
  return { set: `\x1b[22;0t\x1b]2;${title}\x07`, restore: '\x1b[23;0t' };
}

/** Shows the cursor, ends bracketed paste, leaves the alternate screen: each of them harmless where it is so already. */
export const leaveSequences = { linear: '\x1b[?2004l\x1b[?25h', screen: '\x1b[?2004l\x1b[?1049l\x1b[?25h' } as const;

/** Terminals take some 100 kB of base64 at the most; tmux drops what is longer without a word. */
export const mostCopiedBytes = 74_000;

/**
 * What puts `text` into the clipboard of the terminal that the operator sits at, over any number of ssh hops (OSC 52).
 * Undefined: it is too long. tmux takes OSC 52 with `set-clipboard on` and hands on what is wrapped for it with
 * `allow-passthrough on`: it is sent both ways.
 */
export function clipboardSequence(text: string, { TMUX: tmux }: NodeJS.ProcessEnv): string | undefined {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length > mostCopiedBytes) return undefined;
  const plain = `\x1b]52;c;${bytes.toString('base64')}\x07`;
  return tmux ? `${plain}\x1bPtmux;${plain.replaceAll('\x1b', '\x1b\x1b')}\x1b\\` : plain;
}
