// What runs on the host around every script, so that nothing there outlives its connection.
//
// sshd stops nothing when a channel closes, when the connection drops or when the client is killed: a silent command
// lives on for ever. But sshd does close the command's standard input. So a feeder reads standard input, and passes the
// script's part to the script. When standard input ends, the feeder ends the process group. sshd makes every command
// the leader of a new session and group (session.c, setsid), so `kill 0` reaches the script, all it started, and
// nothing else.
//
// The account's login shell reads the command line: bash, dash, fish, csh or zsh. So the line is constant, in single
// quotes, and has no quote, backslash, `!` or newline in it, which those shells read differently. All that varies, the
// script and its arguments too, comes over standard input: only our /bin/sh reads it, and `ps` does not show it.
//
// Whatever an rc file prints comes before the mark, a random word that it cannot know. The exit status is told in band,
// after the mark on standard error: ssh gives 255 both for a lost connection and for a script's `exit 255`.
import { randomBytes } from 'node:crypto';
import { programText } from './quote.ts';

// Standard input: a line `mark programBytes feedBytes|- limitSeconds|-`, the program, the bytes for the script.
// - The program ends with `#mark`: half a script, cut off by a lost connection, is not run.
// - With `-` as feedBytes all that follows is for the script. Otherwise the script gets so many bytes and then the end,
//   while the feeder goes on watching.
// - The limit ends a script that the feeder cannot end. The feeder may be blocked, handing bytes to a script that does
//   not read them; and sshd does not notice for hours that a line was cut without a word.
// - In the end SIGKILL takes the group, and with it anything the script left in the background.
const leashed = [
  'IFS=" " read -r reseed_mark reseed_size reseed_feed reseed_limit || exit 1',
  'reseed_program=$(head -c "$reseed_size")',
  'case $reseed_program in *"#$reseed_mark") ;; *) exit 1 ;; esac',
  'echo "$reseed_mark"',
  'echo "$reseed_mark" >&2',
  'case $reseed_limit in -) ;; *) { sleep "$reseed_limit"; kill -KILL 0; } </dev/null >/dev/null 2>&1 & ;; esac',
  `{ ${[
    'trap "" TERM',
    'exec 2>/dev/null',
    'case $reseed_feed in -) cat ;; 0) exec >/dev/null; cat ;; *) head -c "$reseed_feed"; exec >/dev/null; cat ;; esac',
    'exec >/dev/null',
    'kill -TERM 0',
    'sleep 1',
    'kill -KILL 0',
  ].join('; ')}; } | { (eval "$reseed_program"); echo "$reseed_mark $?" >&2; kill -KILL 0; }`,
].join('; ');

// The watcher runs as root, as the script does, or it could not end the script; so sudo goes around the whole. The
// login mark tells a refusal by sudo from a login shell that runs nothing. Root is named: a host's `runas_default` may
// be another account.
const throughSudo = [
  'IFS= read -r reseed_login || exit 1',
  'echo "$reseed_login" >&2',
  'case $(id -u) in 0) exec /bin/sh -c "$1" reseed ;; *) exec sudo -n -u root /bin/sh -c "$1" reseed ;; esac',
].join('; ');

/** The one command line that every host is given. Constant: two texts in all, without and with sudo. */
export function commandLine(sudo: boolean): string {
  return sudo ? `exec /bin/sh -c '${throughSudo}' reseed '${leashed}'` : `exec /bin/sh -c '${leashed}' reseed`;
}

/** The command that sudo is asked to run as root, word by word. It is always the same, so that a rule can name it whole. */
export const underSudo = ['/bin/sh', '-c', leashed, 'reseed'] as const;

/** What the shell on the host is to read first, and the words to look for in its answer. */
export interface Opening {
  readonly header: Buffer;
  /** On a line of its own on stdout and on stderr just before the script's first byte; on stderr, with the status, after its last. */
  readonly mark: string;
  /** Printed on stderr once the login shell did its part; only with sudo. */
  readonly loginMark: string;
}

export interface Feed {
  readonly sudo: boolean;
  /** How many bytes of standard input follow the header; undefined: all that come. */
  readonly feedBytes?: number;
  /** The host itself ends the script after this time. */
  readonly limitMs?: number;
}

export function opening(script: string, args: readonly string[], { sudo, feedBytes, limitMs }: Feed): Opening {
  const mark = randomBytes(16).toString('hex');
  const loginMark = `${mark}-login`;
  const program = Buffer.from(`${programText(script, args)}\n#${mark}`);
  const limit = limitMs === undefined ? '-' : Math.ceil(limitMs / 1000);
  const first = `${sudo ? `${loginMark}\n` : ''}${mark} ${program.length} ${feedBytes ?? '-'} ${limit}\n`;
  return { header: Buffer.concat([Buffer.from(first), program]), mark, loginMark };
}
