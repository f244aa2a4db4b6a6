// What can go wrong between here and a host, as values. Thrown errors are bugs.
import { cleanText } from '../text/clean.ts';

interface Words {
  /** What happened, in one sentence that names the host or the file. Clean text. */
  readonly message: string;
  /** What to do next. Empty where there is nothing to add. */
  readonly advice: string;
  /** What the far side printed about it: clean text, at most 4 KiB, the end of it. */
  readonly printed: string;
}

/** A failure, before it is known which command it ended. */
export type Trouble = Words &
  (
    | {
        /** No connection, or the connection was lost while the command ran. It is then unknown whether the command did its work. */
        readonly kind: 'unreachable';
        readonly lostWhileRunning: boolean;
        /**
         * ssh2 can't speak with the server, because of its algorithms or its login banner; openssh may. `auto` then
         * takes openssh.
         */
        readonly opensshMay?: true;
      }
    | {
        /** Stopped before authentication. */
        readonly kind: 'hostKey';
        readonly problem: 'unknown' | 'changed' | 'revoked';
        /** Which hop's key: `host` or `[host]:port`, as known_hosts writes it. */
        readonly address: string;
        /** `SHA256:...` as ssh-keygen prints it; empty where the ssh client did not tell. */
        readonly fingerprint: string;
        readonly keyType: string;
        /** `file:line` of the known_hosts entry that contradicts the key (changed, revoked). */
        readonly where?: string;
      }
    | {
        readonly kind: 'auth';
        /** Each login method that was tried, and how it ended. */
        readonly tried: readonly string[];
      }
    | { readonly kind: 'sudo' }
    | { readonly kind: 'timeout'; readonly deadlineMs: number }
    | {
        readonly kind: 'exit';
        /** 128 + n when the script was ended by signal n. */
        readonly code: number;
        readonly stdout: string;
        readonly stderr: string;
      }
    | { readonly kind: 'parse' | 'refused' | 'aborted' }
  );

export type RemoteFailure = Trouble & {
  readonly ok: false;
  /** The target's name in the inventory. */
  readonly host: string;
  /** The command that was to run, on one line. */
  readonly command: string;
};

/** The result of a step that can fail with trouble. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly trouble: Trouble };

export const good = <T>(value: T): Outcome<T> => ({ ok: true, value });
export const bad = (trouble: Trouble): { readonly ok: false; readonly trouble: Trouble } => ({ ok: false, trouble });

const printedLimit = 4096;

/** What a failure quotes: clean, without blank edges, the last 4 KiB. */
export function quoted(printed: string | Uint8Array): string {
  return cleanText(printed).trim().slice(-printedLimit).toWellFormed();
}

type Unreachable = Extract<Trouble, { kind: 'unreachable' }>;

export function unreachable(message: string, advice: string, printed = ''): Unreachable {
  return { kind: 'unreachable', lostWhileRunning: false, message, advice, printed: quoted(printed) };
}

export function refused(message: string, advice: string, printed = ''): Trouble {
  return { kind: 'refused', message, advice, printed: quoted(printed) };
}

/** The host answered, but its reader cannot read the answer. */
export function unreadable(message: string, advice: string, printed: string | Uint8Array = ''): Trouble {
  return { kind: 'parse', message, advice, printed: quoted(printed) };
}

/** The same message whichever client failed to log in. */
export function authTrouble(user: string, hostname: string, tried: readonly string[], printed: string): Trouble {
  return {
    kind: 'auth',
    tried,
    message: `${hostname} accepts none of the keys here for ${user}`,
    advice:
      tried.length > 0 ? `tried: ${tried.join('; ')}` : 'there is no key to try: start an agent, or name an identity',
    printed: quoted(printed),
  };
}

/** A trouble, with the host that has it and the command that it ended. */
export function failureOf(trouble: Trouble, host: string, command: string): RemoteFailure {
  return { ...trouble, ok: false, host, command };
}
