// Writes what makes this machine look at schedules each minute, for this account.
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
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
import { cleanLine } from '../../text/clean.ts';
import { diskTrouble } from '../jobs/job-trouble.ts';
import { given, type Result, refused } from '../result.ts';

export type TickerKind = 'systemd' | 'cron';

export interface Installing {
  readonly kind: TickerKind;
  /** Files to be written, with their paths; of cron the whole crontab of the account. */
  readonly files: readonly { readonly path: string; readonly text: string; readonly before?: string }[];
  /** What is written is also at work: a command may have failed after an earlier one, or the timer was stopped by hand. */
  readonly isAtWork: boolean;
  /** Commands that are run afterwards, as words. */
  readonly commands: readonly (readonly string[])[];
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
}

/** sd_booted(3) */
const hasSystemd = () => existsSync('/run/systemd/system');

export async function planInstall(request: InstallRequest): Promise<Result<Installing>> {
  const { fleet, inventory, program, kind = hasSystemd() ? 'systemd' : 'cron' } = request;
  if (`${inventory}${program}`.includes('\n')) {
    const message = 'a path with a line break can not be written there';
    return refused({ kind: 'refused', message, advice: 'rename the folder' });
  }
  const environment = Object.fromEntries(
    // A schedule without a timezone goes by TZ, and reseed schedule list too.
    ['HOME', 'XDG_STATE_HOME', 'TZ'].flatMap((name) => {
      const value = name === 'HOME' ? (process.env.HOME ?? homedir()) : process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const notes = [keyNote, ...groupNotes(inventory)];
  const ticker = { command: tickCommand(process.execPath, program, inventory), environment, fleet };
  const planned = kind === 'systemd' ? given(await bySystemd(ticker, notes)) : await byCron(ticker, notes);
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

async function bySystemd(ticker: Ticker, notes: readonly string[]): Promise<Installing> {
  const { uid, username } = userInfo();
  const isRoot = uid === 0;
  const config = process.env.XDG_CONFIG_HOME?.startsWith('/')
    ? process.env.XDG_CONFIG_HOME
    : join(homedir(), '.config');
  const folder = isRoot ? '/etc/systemd/system' : join(config, 'systemd', 'user');
  const systemctl = isRoot ? ['systemctl'] : ['systemctl', '--user'];
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
    notes,
    environment: ticker.environment,
    line: { text: line, fleet: ticker.fleet },
    removal: `crontab -e, and take out the line that ends with ${tickerName(ticker.fleet)}`,
  });
}

/** Its bytes, one sign each: other lines may have any encoding, and stay as they are. */
async function crontabNow(): Promise<Result<string>> {
  const options = { reject: false, stdin: 'ignore', encoding: 'latin1', stripFinalNewline: false } as const;
  const { stdout, stderr, exitCode, code } = await execa('crontab', ['-l'], options);
  if (code === 'ENOENT') {
    const message = 'this machine has neither systemd nor crontab';
    return refused({ kind: 'failed', message, advice: 'run reseed schedule daemon under its own supervisor' });
  }
  if (exitCode === 0) return given(stdout);
  // It ends with 1 where the account has none yet. What could not be read must not be replaced.
  if (/no crontab|no such file/i.test(stderr)) return given('');
  const message = `the crontab of this account can't be read: ${cleanLine(stderr)}`;
  return refused({ kind: 'failed', message, advice: 'crontab -l shows it' });
}

const shown = (bytes: string) => Buffer.from(bytes, 'latin1').toString('utf8');
const bytesOf = (text: string) => Buffer.from(text, 'utf8').toString('latin1');

function fileAt(path: string, text: string): Installing['files'][number] {
  const before = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  return { path, text, ...(before !== undefined && { before }) };
}

/** Whether all of it is there already, and at work. */
export const isInstalled = ({ files, isAtWork }: Pick<Installing, 'files' | 'isAtWork'>): boolean =>
  isAtWork && files.every(({ text, before }) => text === before);

/** Stops at the first command that fails. */
export async function install({ files, commands, line }: Installing): Promise<Result<undefined>> {
  if (line) return await writeCrontab(line, files[0]?.before ?? '');
  for (const { path, text } of files) {
    const trouble = written(path, text);
    if (trouble !== undefined) return refused({ kind: 'failed', message: trouble, advice: '' });
  }
  for (const words of commands) {
    const done = await ran(words, '');
    if (!done.ok) return done;
  }
  return given(undefined);
}

/** Lines that were added while the operator read the question are not lost. */
async function writeCrontab(
  { text, fleet }: NonNullable<Installing['line']>,
  before: string,
): Promise<Result<undefined>> {
  const read = await crontabNow();
  if (!read.ok) return read;
  if (shown(read.value) !== before) {
    const message = 'the crontab of this account is another than it was a moment ago: nothing was written';
    return refused({ kind: 'refused', message, advice: 'run it again' });
  }
  return await ran(['crontab', '-'], Buffer.from(withLine(read.value, bytesOf(text), fleet), 'latin1'));
}

/** Why it can't be written. */
function written(path: string, text: string): string | undefined {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { mode: 0o644 });
    return undefined;
  } catch (error) {
    return diskTrouble(error);
  }
}

async function ran(
  [program = '', ...words]: readonly string[],
  input: string | Uint8Array,
): Promise<Result<undefined>> {
  const { failed, shortMessage, stderr } = await execa(program, words, { reject: false, input });
  if (!failed) return given(undefined);
  return refused({ kind: 'failed', message: cleanLine([shortMessage, stderr].filter(Boolean).join(': ')), advice: '' });
}
