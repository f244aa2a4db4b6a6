// Takes away what makes this machine look at the schedules of an inventory: what install wrote, and nothing else.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isLineOf, isOfOther, type Ticker, tickerName, units } from '../../schedule/timer.ts';
import { diskTrouble } from '../jobs/job-trouble.ts';
import { given, type Result, refusalText, refused } from '../result.ts';
import { changeCrontab, crontabNow, shown } from './crontab.ts';
import { type InstallRequest, tickerOf } from './install.ts';
import { ranHere, type SystemdPlace, systemdOf } from './systemd.ts';

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
  /** What is there by that name and is not its own, a sentence each. */
  readonly kept: readonly string[];
  readonly ticker: Ticker;
}

/** Without a kind: both are looked at. */
export async function planUninstall(request: InstallRequest, place = systemdOf()): Promise<Result<Uninstalling>> {
  const ticker = tickerOf(request);
  const none = { files: [], before: [], after: [], kept: [] };
  const bySystemd = request.kind === 'cron' ? none : unitsThere(ticker, place);
  const read = request.kind === 'systemd' ? given('') : await crontabNow(given(''));
  const isUnread = !read.ok && request.kind === undefined && bySystemd.files.length > 0;
  if (!read.ok && !isUnread) return read;
  const crontab = read.ok ? shown(read.value) : '';
  return given({
    ...bySystemd,
    lines: crontab.split('\n').filter((row) => isLineOf(row, ticker)),
    crontab,
    kept: [
      ...bySystemd.kept,
      ...(isOfOther(crontab, ticker)
        ? [`a line of the crontab by the name ${tickerName(ticker.fleet)}: it is of another inventory`]
        : []),
      // An account that may use no crontab (cron.allow) has a timer.
      ...(read.ok ? [] : [`a line of the crontab, if there is one: ${refusalText(read.refusal)}`]),
    ],
    ticker,
  });
}

function unitsThere(
  ticker: Ticker,
  { folder, systemctl }: SystemdPlace,
): Pick<Uninstalling, 'files' | 'before' | 'after' | 'kept'> {
  const found = units(ticker).map(({ name, text }) => {
    const path = join(folder, name);
    return { name, path, text, there: existsSync(path) ? readFileSync(path, 'utf8') : undefined };
  });
  const [service] = found;
  const isOther = service?.there !== undefined && !service.there.split('\n').some((line) => isLineOf(line, ticker));
  // A timer names no inventory: it is that of its service. Alone, it is as install writes it.
  const own = isOther
    ? []
    : found.filter(({ there, text }) => there !== undefined && (service?.there !== undefined || there === text));
  const foreign = found.filter((one) => one.there !== undefined && !own.includes(one));
  const timers = own.filter(({ name }) => name.endsWith('.timer')).map(({ name }) => name);
  const dropIns = own.map(({ path }) => `${path}.d`).filter((path) => existsSync(path));
  return {
    files: own.map(({ path }) => path),
    before: timers.length > 0 ? [[...systemctl, 'disable', '--now', ...timers]] : [],
    after: own.length > 0 ? [[...systemctl, 'daemon-reload']] : [],
    kept: [
      ...foreign.map(({ path }) => `${path}: it is not of this inventory`),
      ...dropIns.map((path) => `${path}: reseed did not write it`),
    ],
  };
}

export const isUninstalled = ({ files, lines }: Pick<Uninstalling, 'files' | 'lines'>): boolean =>
  files.length === 0 && lines.length === 0;

/** Stops at the first that fails. */
export async function uninstall({
  files,
  lines,
  crontab,
  before,
  after,
  ticker,
}: Uninstalling): Promise<Result<undefined>> {
  for (const words of before) {
    const done = await ranHere(words);
    if (!done.ok) return done;
  }
  for (const path of files) {
    const trouble = removed(path);
    if (trouble !== undefined) return refused({ kind: 'failed', message: trouble, advice: '' });
  }
  for (const words of after) {
    const done = await ranHere(words);
    if (!done.ok) return done;
  }
  if (lines.length === 0) return given(undefined);
  return await changeCrontab(crontab, (now) => {
    const rows = now.split('\n').filter((row) => !isLineOf(shown(row), ticker));
    return rows.join('\n');
  });
}

/** Why it can't be removed. */
function removed(path: string): string | undefined {
  try {
    rmSync(path, { force: true });
    return undefined;
  } catch (error) {
    return diskTrouble(error);
  }
}
