// Records the console's pictures as they change, about once a second, until it is stopped or the file is as large as it may be. What comes
// while a line is being written is in the next one: on a slow disk a recording gets coarser, and takes no memory.
import type { StoreApi } from 'zustand/vanilla';
import { shortSize } from '../../text/amounts.ts';
import { difference } from './difference.ts';
import { type Header, headerOf, type Line } from './form.ts';
import { newsOf } from './news.ts';
import { type Pictures, type ShownPictures, showing } from './shown.ts';
import { createRecording, type RecordingFile } from './write.ts';

export type Stores = { readonly [Part in keyof Pictures]: StoreApi<Pictures[Part]> };

export interface Recorded {
  readonly path: string;
  readonly stores: Stores;
  readonly about: Omit<Header, 'kind' | 'format' | 'build' | 'beganMs'>;
  readonly maxBytes: number;
  readonly nowMs?: () => number;
  readonly everyMs?: number;
  /** The recording has ended by itself, and why. Its file can be replayed up to there. */
  readonly onEnd: (why: string) => void;
}

export interface Recording {
  /** Writes what is new, and the end. Never rejects: what could not be written is told by onEnd. */
  stop(why: string): Promise<void>;
}

/** Rejects with the error of the disk; `EEXIST`: there is such a file. */
export async function startRecording(options: Recorded): Promise<Recording> {
  const { path, stores, about, nowMs = Date.now, everyMs = 1000 } = options;
  const file = await createRecording(path, headerOf({ ...about, beganMs: nowMs() }));
  return record(file, { ...options, nowMs, everyMs, stores });
}

function record(file: RecordingFile, { stores, maxBytes, nowMs, everyMs, onEnd }: Required<Recorded>): Recording {
  const show = showing();
  let written: ShownPictures | undefined;
  let lastMs = 0;
  let isOver = false;
  let work = Promise.resolve();

  /** A clock that was set back makes no earlier line. */
  const at = () => {
    lastMs = Math.max(lastMs, nowMs());
    return lastMs;
  };
  const put = (line: Line, whole = false) => file.append(JSON.stringify(line), whole);
  const look = async () => {
    const now = show(picturesIn(stores));
    const before = written;
    if (before === undefined || file.isSegmentDue) {
      // What happened is told with the change, which a segment's first picture has none of.
      if (before !== undefined) await putChange(before, now);
      await put({ atMs: at(), whole: now }, true);
    } else await putChange(before, now);
    written = now;
  };
  const putChange = async (before: ShownPictures, now: ShownPictures) => {
    const changed = difference(before, now);
    if (changed === undefined) return;
    const news = newsOf(before, now);
    await put({ atMs: at(), ...(news.length > 0 && { news }), changed });
  };
  /** No look begins after it. */
  const leave = () => {
    isOver = true;
    clearInterval(timer);
    for (const one of unsubscribe) one();
  };
  const end = async (why: string) => {
    leave();
    await put({ atMs: at(), ended: why });
    await file.close();
  };
  const fail = (error: unknown) => {
    leave();
    onEnd(`it can't be written: ${error instanceof Error ? error.message : String(error)}`);
  };
  const tick = async () => {
    if (isOver) return;
    try {
      await look();
      if (file.writtenBytes < maxBytes) return;
      const why = `the recording has ${shortSize(file.writtenBytes)}, and may have ${shortSize(maxBytes)} (--record-limit)`;
      await end(why);
      onEnd(why);
    } catch (error) {
      fail(error);
    }
  };
  let isNew = true;
  let isBusy = false;
  let isStopped = false;
  const onTime = () => {
    if (!isNew || isBusy || isStopped) return;
    [isNew, isBusy] = [false, true];
    work = tick().finally(() => {
      isBusy = false;
    });
  };
  const note = () => {
    isNew = true;
  };
  const unsubscribe = Object.values(stores).map((store: StoreApi<unknown>) => store.subscribe(note));
  const timer = setInterval(onTime, everyMs);
  onTime();
  return {
    stop: async (why) => {
      if (isOver) return await work;
      // Before the first wait: a look of the timer beside these would write one change twice.
      isStopped = true;
      clearInterval(timer);
      await work;
      if (isOver) return;
      try {
        await look();
        await end(why);
      } catch (error) {
        fail(error);
      }
    },
  };
}

const picturesIn = ({ fleet, jobs, others, schedules }: Stores): Pictures => ({
  fleet: fleet.getState(),
  jobs: jobs.getState(),
  others: others.getState(),
  schedules: schedules.getState(),
});
