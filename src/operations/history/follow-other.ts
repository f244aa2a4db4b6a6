// The log of a job of another jump host, in the form of a host's error log.
import { createStore } from 'zustand/vanilla';
import { type LogFollow, nothingYet, withUpdate } from '../../fleet/log/follow.ts';
import { otherName } from '../../history/name.ts';
import { type LogPart, otherLog } from '../../history/read.ts';
import { jobLogEntry } from '../jobs/follow-log.ts';
import type { JobStore } from '../jobs/job-store.ts';
import { type Result, refused } from '../result.ts';
import { askHistory } from './ask.ts';

const lookEveryMs = 1500;

/** The caller closes it. */
export function followOtherLog(store: JobStore, name: string): LogFollow {
  const view = createStore(() => nothingYet);
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  let from = 0;
  const look = async () => {
    const part = await partFrom(store, name, from);
    if (isClosed) return;
    if (part.ok) {
      const entries = part.value.text === '' ? [] : part.value.text.replace(/\n$/, '').split('\n').map(jobLogEntry);
      const isMore = part.value.next > from;
      from = part.value.next;
      const update = { link: { state: 'following' }, entries, droppedLines: 0, skippedBytes: part.value.left } as const;
      if (isMore || view.getState().state !== 'following') view.setState((before) => withUpdate(before, update), true);
      timer = setTimeout(() => void look(), isMore ? 0 : lookEveryMs);
    } else {
      const failure = {
        kind: 'refused',
        message: part.refusal.message,
        advice: part.refusal.advice,
        printed: '',
      } as const;
      view.setState((before) => ({ ...before, state: 'failed', failure }), true);
      timer = setTimeout(() => void look(), lookEveryMs);
    }
  };
  void look();
  return {
    view,
    close: async () => {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}

/** More than a job's log has there, as it is written. */
const mostLetters = 16 * 1024 * 1024;

/** All of it that the database has. */
export async function readOtherLog(store: JobStore, name: string) {
  let text = '';
  for (let from = 0; ; ) {
    const part = await partFrom(store, name, from);
    if (!part.ok) return { ok: false, why: part.refusal.message } as const;
    text += part.value.text;
    if (part.value.next === from || text.length > mostLetters) return { ok: true, text } as const;
    from = part.value.next;
  }
}

async function partFrom(store: JobStore, name: string, from: number): Promise<Result<LogPart>> {
  const of = otherName(name);
  if (!of) return refused({ kind: 'usage', message: `there is no job ${name}`, advice: '' });
  return await askHistory(store, async (database) => await otherLog(database, of, from));
}
