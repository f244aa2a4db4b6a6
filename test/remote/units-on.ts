// The verbs of unit.sh for tests, as a plan's commands call them one by one.
import { randomBytes } from 'node:crypto';
import { programText } from '../../src/remote/call/quote.ts';
import { failureOf, type RemoteFailure, unreadable } from '../../src/remote/failure.ts';
import type { ExecResult, Remote } from '../../src/remote/remote.ts';
import { readUnitReport, readUnitState, type UnitReport, type UnitState } from '../../src/remote/unit.ts';
import { pollUnitWords, startUnitWords, type UnitName, unitWords } from '../../src/scripts/unit-words.ts';

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
  /** Does nothing if the unit already exists, ended or not: `fresh` tells. */
  start(name: UnitName, work: UnitWork): Promise<{ ok: true; fresh: boolean; state: UnitState } | RemoteFailure>;
  poll(name: UnitName, logFromByte: number): Promise<UnitReport | RemoteFailure>;
  /** Ends it and all processes that it started; returns when none of them runs. */
  stop(name: UnitName): Promise<{ ok: true; state: UnitState } | RemoteFailure>;
  /** Removes its folder. Fails if the unit runs. */
  clear(name: UnitName): Promise<{ ok: true } | RemoteFailure>;
}

const deadlineMs = 30_000;

/** `script` is the text of scripts/unit.sh. */
export function unitsOn(remote: Remote, script: string): Units {
  const say = (words: readonly string[], { job, role }: UnitName, stdin = '') =>
    remote.exec(script, words, { deadlineMs, stdin, label: `unit ${words[0]} reseed-${job}-${role}` });
  const misread = (name: UnitName, answer: ExecResult) => {
    const trouble = unreadable('the answer of unit.sh was not understood', 'see what it printed', answer.stdout);
    return failureOf(trouble, remote.host, `unit reseed-${name.job}-${name.role}`);
  };

  return {
    start: async (name, { script: work, args, background, by = 'auto' }) => {
      const mark = randomBytes(16).toString('hex');
      const program = `${programText(work, args)}\n#${mark}\n`;
      const answer = await say(startUnitWords({ ...name, by, background, mark }), name, program);
      if (!answer.ok) return answer;
      const [, how, words = ''] = /^(started|stands) (.*)\n$/.exec(answer.stdout) ?? [];
      const state = readUnitState(words);
      return how && state ? { ok: true, fresh: how === 'started', state } : misread(name, answer);
    },
    poll: async (name, logFromByte) => {
      const answer = await say(pollUnitWords(name, logFromByte), name);
      return answer.ok ? (readUnitReport(answer.stdout) ?? misread(name, answer)) : answer;
    },
    stop: async (name) => {
      const answer = await say(unitWords('stop', name), name);
      if (!answer.ok) return answer;
      const state = readUnitState(answer.stdout.trim());
      return state ? { ok: true, state } : misread(name, answer);
    },
    clear: async (name) => {
      const answer = await say(unitWords('clear', name), name);
      return answer.ok ? { ok: true } : answer;
    },
  };
}
