// The machine itself: files of /proc and os-release(5), as `grep -H` prints them, -> SystemFacts.
import { cleanLine } from '../text/clean.ts';
import type { Known, SystemFacts } from './facts.ts';
import type { Section } from './frame.ts';
import { decimal, known, present, unknown, wholeNumber } from './known.ts';
import { utcOffsetIn } from './log/stamp.ts';
import { printedBy } from './printed.ts';

export function readSystem(sections: ReadonlyMap<string, Section>): Known<SystemFacts> {
  // grep ends with 2 when one of the files does not exist.
  const printed = printedBy('grep', sections.get('system'), ['0', '2']);
  if (!printed.ok) return printed;
  const files = byFile(printed.value);
  const [uptimeSeconds] = numbers(files.get('/proc/uptime'));
  const [one, five, fifteen] = numbers(files.get('/proc/loadavg'));
  const memoryBytes = memory(files, 'MemTotal');
  const [seconds, zone = ''] = printedText(sections.get('clock')).split(' ');
  const clock = decimal(seconds);
  if (uptimeSeconds === undefined || one === undefined || five === undefined || fifteen === undefined)
    return unknown('/proc/uptime or /proc/loadavg has no number in it');
  if (memoryBytes === undefined) return unknown('/proc/meminfo has no MemTotal');
  if (clock === undefined) return unknown('date told no time');
  return known({
    hostname: first(files, '/proc/sys/kernel/hostname') || '?',
    os: prettyName(files.get('/etc/os-release') ?? []),
    kernel: first(files, '/proc/sys/kernel/osrelease') || '?',
    uptimeSeconds: Math.floor(uptimeSeconds),
    load: [one, five, fifteen],
    cpus: wholeNumber(printedText(sections.get('cpus'))) || 1,
    memoryBytes,
    // Kernels before 3.14 give no estimate.
    memoryAvailableBytes: memory(files, 'MemAvailable') ?? memory(files, 'MemFree') ?? 0,
    clockMs: Math.round(clock * 1000),
    ...present('utcOffsetSeconds', utcOffsetIn(zone)),
  });
}

const printedText = (section: Section | undefined) => (section?.text ?? '').trim();

function byFile(text: string): Map<string, string[]> {
  const files = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const [, file = '', rest = ''] = /^(\/[^:]*):(.*)$/s.exec(line) ?? [];
    const lines = files.get(file) ?? [];
    lines.push(rest);
    files.set(file, lines);
  }
  return files;
}

const first = (files: ReadonlyMap<string, string[]>, name: string) => cleanLine(files.get(name)?.[0] ?? '').trim();

const numbers = (lines: readonly string[] = []) => (lines[0] ?? '').split(' ').map(decimal);

function memory(files: ReadonlyMap<string, string[]>, name: string): number | undefined {
  const line = files.get('/proc/meminfo')?.find((one) => one.startsWith(`${name}:`));
  const kibibytes = wholeNumber(/(\d+) kB/.exec(line ?? '')?.[1]);
  return kibibytes === undefined ? undefined : kibibytes * 1024;
}

/** The value is quoted as for a shell. */
function prettyName(lines: readonly string[]): string {
  const value = /^PRETTY_NAME=(.*)$/.exec(lines.find((line) => line.startsWith('PRETTY_NAME=')) ?? '')?.[1] ?? '';
  const bare = value.replace(/^(["'])(.*)\1$/, '$2').replace(/\\(.)/g, '$1');
  return cleanLine(bare).trim() || '?';
}
