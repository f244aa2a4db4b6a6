// Takes away what makes this machine look at the schedules of an inventory: what install wrote, and nothing else.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isLineOf, isUnit, nameIn } from '../../schedule/timer.ts';
import { given, type Result, refusalText, refused } from '../result.ts';
import { changeCrontab, crontabNow, shown } from './crontab.ts';
import type { TickerKind } from './install.ts';
import { ranHere, type SystemdPlace, systemdOf } from './systemd.ts';
import { removed } from './unit-files.ts';

export interface Uninstalling {
  /** Units that are removed, by their paths. */
  readonly files: readonly string[];
  /** Lines that go from the crontab. */
  readonly lines: readonly string[];
  /** The crontab as it is now. */
  readonly crontab: string;
  /** Commands as words, that are run before the files go, and afterwards. */
  readonly before: readonly (readonly string[])[];
  readonly after: readonly (readonly string[])[];
  /** What else reseed may have written there, and is not its own, a sentence each. */
  readonly kept: readonly string[];
  readonly inventory: string;
}

export interface UninstallRequest {
  /** Its absolute path, as install had it. Nothing is read there: an operator may want the ticks to end because it is broken, or gone. */
  readonly inventory: string;
  /** Absent: both are looked at. */
  readonly kind?: TickerKind;
}

export async function planUninstall(
  { inventory, kind }: UninstallRequest,
  place = systemdOf(),
): Promise<Result<Uninstalling>> {
  const none = { files: [], before: [], after: [], kept: [] };
  const bySystemd = kind === 'cron' ? none : unitsThere(inventory, place);
  const read = kind === 'systemd' ? given('') : await crontabNow(given(''));
  const isUnread = !read.ok && kind === undefined && bySystemd.files.length > 0;
  if (!read.ok && !isUnread) return read;
  const crontab = read.ok ? shown(read.value) : '';
  const rows = crontab.split('\n').filter((row) => nameIn(row) !== undefined);
  const lines = rows.filter((row) => isLineOf(row, inventory));
  return given({
    ...bySystemd,
    lines,
    crontab,
    kept: [
      ...bySystemd.kept,
      ...rows
        .filter((row) => !lines.includes(row))
        .map((row) => `a line of the crontab by the name ${nameIn(row)}: it is of another inventory`),
      // An account that may use no crontab (cron.allow) has a timer.
      ...(read.ok ? [] : [`a line of the crontab, if there is one: ${refusalText(read.refusal)}`]),
    ],
    inventory,
  });
}

function unitsThere(
  inventory: string,
  { folder, systemctl }: SystemdPlace,
): Pick<Uninstalling, 'files' | 'before' | 'after' | 'kept'> {
  const all = existsSync(folder) ? readdirSync(folder).filter(isUnit).toSorted() : [];
  const isOwn = (service: string) =>
    all.includes(service) &&
    readFileSync(join(folder, service), 'utf8')
      .split('\n')
      .some((line) => isLineOf(line, inventory));
  // A timer names no inventory: it is that of its service. It goes first, so that none stays alone where this is killed.
  const own = all.filter((name) => isOwn(name.replace(/timer$/, 'service'))).toReversed();
  const timers = own.filter((name) => name.endsWith('.timer'));
  const files = own.map((name) => join(folder, name));
  return {
    files,
    before: timers.length > 0 ? [[...systemctl, 'disable', '--now', ...timers]] : [],
    after: own.length > 0 ? [[...systemctl, 'daemon-reload']] : [],
    kept: [
      ...all.filter((name) => !own.includes(name)).map((name) => `${join(folder, name)}: it is not of this inventory`),
      ...files
        .map((path) => `${path}.d`)
        .filter((path) => existsSync(path))
        .map((path) => `${path}: reseed did not write it`),
    ],
  };
}

export const isUninstalled = ({ files, lines }: Pick<Uninstalling, 'files' | 'lines'>): boolean =>
  files.length === 0 && lines.length === 0;

/**
 * Stops at the first that can't be written. Units go though systemctl fails, as it does where no manager runs for this account: else those that were left there once
 * could not be taken away. What it may have loaded is said then, as a failure.
 */
export async function uninstall({
  files,
  lines,
  crontab,
  before,
  after,
  inventory,
}: Uninstalling): Promise<Result<undefined>> {
  const said: string[] = [];
  const run = async (words: readonly string[]) => {
    const done = await ranHere(words);
    if (!done.ok) said.push(refusalText(done.refusal));
  };
  for (const words of before) await run(words);
  // What enables a timer is a link of its own, which `disable` removes.
  const links = said.length > 0 ? files.map(linkOf) : [];
  for (const path of [...links, ...files]) {
    const trouble = removed(path);
    if (trouble !== undefined) return refused({ kind: 'failed', message: [trouble, ...said].join('; '), advice: '' });
  }
  for (const words of after) await run(words);
  if (lines.length > 0) {
    const changed = await changeCrontab(crontab, (now) => {
      const rows = now.split('\n').filter((row) => !isLineOf(shown(row), inventory));
      return rows.join('\n');
    });
    if (!changed.ok) return changed;
  }
  if (said.length === 0) return given(undefined);
  return refused({
    kind: 'failed',
    message: `all of it is removed, but a timer that a manager has loaded goes on until it ends: ${said.join('; ')}`,
    advice: `if one runs, where it answers: ${[...before, ...after].map((words) => words.join(' ')).join(' && ')}`,
  });
}

const linkOf = (path: string): string => join(dirname(path), 'timers.target.wants', basename(path));
