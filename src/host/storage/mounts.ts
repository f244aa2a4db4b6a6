// /proc/self/mountinfo -> where each device is mounted (proc_pid_mountinfo(5)).
import { cleanLine } from '../../text/clean.ts';

/** Mount points by `major:minor`. Clean. */
export function readMounts(text: string): Map<string, string[]> {
  const mounts = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const [, , device, , mountPoint] = line.split(' ');
    if (!device || !mountPoint || !/^\d+:\d+$/.test(device)) continue;
    const points = mounts.get(device) ?? [];
    points.push(cleanLine(bytesOf(mountPoint, /\\([0-7]{3})/g, 8)));
    mounts.set(device, points);
  }
  return mounts;
}

/** `text` with its escaped bytes decoded: `escaped` matches their numbers. Several bytes together may be one UTF-8 character. */
export function bytesOf(text: string, escaped: RegExp, base: 8 | 16): string {
  if (!text.includes('\\')) return text;
  const latin = Buffer.from(text).toString('latin1');
  return Buffer.from(
    latin.replace(escaped, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, base) & 0xff)),
    'latin1',
  ).toString();
}
