// The real program on a real terminal. Its hosts are ports of loopback without a listener. Hosts that answer are tested
// on the practice fleet.

import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest';
import { jobHome } from '../src/job/journal/home.ts';
import { openJournal } from '../src/job/journal/journal.ts';
import { holdAlive } from '../src/job/lease/alive.ts';
import { sendSignal } from '../src/process/signal.ts';
import { addJob } from './job/adding.ts';
import { unitPlan } from './job/works.ts';
import { TestTerminal } from './terminal.ts';

const bin = join(import.meta.dirname, '../bin/reseed.js');
const inventory = `
fleet: nobody
clusters: { shop: {} }
hosts:
  db1: { cluster: shop, ssh: { host: 127.0.0.1, port: 1 } }
  db2: { cluster: shop, ssh: { host: 127.0.0.1, port: 2 } }
`;
let folder = '';
let file = '';
const terminals: TestTerminal[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reseed-console-'));
  file = join(folder, 'hosts.yaml');
  await writeFile(file, inventory);
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(() => {
  for (const terminal of terminals.splice(0)) terminal.close();
});

/** A shell starts reseed and prints its exit code: so the terminal is also seen before and after. */
function open(words: readonly string[] = [], environment: NodeJS.ProcessEnv = {}, from = '.'): TestTerminal {
  const script = `echo before; cd "${from}"; "$@"; echo "ended with $?"; read -r line`;
  const command = [process.execPath, bin, 'console', '--inventory', file, ...words];
  const { CI, NO_COLOR, ...own } = process.env;
  const terminal = new TestTerminal('sh', ['-c', script, 'sh', ...command], {
    columns: 80,
    rows: 24,
    // A journal of its own, without the jobs of the account that runs the tests.
    environment: { ...own, XDG_STATE_HOME: join(folder, 'state'), ...environment },
  });
  terminals.push(terminal);
  return terminal;
}

function asItWas(terminal: TestTerminal): void {
  expect(terminal.isAlternate).toBe(false);
  expect(terminal.isCursorShown).toBe(true);
  expect(terminal.isPasteBracketed).toBe(false);
  expect(terminal.isMouseReported).toBe(false);
  expect(terminal.written).toContain('\x1b[23;0t');
  expect(terminal.lines()[0]).toBe('before');
}

/** The reseed that the shell started. */
async function pidOf(terminal: TestTerminal): Promise<number> {
  // proc_pid_task(5)
  const children = await readFile(`/proc/${terminal.pid}/task/${terminal.pid}/children`, 'utf8');
  return Number(children.split(' ')[0]);
}

test('the fleet is there, each host with why it is not', async () => {
  const terminal = open();
  await terminal.shows('✖ 2 unreachable');
  expect(terminal.isAlternate).toBe(true);
  expect(terminal.lines()[0]).toMatch(/^ nobody · 2 hosts {2}✖ 2 critical .*READ-WRITE .*\d\d:\d\d:\d\d \S+$/);
  expect(terminal.lines()[2]).toMatch(/^ ▸ db1 .*✖ unreachable/);
  expect(terminal.lines()[23]).toContain('? help  q quit');
});

test('it opens in any folder: a checkout is not only of use in its own', async () => {
  const terminal = open([], {}, folder);
  await terminal.shows('✖ 2 unreachable');
});

test('another size of the terminal is another size of the screen', async () => {
  const terminal = open();
  await terminal.shows('✖ 2 unreachable');
  terminal.resize(120, 40);
  await terminal.shows('j/k move');
  expect(terminal.lines()[39]).toContain('q quit');
  terminal.resize(60, 12);
  // The old frame is on the terminal until the new one is written.
  await terminal.shows(/^ nobody .*READ-WRITE/);
  expect(terminal.lines()[11]).toContain('q quit');
  expect(terminal.text().match(/▸ db1 /g)).toHaveLength(1);
});

test('the mouse: the wheel moves the cursor, a click selects, a double click opens; a report in pieces is no text', async () => {
  const terminal = open();
  await terminal.shows('✖ 2 unreachable');
  expect(terminal.isMouseReported).toBe(true);
  terminal.press('\x1b[<0;10;4M\x1b[<0;10;4m');
  await terminal.shows(/▸ db2/);
  terminal.press('\x1b[<64;10;4M');
  await terminal.shows(/▸ db1/);
  terminal.press('/x');
  await terminal.shows('filter: x_');
  terminal.press('\x1b[<65;1');
  terminal.press('0;12My');
  await terminal.shows('filter: xy_');
  terminal.press('\x1b');
  await terminal.shows('/ filter');
  terminal.press('\x1b[<0;10;4M\x1b[<0;10;4m\x1b[<0;10;4M\x1b[<0;10;4m');
  await terminal.shows('fleet › db2');
});

/** The colours of `text` on the screen. */
const coloursOf = (terminal: TestTerminal, text: string) =>
  terminal.pieces().flatMap((line) => line.flatMap((piece) => (piece.text.includes(text) ? [piece.colour] : [])));
const question = '\x1b]11;?\x1b\\';

test('a terminal that tells its background late, in pieces, has colours for it from then on, and nothing of it is typed', async () => {
  const terminal = open(['--no-mouse']);
  await terminal.shows('✖ 2 unreachable');
  expect(terminal.written.split(question)).toHaveLength(2);
  // Red of the terminal's sixteen.
  expect(coloursOf(terminal, '✖ 2 unreachable')).toEqual([1]);
  terminal.press('/d');
  await terminal.shows('filter: d_');
  terminal.press('\x1b]11;rgb:ff');
  terminal.press('ff/ffff/ffff\x1b\\b');
  await terminal.shows('filter: db_');
  await expect.poll(() => coloursOf(terminal, '✖ 2 unreachable')).toEqual([160]);
  terminal.press('\x1b');
  await terminal.shows('/ filter');
  terminal.press('q');
  await terminal.shows('ended with 0');
  asItWas(terminal);
});

test('what the operator says of background and palette is not asked: by options, and by the file', async () => {
  const config = join(folder, 'colours');
  await mkdir(join(config, 'reseed'), { recursive: true });
  await writeFile(join(config, 'reseed', 'config.yaml'), 'background: light\npalette: colour-blind\n');
  for (const [terminal, colour] of [
    [open(['--background', 'light']), 160],
    [open([], { XDG_CONFIG_HOME: config }), 88],
    [open(['--palette', 'standard', '--background', 'dark'], { XDG_CONFIG_HOME: config }), 1],
  ] as const) {
    await terminal.shows('✖ 2 unreachable');
    expect(coloursOf(terminal, '✖ 2 unreachable')).toEqual([colour]);
    expect(terminal.written).not.toContain(question);
  }
});

test("with --no-mouse, and by mouse: false, the mouse stays the terminal's", async () => {
  const config = join(folder, 'config');
  await mkdir(join(config, 'reseed'), { recursive: true });
  await writeFile(join(config, 'reseed', 'config.yaml'), 'mouse: false\n');
  for (const terminal of [open(['--no-mouse']), open([], { XDG_CONFIG_HOME: config })]) {
    await terminal.shows('✖ 2 unreachable');
    expect(terminal.isMouseReported).toBe(false);
  }
});

test('q gives the terminal back as it was', async () => {
  const terminal = open();
  await terminal.shows('✖ 2 unreachable');
  terminal.press('q');
  await terminal.shows('ended with 0');
  asItWas(terminal);
});

test('Ctrl-C does too, and ends with 130', async () => {
  const terminal = open();
  await terminal.shows('✖ 2 unreachable');
  terminal.press('/db\x03');
  await terminal.shows('ended with 130');
  asItWas(terminal);
});

test.each([
  ['SIGTERM', 143],
  ['SIGHUP', 129],
  ['SIGINT', 130],
] as const)('%s does too, and ends with %i', async (signal, exitCode) => {
  const terminal = open();
  await terminal.shows('✖ 2 unreachable');
  process.kill(await pidOf(terminal), signal);
  await terminal.shows(`ended with ${exitCode}`);
  asItWas(terminal);
});

test('a terminal that is closed ends it', async () => {
  const terminal = open();
  await terminal.shows('✖ 2 unreachable');
  const pid = await pidOf(terminal);
  terminal.signal('SIGKILL');
  await expect.poll(() => isAlive(pid), { timeout: 60_000 }).toBe(false);
});

test('a first frame comes before any host has answered', async () => {
  const terminal = open();
  await terminal.shows('2 hosts');
  await terminal.shows('unreachable');
  const asking = terminal.written.indexOf('2 asking');
  expect(asking).toBeGreaterThan(0);
  expect(asking).toBeLessThan(terminal.written.indexOf('unreachable'));
});

test('with NO_COLOR there is no colour', async () => {
  const terminal = open([], { NO_COLOR: '1' });
  await terminal.shows('✖ 2 unreachable');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with one.
  expect(terminal.written).not.toMatch(/\x1b\[[0-9;]*(?:3[0-7]|4[0-7]|9[0-7]|38|48)m/);
});

test('--ascii draws nothing but ASCII, --read-only says so', async () => {
  const terminal = open(['--ascii', '--read-only']);
  const screen = await terminal.shows('x 2 unreachable');
  expect(screen).toContain('READ-ONLY');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: this is what ASCII is.
  expect(screen.replace(/[\x00-\x7f]/g, '')).toBe('');
});

test('--screen-reader writes lines on the normal screen, and leaves them there', async () => {
  const terminal = open(['--screen-reader']);
  await terminal.shows('selected, 1 of 2: db1: mysql unreachable, alert');
  expect(terminal.isAlternate).toBe(false);
  terminal.press('q');
  await terminal.shows('ended with 0');
  expect(terminal.text()).toContain('selected, 1 of 2: db1');
  expect(terminal.isCursorShown).toBe(true);
});

test('at rest nothing is written but the clock', async () => {
  // The listener accepts the connection and sends nothing: the row does not change until the handshake is given up,
  // long after.
  const mute = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void mute.close());
  await once(mute, 'listening');
  const { port } = mute.address() as AddressInfo;
  const waiting = join(folder, 'waiting.yaml');
  await writeFile(waiting, `fleet: rest\nhosts: { db1: { ssh: { host: 127.0.0.1, port: ${port} } } }\n`);
  const terminal = open(['--inventory', waiting]);
  await terminal.shows('1 asking');
  await terminal.shows(laterClock(terminal));
  const before = { length: terminal.written.length, seconds: clockSeconds(terminal) };
  await terminal.shows(laterClock(terminal));
  const ticks = terminal.written.slice(before.length);
  // On a loaded machine two seconds may pass at once.
  const passed = (clockSeconds(terminal) - before.seconds + 86_400) % 86_400;
  expect(ticks).not.toContain('db1');
  expect(ticks.length).toBeLessThan(250 * passed);
});

test('without a terminal it says so, and what to use instead', async () => {
  const done = await execa(process.execPath, [bin], { reject: false, stdin: 'ignore' });
  expect(done.exitCode).toBe(2);
  expect(done.stdout).toBe('');
  expect(done.stderr).toMatch(/^reseed: the console needs a terminal; .*reseed status/);
});

test('a mistake in the inventory is printed before any screen opens', async () => {
  const wrong = join(folder, 'wrong.yaml');
  await writeFile(wrong, 'hosts:\n  db1: { shh: { host: a } }\n');
  const terminal = open(['--inventory', wrong]);
  await terminal.shows('ended with 2');
  expect(terminal.text()).toContain('wrong.yaml:2:10');
  expect(terminal.written).not.toContain('\x1b[?1049h');
});

function isAlive(pid: number): boolean {
  return sendSignal(pid, 0);
}

const clockIn = (terminal: TestTerminal) => /\d\d:\d\d:\d\d/.exec(terminal.lines()[0] ?? '')?.[0] ?? '';

function clockSeconds(terminal: TestTerminal): number {
  const [hours = 0, minutes = 0, seconds = 0] = clockIn(terminal).split(':').map(Number);
  return (hours * 60 + minutes) * 60 + seconds;
}

/** Any text other than the shown one: a loaded machine skips seconds. */
function laterClock(terminal: TestTerminal): RegExp {
  return new RegExp(`^[^\\n]*?(?!${clockIn(terminal) || '-'})\\d\\d:\\d\\d:\\d\\d`);
}

test('a job is shown, q says that it runs on and how to see it again, and a job whose runner died can be resumed', async () => {
  const home = jobHome({ XDG_STATE_HOME: folder });
  const journal = openJournal(home.journal, Date.now);
  if (!journal) throw new Error('no journal');
  const who = { account: 'ops', jumpHost: 'jump1' };
  const { id } = addJob(journal, { key: 'cafe', plan: unitPlan('x', 'waits'), targets: [], who });
  journal.setJob(id, 'running');
  await mkdir(dirname(home.alive(id)), { recursive: true });
  const alive = holdAlive(home.alive(id));
  const terminal = open([], { XDG_STATE_HOME: folder });
  await terminal.shows('▶ 1 job');
  terminal.press('q');
  await terminal.shows(`job ${id} (two units of x) goes on: reseed job attach ${id} comes back to it`);
  asItWas(terminal);
  const next = open([], { XDG_STATE_HOME: folder });
  await next.shows('▶ 1 job');
  alive?.release();
  await next.shows('! 1 runner died');
  journal.setJob(id, 'aborted');
  journal.close();
});
