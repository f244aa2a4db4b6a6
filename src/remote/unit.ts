// Units: work on a host that outlives the connection, the runner and the console. A unit is found again by its name alone.
// Its processes run as root under /run/reseed/<job>/<role>/ (scripts/unit.sh says what lies there), which is in memory:
// after a power cut the host knows nothing of it, and the unit is `absent`.
import { randomBytes } from 'node:crypto';
import { cleanLine } from '../text/clean.ts';
import { failureOf, type RemoteFailure, unreadable } from './failure.ts';
import { programText } from './quote.ts';
import type { ExecResult, Remote } from './remote.ts';

/** Lower-case letters, digits and `-`, in both. */
export interface UnitName {
  readonly job: string;
  readonly role: string;
}

export type UnitState =
  | { readonly kind: 'absent' }
  | { readonly kind: 'running' }
  /** The script came to its end; 128 + n when signal n ended it. */
  | { readonly kind: 'ended'; readonly code: number }
  /** It was ended from outside, and all that it had started too. */
  | { readonly kind: 'died' };

export interface UnitReport {
  readonly ok: true;
  readonly state: UnitState;
  /** The last line that the script wrote to `$RESEED_FOLDER/progress`. Clean. */
  readonly progress: string;
  /** What the script printed from the byte asked for on, at most 64 KiB. Not clean, and perhaps cut inside a character. */
  readonly log: Buffer;
}

export interface UnitWork {
  /** POSIX sh; finds its arguments in "$@" and its folder in $RESEED_FOLDER. Its standard input is empty. */
  readonly script: string;
  readonly args: readonly string[];
  /** Leaves the processor and the disk to others: for hosts that serve while it runs. */
  readonly background: boolean;
  /** Default auto: systemd where it runs. */
  readonly by?: 'auto' | 'systemd' | 'setsid';
}

export interface Units {
  /** Does nothing where the unit stands already, ended or not: `fresh` tells. */
  start(name: UnitName, work: UnitWork): Promise<{ ok: true; fresh: boolean; state: UnitState } | RemoteFailure>;
  poll(name: UnitName, logFromByte: number): Promise<UnitReport | RemoteFailure>;
  /** Ends it and everything that it started, and returns when nothing of it runs. */
  stop(name: UnitName): Promise<{ ok: true; state: UnitState } | RemoteFailure>;
  /** Removes its folder. One that runs is a failure. */
  clear(name: UnitName): Promise<{ ok: true } | RemoteFailure>;
}

const deadlineMs = 30_000;

/** `script` is the text of scripts/unit.sh. */
export function unitsOn(remote: Remote, script: string): Units {
  const say = (verb: string, { job, role }: UnitName, words: readonly string[] = [], stdin = '') =>
    remote.exec(script, [verb, job, role, ...words], {
      deadlineMs,
      stdin,
      label: `unit ${verb} reseed-${job}-${role}`,
    });
  const misread = (name: UnitName, answer: ExecResult) => {
    const trouble = unreadable('the answer of unit.sh was not understood', 'see what it printed', answer.stdout);
    return failureOf(trouble, remote.host, `unit reseed-${name.job}-${name.role}`);
  };

  return {
    start: async (name, { script: work, args, background, by = 'auto' }) => {
      const mark = randomBytes(16).toString('hex');
      const program = `${programText(work, args)}\n#${mark}\n`;
      const answer = await say('start', name, [by, background ? 'yes' : 'no', mark], program);
      if (!answer.ok) return answer;
      const [, how, words = ''] = /^(started|stands) (.*)\n$/.exec(answer.stdout) ?? [];
      const state = stateFrom(words);
      return how && state ? { ok: true, fresh: how === 'started', state } : misread(name, answer);
    },
    poll: async (name, logFromByte) => {
      const answer = await say('poll', name, [String(logFromByte)]);
      return answer.ok ? (readUnitReport(answer.stdout) ?? misread(name, answer)) : answer;
    },
    stop: async (name) => {
      const answer = await say('stop', name);
      if (!answer.ok) return answer;
      const state = stateFrom(answer.stdout.trim());
      return state ? { ok: true, state } : misread(name, answer);
    },
    clear: async (name) => {
      const answer = await say('clear', name);
      return answer.ok ? { ok: true } : answer;
    },
  };
}

function stateFrom(words: string): UnitState | undefined {
  const ended = /^ended (\d{1,3})$/.exec(words);
  if (ended) return { kind: 'ended', code: Number(ended[1]) };
  return words === 'absent' || words === 'running' || words === 'died' ? { kind: words } : undefined;
}

/** What `unit.sh poll` prints; undefined: it is not that. */
export function readUnitReport(text: string): UnitReport | undefined {
  const [words = '', progress, log] = text.split('\n');
  const state = stateFrom(words);
  if (!state || progress === undefined || log === undefined) return undefined;
  return { ok: true, state, progress: cleanLine(progress), log: Buffer.from(log, 'base64') };
}
