// What the tests of schedules share: an account with a journal and an inventory of its own, ticks by a given clock, and a receiver of messages.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll } from 'vitest';
import { jobHome } from '../../src/job/journal/home.ts';
import { openJournal } from '../../src/job/journal/journal.ts';
import { isOver, type JobRecord } from '../../src/job/journal/record.ts';
import type { ScheduledRun } from '../../src/job/journal/schedules.ts';
import { sendSignal } from '../../src/process/signal.ts';
import { type Ended, on, reseed, reseedWords, testEnvironment, testState, until } from './fleet.ts';
import { inventoryText } from './inventory.ts';
import { folder } from './operators.ts';

const clock = join(import.meta.dirname, 'set-clock.ts');
const minuteMs = 60_000;

/** `hosts`: those of the inventory. Minute 0 of its clock is the next one of the machine's, or of that time. */
export function scheduler(name: string, hosts: readonly string[], time = Date.now()) {
  const home = join(folder, name);
  const inventory = join(home, 'hosts.yaml');
  mkdirSync(home, { recursive: true });
  const firstMs = Math.ceil(time / minuteMs) * minuteMs;
  const timeOf = (minute: number) => firstMs + minute * minuteMs;
  const inside = ['drill', 'exec', '--', 'env', `XDG_STATE_HOME=${home}`, `RESEED_INVENTORY=${inventory}`];
  const words = (minute: number, ...verb: string[]) => {
    const aheadMs = timeOf(minute) + 5000 - Date.now();
    const set = [`RESEED_TEST_AHEAD_MS=${aheadMs}`, `NODE_OPTIONS=--import=${clock}`];
    return [...inside, ...set, ...reseedWords, ...verb];
  };
  const seen = <T>(look: (journal: NonNullable<ReturnType<typeof openJournal>>) => T): T => {
    const journal = openJournal(jobHome({ XDG_STATE_HOME: home }).journal, Date.now);
    if (!journal) throw new Error('no journal');
    try {
      return look(journal);
    } finally {
      journal.close();
    }
  };
  const jobs = (): readonly JobRecord[] => seen((journal) => journal.jobs(1000)).toReversed();
  return {
    home,
    inventory,
    /** `more`: what is added to the inventory; `settings`: to a host of it. */
    writes: async (more: string, settings: Readonly<Record<string, string>> = {}) => {
      let text = (await inventoryText(...hosts)).replaceAll(`\${XDG_STATE_HOME:-~/.local/state}`, testState);
      for (const [host, lines] of Object.entries(settings))
        text = text.replace(new RegExp(`^( +)${host}:.*$`, 'm'), `$&\n$1  ${lines}`);
      writeFileSync(inventory, `${text}\n${more}`);
    },
    /** A cron line in UTC that comes in these minutes of its clock alone. */
    cronOf: (...minutes: number[]) => {
      const times = minutes.map((minute) => new Date(timeOf(minute)));
      const hour = new Set(times.map((time) => time.getUTCHours()));
      // Of an hour that ends in between the minutes of both are in the line: the test asks for none of those that are too many.
      return `${times.map((time) => time.getUTCMinutes()).join()} ${[...hour].join()} * * *`;
    },
    /** Runs a verb some seconds after the beginning of that minute. */
    at: (minute: number, ...verb: string[]): Promise<Ended> => reseed(words(minute, ...verb)),
    /** What a tick printed, a line each. */
    tick: async (minute: number): Promise<readonly string[]> => {
      const { exitCode, stdout, stderr } = await reseed(words(minute, 'schedule', 'tick'));
      if (exitCode !== 0 || stderr !== '') throw new Error(`a tick ended with ${exitCode}: ${stderr}`);
      return stdout.split('\n').filter(Boolean);
    },
    jobs,
    /** Until no job is at work; returns all jobs, the oldest first. */
    idle: (deadlineMs = 200_000) =>
      until(
        async () => jobs(),
        (all) => all.every(({ state }) => isOver(state)),
        deadlineMs,
      ),
    waiting: (): readonly ScheduledRun[] => seen(({ schedules }) => schedules.waiting(inventory)),
    signal: async (verb: 'tick' | 'daemon', name: 'SIGKILL' | 'SIGTERM') => {
      const found = await processesOf(home, verb);
      if (found.length === 0) throw new Error(`no ${verb} runs`);
      for (const pid of found) sendSignal(pid, name);
    },
  };
}

/** The processes that look at the schedules of one journal: not `drill exec`, which waits for one. */
async function processesOf(home: string, verb: string): Promise<number[]> {
  const found: number[] = [];
  for (const name of (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))) {
    const read = (file: string) => readFile(join('/proc', name, file), 'utf8').catch(() => '');
    const isIt = (await read('cmdline')).endsWith(`.js\0schedule\0${verb}\0`);
    if (isIt && (await read('environ')).includes(`XDG_STATE_HOME=${home}\0`)) found.push(Number(name));
  }
  return found;
}

/** The names of reseed's snapshots on a host. */
export const snapshotsOn = async (host: string): Promise<readonly string[]> =>
  (await on(host, "lvs --noheadings -o lv_name | tr -d ' ' | grep '^reseed-' || true")).split('\n').filter(Boolean);

export interface Told {
  readonly id: string;
  readonly events: readonly string[];
  readonly title: string;
  readonly schedule?: string;
  readonly job?: { readonly id: number; readonly state: string };
}

/** A webhook inside the fleet's network. To be called once in a test file. */
export function receiverForAll(): { url(): string; readonly told: readonly Told[] } {
  const told: Told[] = [];
  let url = '';
  let end: (() => Promise<void>) | undefined;
  beforeAll(async () => {
    const [node, script] = reseedWords;
    const own = join(import.meta.dirname, 'told.ts');
    const child = spawn(node, [script, 'drill', 'exec', '--', process.execPath, own], {
      env: testEnvironment,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (url === '') url = line;
      else told.push(JSON.parse(line));
    });
    end = async () => {
      child.stdin.end();
      if (child.exitCode === null) await once(child, 'exit');
    };
    await until(
      async () => url,
      (line) => line !== '',
    );
  });
  afterAll(() => end?.());
  return { url: () => url, told };
}
