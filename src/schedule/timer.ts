// What makes a machine look at schedules each minute: a timer of systemd with its service, or a line of a crontab. Pure.
import { shownWord } from '../remote/call/quote.ts';

export interface Ticker {
  /** The words of the command: the program by its whole path, and `schedule tick --inventory FILE`. */
  readonly command: readonly string[];
  /** Variables that the command needs, and that neither systemd nor cron gives it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Of the inventory. */
  readonly fleet: string;
}

/** `reseed-schedule-shop`: one for each fleet of the account. */
export function tickerName(fleet: string): string {
  const plain = fleet.replace(/[^A-Za-z0-9_.-]+/g, '-').replace(/^-+|-+$/g, '');
  return `reseed-schedule${plain === '' ? '' : `-${plain}`}`;
}

interface Unit {
  readonly name: string;
  readonly text: string;
}

/** systemd.service(5), systemd.timer(5): a name and a text each. */
export function units({ command, environment, fleet }: Ticker): readonly Unit[] {
  const variables = Object.entries(environment).map(([key, value]) => `Environment=${quotedWord(`${key}=${value}`)}`);
  const start = [...variables, `ExecStart=${command.map(execWord).join(' ')}`];
  return unitPair(tickerName(fleet), unitText(fleet), start);
}

/**
 * Those of the package, for any inventory: `reseed-schedule@shop.timer` is for shop.yaml of the system's manager in
 * /etc/reseed, of a user's in ~/.config/reseed. None is at work until it is enabled.
 */
export function unitTemplates(program: string, manager: 'system' | 'user'): readonly Unit[] {
  const inventory = manager === 'system' ? '/etc/reseed/%i.yaml' : '%h/.config/reseed/%i.yaml';
  return unitPair('reseed-schedule@', '%i', [
    // With an account it gets the HOME of that, which an inventory may name: also of another, by a drop-in.
    ...(manager === 'system' ? ['User=root'] : []),
    `ExecStart=${execWord(program)} schedule tick --inventory "${inventory}"`,
  ]);
}

/** `of`: as a unit has it, with its specifiers. */
function unitPair(name: string, of: string, start: readonly string[]): readonly Unit[] {
  const service = [
    '[Unit]',
    `Description=reseed: begin the scheduled jobs of ${of} that are due`,
    '',
    '[Service]',
    'Type=oneshot',
    ...start,
    '# The runners of its jobs go on when it has ended.',
    'KillMode=process',
    '',
  ];
  const timer = [
    '[Unit]',
    `Description=reseed: look each minute at the schedules of ${of}`,
    '',
    '[Timer]',
    '# Times that come while the machine is off are kept by reseed itself.',
    'OnCalendar=*-*-* *:*:00',
    'AccuracySec=1s',
    '',
    '[Install]',
    'WantedBy=timers.target',
    '',
  ];
  return [
    { name: `${name}.service`, text: service.join('\n') },
    { name: `${name}.timer`, text: timer.join('\n') },
  ];
}

const unitText = (text: string) => text.replaceAll('%', '%%');

/** systemd.syntax(7). A $ means something in ExecStart alone. */
const quotedWord = (word: string) => `"${unitText(word).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

const execWord = (word: string) => quotedWord(word).replaceAll('$', '$$$$');

/** crontab(5): an unescaped % ends the command. */
export function crontabLine({ command, environment, fleet }: Ticker): string {
  const variables = Object.entries(environment).map(([key, value]) => `${key}=${shownWord(value)}`);
  const line = [...variables.map(unpercented), ...command.map(cronWord)].join(' ');
  return `* * * * * ${line} ${mark(fleet)}`;
}

/** Whether a line of a service or of a crontab begins ticks of the inventory with this path, by whatever name of a fleet. */
export function isLineOf(line: string, inventory: string): boolean {
  const words = ['schedule', 'tick', '--inventory', inventory];
  if (line.startsWith('ExecStart=')) return line.endsWith(` ${words.map(execWord).join(' ')}`);
  const name = nameIn(line);
  return name !== undefined && line.endsWith(` ${words.map(cronWord).join(' ')} # ${name}`);
}

/** The name that install gave a line of a crontab. */
export const nameIn = (line: string): string | undefined => / # (reseed-schedule(?:-[\w.-]+)?)$/.exec(line)?.[1];

/** Whether a service or a crontab that is there, with an entry by the name of this fleet, is of another inventory than this one. */
export function isOfOther(text: string, { command, fleet }: Ticker): boolean {
  const inventory = command.at(-1) ?? '';
  const isEntry = (line: string) => line.startsWith('ExecStart=') || line.endsWith(mark(fleet));
  return text.split('\n').some((line) => isEntry(line) && !isLineOf(line, inventory));
}

/** Files of both units, whatever fleet they are of. */
export const isUnit = (file: string): boolean => /^reseed-schedule(-[\w.-]+)?\.(service|timer)$/.test(file);

/** Properties of both units, by `systemctl show`: whether the timer wakes reseed, now and after a boot, by the texts that are written. */
export const unitProperties = ['UnitFileState', 'ActiveState', 'NeedDaemonReload'] as const;
export function isActive(shown: string): boolean {
  const lines = shown.split('\n');
  const has = (line: string) => lines.includes(line);
  return has('UnitFileState=enabled') && has('ActiveState=active') && !has('NeedDaemonReload=yes');
}

/** The text of `crontab -l` with this line in place of an earlier one of the same fleet. */
export function withLine(crontab: string, line: string, fleet: string): string {
  const others = crontab.split('\n').filter((one) => !one.endsWith(mark(fleet)));
  const kept = others.join('\n').trimEnd();
  return `${kept === '' ? '' : `${kept}\n`}${line}\n`;
}

const mark = (fleet: string) => `# ${tickerName(fleet)}`;

const unpercented = (text: string) => text.replaceAll('%', '\\%');

const cronWord = (word: string) => unpercented(shownWord(word));

/** `node /opt/reseed/bin/reseed.js schedule tick --inventory /etc/hosts.yaml` */
export const tickCommand = (node: string, program: string, inventory: string): readonly string[] => [
  node,
  program,
  'schedule',
  'tick',
  '--inventory',
  inventory,
];
