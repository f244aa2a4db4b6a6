// Writes what makes this machine look at schedules each minute, for this account.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Inventory } from '../../inventory/settings.ts';
import { shownWord } from '../../remote/call/quote.ts';
import {
  crontabLine,
  isActive,
  isOfOther,
  type Ticker,
  tickCommand,
  tickerName,
  unitProperties,
  units,
  withLine,
} from '../../schedule/timer.ts';
import { given, type Refusal, type Result, refusalText, refused } from '../result.ts';
import { bytesOf, changeCrontab, crontabNow, shown } from './crontab.ts';
import { hasSystemd, ranHere, type SystemdPlace, systemdOf } from './systemd.ts';
import { removed, written } from './unit-files.ts';

export type TickerKind = 'systemd' | 'cron';

export interface Installing {
  readonly kind: TickerKind;
  /** Files to be written, with their paths; of cron the whole crontab of the account. */
  readonly files: readonly { readonly path: string; readonly text: string; readonly before?: string }[];
  /** What is written is also at work: a command may have failed after an earlier one, or the timer was stopped by hand. */
  readonly isAtWork: boolean;
  /** Commands that are run afterwards, as words. */
  readonly commands: readonly (readonly string[])[];
  /** What is run where one of these fails, once the files are as they were. */
  readonly undo: readonly (readonly string[])[];
  /** What an operator has to know, a sentence each. */
  readonly notes: readonly string[];
  /** How it is taken away. */
  readonly removal: string;
  /** All variables that a tick will have of those that an inventory may name. */
  readonly environment: Readonly<Record<string, string>>;
  /** The line of the crontab, and the fleet whose line it is. */
  readonly line?: { readonly text: string; readonly fleet: string };
}

export interface InstallRequest {
  readonly fleet: string;
  /** The inventory's absolute path. */
  readonly inventory: string;
  /** The program's absolute path. */
  readonly program: string;
  /** Absent: systemd where it runs, else cron. */
  readonly kind?: TickerKind;
  /** What messages are sent with; absent: no variable is needed. */
  readonly told?: Pick<Inventory, 'notify' | 'heartbeat'>;
}

