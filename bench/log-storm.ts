// What a process costs that shows a log which grows as fast as this machine can write, and a line that does not end.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as after } from 'node:timers/promises';
import { followLog } from '../src/fleet/log/follow.ts';
import { openRemotes } from '../src/remote/open.ts';
import { figure, tell } from './figures.ts';
import { logLine, openedLog } from './replay.ts';

const stormMs = 10_000;

const storms = {
  'lines as fast as they come': `yes '${logLine(1).trimEnd().replaceAll("'", '')}'`,
  'one line without an end': `yes x | tr -d '\\n'`,
};

export async function logStorm(): Promise<void> {
  for (const [name, storm] of Object.entries(storms)) await tellStorm(name, storm);
}

async function tellStorm(name: string, storm: string): Promise<void> {
  const remotes = openRemotes({ environment: process.env });
  const remote = remotes.open({ name: 'storm', host: 'localhost', transport: 'local', sudo: false });
  const lag = monitorEventLoopDelay({ resolution: 5 });
  const script = `printf %s "$(printf '${openedLog('MARK')}' | sed "s/MARK/$1/g")"\n${storm}`;
  const mark = () => randomBytes(16).toString('hex');
  const rssBefore = process.memoryUsage.rss();
  const log = followLog({ remote, script, mark, mysql: {}, lines: 100 });
  await after(1000);
  lag.enable();
  const [bytes, cpu] = [readBytes(), process.cpuUsage()];
  let rssMost = 0;
  for (const endMs = performance.now() + stormMs; performance.now() < endMs; await after(50)) {
    rssMost = Math.max(rssMost, process.memoryUsage.rss());
  }
  lag.disable();
  const { user, system } = process.cpuUsage(cpu);
  const { entries, droppedLines, state } = log.view.getState();
  const taken = (readBytes() - bytes) / stormMs / 1000;
  tell(name, figure(taken, `MB/s taken (${state})`), 'goal: whatever comes');
  tell('  memory', figure((rssMost - rssBefore) / 1e6, 'MB more'), 'goal: bounded');
  // The timer of the measurement itself has steps of 5 ms, which are no lag.
  const ms = (nanoseconds: number) => nanoseconds / 1e6 - 5;
  tell('  loop lag', figure(ms(lag.percentile(99)), 'ms, p99'), figure(ms(lag.max), 'ms, most'), 'goal 20 ms');
  tell('  lines', `${entries.length} kept, ${(droppedLines / 1e6).toFixed(1)} million counted as dropped`);
  tell('  CPU', figure((user + system) / stormMs / 10, '% of a core'));
  await log.close();
  await remote.close();
  await remotes.close();
  const bare = await bareMegabytesPerSecond(storm);
  tell('  of what a process that only reads is given', figure((taken / bare) * 100, '%'), figure(bare, 'MB/s'));
}

/** The reference: the same lines into a process that does nothing with them. */
async function bareMegabytesPerSecond(storm: string): Promise<number> {
  const child = spawn('/bin/sh', ['-c', storm], { stdio: ['ignore', 'pipe', 'inherit'] });
  let bytes = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
  });
  await after(stormMs / 2);
  const rate = bytes / (stormMs / 2) / 1000;
  child.stdout.destroy();
  return rate;
}

/** What this process has read, from files and pipes. */
const readBytes = () => Number(/rchar: (\d+)/.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]);
