// What a run's end means. Pure.
import { constants } from 'node:os';
import { cleanText } from '../../text/clean.ts';
import { quoted, refused, type Trouble } from '../failure.ts';
import type { ChannelEnd } from '../transport.ts';
import { splitStatus } from './answer.ts';
import type { Heard } from './run.ts';

/** `trouble` is absent when the script ended with status 0. */
export interface Verdict {
  readonly trouble?: Trouble;
  /** The script's standard error: clean text. */
  readonly stderr: string;
}

/**
 * Judges a run that was not given up. `stdout` is what it answered, for the failure `exit`; `host` is for the messages.
 */
export function verdictOn(heard: Heard, host: string, stdout: string): Verdict {
  const { text, code } = splitStatus(heard.stderr, heard.opening.mark);
  const stderr = cleanText(text);
  if (code === 0) {
    const why = heard.end?.ok ? heard.end.value.lost : undefined;
    // Each output comes by itself: the status does not tell how much of the other one has come.
    return why === undefined ? { stderr } : { stderr, trouble: lost(host, true, stderr, why) };
  }
  if (code !== undefined) return { stderr, trouble: exited(host, code, stdout, stderr) };
  if (!heard.end) return { stderr, trouble: lost(host, heard.begun, stderr) };
  if (!heard.end.ok) return { stderr, trouble: heard.end.trouble };
  const end = heard.end.value;
  return { stderr, trouble: heard.begun ? cutShort(end, host, stdout, stderr) : neverBegan(end, heard, host) };
}

function exited(host: string, code: number, stdout: string, stderr: string): Trouble {
  const message = `on ${host} it ended with status ${code}`;
  return { kind: 'exit', code, stdout, stderr, message, advice: '', printed: quoted(stderr || stdout) };
}

/** The script began; then a signal or a lost connection ended it, and with it the shell that would have told its status. */
function cutShort(end: ChannelEnd, host: string, stdout: string, stderr: string): Trouble {
  const code = end.code ?? signalStatus(end.signal);
  if (end.lost !== undefined || code === undefined) return lost(host, true, stderr, end.lost);
  return {
    kind: 'exit',
    code,
    stdout,
    stderr,
    message: `on ${host} it was ended from outside (${end.signal ?? `status ${code}`})`,
    advice: "look for who ended it: the kernel's out-of-memory killer, an operator, a limit of the account",
    printed: quoted(stderr),
  };
}

/**
 * What was printed before the script began, without our own mark: it tells why the script did not begin. Empty for a
 * script that began: a banner is no reason for a failure.
 */
export function saidBefore({ begun, noise, opening }: Pick<Heard, 'begun' | 'noise' | 'opening'>): string {
  return begun ? '' : noise.toString().replace(`${opening.loginMark}\n`, '');
}

function neverBegan(end: ChannelEnd, heard: Heard, host: string): Trouble {
  const noise = heard.noise.toString();
  if (end.lost !== undefined || (end.code === undefined && end.signal === undefined)) {
    return lost(host, false, saidBefore(heard), end.lost);
  }
  const login = noise.split(`${heard.opening.loginMark}\n`);
  if (login.length > 1) {
    const printed = quoted(login[1] ?? '');
    return {
      kind: 'sudo',
      message: `sudo on ${host} refused to run a shell as root: ${sudoWords(printed)}`,
      advice: 'install there the rule that `reseed sudoers --user ACCOUNT` prints for the account that logs in',
      printed,
    };
  }
  return refused(
    `the account's login shell on ${host} did not run the command`,
    'the account needs a login shell (bash, dash, zsh, fish, csh), no ForceCommand, and /bin/sh and head on the host',
    noise,
  );
}

const longestWords = 200;

/** sudo's own sentence where it printed one; else (NOEXEC, for example) the last line of the shell that it ran. */
function sudoWords(printed: string): string {
  const lines = printed.split('\n').filter((line) => line !== '');
  const own = lines.filter((line) => /^sudo(?:-rs)?: |^Sorry, | is not (?:allowed|in the sudoers)/.test(line));
  const said = own.at(-1) ?? lines.at(-1);
  if (said === undefined) return 'it said nothing';
  if (own.length === 0 && /denied|not permitted/.test(said)) return `a program was not let run (NOEXEC): ${said}`;
  // sudo quotes the whole command, which is long.
  const short = said.replace(/not allowed to execute '.*' as/, 'not allowed to execute that shell as');
  return short.length > longestWords ? `${short.slice(0, longestWords)}…` : short;
}

function lost(host: string, lostWhileRunning: boolean, printed: string, why = ''): Trouble {
  return {
    kind: 'unreachable',
    lostWhileRunning,
    message: `the connection to ${host} was lost${lostWhileRunning ? ' while it ran' : ''}${why && `: ${why}`}`,
    advice: lostWhileRunning ? 'whether it came to its end is not known' : '',
    printed: quoted(printed),
  };
}

function signalStatus(signal: string | undefined): number | undefined {
  const number = Object.entries(constants.signals).find(([name]) => name === signal)?.[1];
  return number === undefined ? undefined : 128 + number;
}
