// Recordings for tests: of pictures that were recorded on the practice fleet, written by the real recorder.
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { afterAll } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { FleetPicture } from '../../../src/fleet/picture.ts';
import type { JobsPicture, OthersPicture } from '../../../src/job/journal/watch.ts';
import { openRecording, type ReadRecording } from '../../../src/operations/recording/read.ts';
import { type Recording, startRecording } from '../../../src/operations/recording/record.ts';
import type { Pictures } from '../../../src/operations/recording/shown.ts';
import type { SchedulesPicture } from '../../../src/schedule/picture.ts';
import { recorded } from '../../components/console.tsx';

export const beganMs = Date.UTC(2026, 10, 29, 2, 0, 0);

export const calm = (): Pictures => ({
  fleet: recorded('calm').picture,
  jobs: { jobs: [] },
  others: { jobs: [] },
  schedules: { views: [] },
});

/** It is there until all tests of the file have ended. */
export async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'reseed-recording-'));
  folders.push(folder);
  return folder;
}

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

/** A console that is recorded: what its stores have, by a clock that the test sets. */
export class RecordedConsole {
  atMs = beganMs;
  readonly stores;
  readonly path: string;
  readonly ends: string[] = [];
  #recording: Recording | undefined;

  constructor(path: string, pictures: Pictures = calm()) {
    this.path = path;
    this.stores = {
      fleet: createStore<FleetPicture>(() => pictures.fleet),
      jobs: createStore<JobsPicture>(() => pictures.jobs),
      others: createStore<OthersPicture>(() => pictures.others),
      schedules: createStore<SchedulesPicture>(() => pictures.schedules),
    };
  }

  async start(maxBytes = 2 ** 30): Promise<this> {
    await this.begin(maxBytes);
    started.push(this);
    await this.written();
    return this;
  }

  /** Without waiting for its first picture. */
  async begin(maxBytes = 2 ** 30): Promise<this> {
    const about = { fleet: 'shop', inventory: 'hosts.yaml', by: 'ops@jump1' };
    const { path, stores } = this;
    const onEnd = (why: string) => void this.ends.push(why);
    this.#recording = await startRecording({
      path,
      stores,
      about,
      maxBytes,
      nowMs: () => this.atMs,
      everyMs: 1,
      onEnd,
    });
    return this;
  }

  /** Something happens so many seconds after the begin, and is on the disk. */
  async later(seconds: number, change: (stores: RecordedConsole['stores']) => void): Promise<void> {
    this.atMs = beganMs + seconds * 1000;
    change(this.stores);
    await this.written();
  }

  /** Waits until the file has the time of the present picture: what a killed console leaves. */
  async written(): Promise<void> {
    for (;;) {
      const opened = await openRecording(this.path);
      if (opened.ok) opened.recording.close();
      if (this.ends.length > 0 || (opened.ok && opened.recording.endMs >= this.atMs)) return;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  async stop(why = 'the console was left'): Promise<void> {
    await this.#recording?.stop(why);
    this.#recording = undefined;
  }
}

const started: RecordedConsole[] = [];
afterAll(() => Promise.all(started.map((console) => console.stop())));

export async function opened(path: string): Promise<ReadRecording> {
  const one = await openRecording(path);
  if (!one.ok) throw new Error(`${one.message}; ${one.advice}`);
  return one.recording;
}

/** A file with a header, and these lines as its one segment. */
export function writeLines(path: string, [header, ...lines]: readonly unknown[]): void {
  const frame = (some: readonly unknown[]) =>
    zstdCompressSync(some.map((line) => `${JSON.stringify(line)}\n`).join(''));
  writeFileSync(path, Buffer.concat([frame([header]), ...(lines.length > 0 ? [frame(lines)] : [])]));
}

export const bytesOf = (path: string): Buffer => readFileSync(path);