/** What this process would have ticks be. */
function tickerOf({ fleet, inventory, program }: InstallRequest): Ticker {
  const environment = Object.fromEntries(
    // A schedule without a timezone goes by TZ, and reseed schedule list too.
    ['HOME', 'XDG_STATE_HOME', 'TZ'].flatMap((name) => {
      const value = name === 'HOME' ? (process.env.HOME ?? homedir()) : process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
  return { command: tickCommand(process.execPath, program, inventory), environment, fleet };
}

export async function planInstall(request: InstallRequest, place = systemdOf()): Promise<Result<Installing>> {
  const { fleet, inventory, program, kind = hasSystemd() ? 'systemd' : 'cron' } = request;
  if (`${inventory}${program}`.includes('\n')) {
    const message = 'a path with a line break can not be written there';
    return refused({ kind: 'refused', message, advice: 'rename the folder' });
  }
  const ticker = tickerOf(request);
  const notes = [keyNote, ...groupNotes(inventory), ...urlNotes(request, ticker, kind)];
  const planned = kind === 'systemd' ? given(await bySystemd(ticker, notes, place)) : await byCron(ticker, notes);
  if (!planned.ok) return planned;
  const { files, removal } = planned.value;
  if (!files.some(({ before }) => before !== undefined && isOfOther(before, ticker))) return planned;
  const message = `${tickerName(fleet)} is there already, and is of another inventory: its schedules would begin no job any more`;
  return refused({
    kind: 'refused',
    message,
    advice: `give this one a name of its own (fleet: NAME), or take the other away: ${removal}`,
  });
}

const keyNote =
  'a tick has no ssh-agent and no terminal: its keys must open without a passphrase (reseed check without an agent shows that)';

/** What it writes there begins without any person. */
const groupNotes = (inventory: string): readonly string[] =>
  (statSync(inventory).mode & 0o020) === 0
    ? []
    : [
        `the group of ${shownWord(inventory)} may write it: each of them begins jobs on its hosts by that, as this account and unattended (chmod g-w ${shownWord(inventory)})`,
      ];

/** What a tick could not send, since it has not the variable with the URL. */
function urlNotes({ told = {} }: InstallRequest, { environment, fleet }: Ticker, kind: TickerKind): readonly string[] {
  const { notify = [], heartbeat } = told;
  const urls = [
    ...notify.flatMap(({ name, way }) => ('url' in way ? [{ of: `receiver ${name}`, url: way.url }] : [])),
    ...(heartbeat ? [{ of: 'the heartbeat', url: heartbeat }] : []),
  ];
  const advice =
    kind === 'cron'
      ? 'a line of the crontab has no place for a secret; write urlFile'
      : `write EnvironmentFile= into a drop-in of ${tickerName(fleet)}.service (systemctl edit), unless it has one, or urlFile into the inventory`;
  return urls.flatMap(({ of, url }) =>
    'variable' in url && environment[url.variable] === undefined
      ? `${url.variable}, the URL of ${of}, is no variable of a tick: what a tick tells is not sent there; ${advice}`
      : [],
  );
}

async function bySystemd(
  ticker: Ticker,
  notes: readonly string[],
  { folder, systemctl, isRoot, username }: SystemdPlace,
): Promise<Installing> {
  const timer = `${tickerName(ticker.fleet)}.timer`;
  const files = units(ticker).map(({ name, text }) => fileAt(join(folder, name), text));
  const lingers = isRoot || existsSync(join('/var/lib/systemd/linger', username));
  const [manager = '', ...words] = [...systemctl, 'show', `--property=${unitProperties.join()}`];
  const shown = await execa(manager, [...words, ...units(ticker).map(({ name }) => name)], {
    reject: false,
    stdin: 'ignore',
  });
  return {
    kind: 'systemd',
    files,
    isAtWork: shown.exitCode === 0 && isActive(shown.stdout),
    commands: [
      [...systemctl, 'daemon-reload'],
      [...systemctl, 'enable', '--now', timer],
    ],
    undo: [
      [...systemctl, 'disable', '--now', timer],
      [...systemctl, 'daemon-reload'],
    ],
    notes: [
      ...notes,
      ...(lingers
        ? []
        : [
            `without lingering, schedules and their jobs end when ${username} logs out: loginctl enable-linger ${username}`,
          ]),
    ],
    environment: ticker.environment,
    removal: `${systemctl.join(' ')} disable --now ${timer}; rm ${files.map(({ path }) => shownWord(path)).join(' ')}`,
  };
}

async function byCron(ticker: Ticker, notes: readonly string[]): Promise<Result<Installing>> {
  const line = crontabLine(ticker);
  const read = await crontabNow();
  if (!read.ok) return read;
  const before = shown(read.value);
  return given({
    kind: 'cron',
    files: [
      {
        path: 'crontab',
        text: shown(withLine(read.value, bytesOf(line), ticker.fleet)),
        ...(before !== '' && { before }),
      },
    ],
    isAtWork: true,
    commands: [],
    undo: [],
    notes,
    environment: ticker.environment,
    line: { text: line, fleet: ticker.fleet },
    removal: `crontab -e, and take out the line that ends with ${tickerName(ticker.fleet)}`,
  });
}

function fileAt(path: string, text: string): Installing['files'][number] {
  const before = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  return { path, text, ...(before !== undefined && { before }) };
}

/** Whether all of it is there already, and at work. */
export const isInstalled = ({ files, isAtWork }: Pick<Installing, 'files' | 'isAtWork'>): boolean =>
  isAtWork && files.every(({ text, before }) => text === before);

/** At the first file that can't be written, and at the first command that fails, all is put back. */
export async function install({ files, commands, undo, line }: Installing): Promise<Result<undefined>> {
  if (line) return await changeCrontab(files[0]?.before ?? '', (now) => withLine(now, bytesOf(line.text), line.fleet));
  for (const [at, { path, text }] of files.entries()) {
    const trouble = written(path, text);
    if (trouble === undefined) continue;
    const left = filesBack(files.slice(0, at));
    return refused({
      kind: 'failed',
      message: `not installed: ${path} could not be written: ${trouble}; ${endText(left)}`,
      advice: 'see that this account can write there, and that the disk has room; or --by cron',
    });
  }
  for (const words of commands) {
    const done = await ranHere(words);
    if (!done.ok) return await putBack({ files, undo }, done.refusal);
  }
  return given(undefined);
}

/** What could not be put back, a sentence each. */
const filesBack = (files: Installing['files']): readonly string[] =>
  files.flatMap(({ path, before }) => (before === undefined ? removed(path) : written(path, before)) ?? []);

const endText = (left: readonly string[]): string =>
  left.length > 0 ? `left there: ${left.join('; ')}` : 'the files are as they were';

/** What `why` kept from being installed. A timer that was there before works on. */
async function putBack(
  { files, undo }: Pick<Installing, 'files' | 'undo'>,
  { message }: Refusal,
): Promise<Result<undefined>> {
  const isNew = files.every(({ before }) => before === undefined);
  const [disable = [], ...reload] = undo;
  const stopped = isNew && disable.length > 0 ? [await ranHere(disable)] : [];
  const left = filesBack(files);
  for (const words of reload) stopped.push(await ranHere(words));
  // A manager that did not answer before may not answer now: it has nothing of a timer whose files are gone.
  const unsaid = stopped.flatMap((one) => (one.ok ? [] : [refusalText(one.refusal)]));
  return refused({
    kind: 'failed',
    message: `not installed: ${message}; ${endText(left)}`,
    advice: `see that systemctl works for this account (of an account that is not logged in: loginctl enable-linger), or --by cron${unsaid.length > 0 ? `; it said too: ${unsaid.join('; ')}` : ''}`,
  });
}
