import { expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { announceJobs } from '../../components/announce.ts';
import { fullLook, styleOf } from '../../components/base/theme.ts';
import { keysOf } from '../../components/keys.ts';
import { matching } from '../../components/overlays/palette.ts';
import {
  clipboardSequence,
  maxCopiedBytes,
  noticeSequence,
  progressSequence,
  titleSequences,
} from '../../components/terminal.ts';
import { type Context, commands } from '../../src/commands/list.ts';
import { lookOf } from '../../src/console/terminal-here.ts';
import type { JobsPicture } from '../../src/job/journal/watch.ts';
import { cleanText } from '../../src/text/clean.ts';
import { recorded } from './console.tsx';
import { changedJob, jobNumbered, recordedJobs } from './jobs.ts';

test('what is copied reaches the clipboard of the terminal, through tmux as well', () => {
  const plain = '\x1b]52;c;ZGIx\x07';
  expect(clipboardSequence('db1', {})).toBe(plain);
  expect(clipboardSequence('db1', { TMUX: '/tmp/tmux-0/default,1,0' })).toBe(
    `${plain}\x1bPtmux;\x1b\x1b]52;c;ZGIx\x07\x1b\\`,
  );
});

test('what is longer than terminals take is not sent half', () => {
  expect(clipboardSequence('x'.repeat(maxCopiedBytes + 1), {})).toBeUndefined();
});

test('a notification is sent only to a terminal that is known to have one, and a hostile text can not end it', () => {
  expect(noticeSequence('job 1 done', { TERM: 'xterm-256color' })).toBe('');
  expect(noticeSequence('job 1 done', { TERM: 'linux' })).toBe('');
  expect(noticeSequence('job 1 done', { TERM_PROGRAM: 'iTerm.app' })).toBe('\x1b]9;reseed: job 1 done\x07');
  expect(noticeSequence('job 1 done', { TERM: 'xterm-kitty', TMUX: '/tmp/t,1,0' })).toBe(
    '\x1bPtmux;\x1b\x1b]9;reseed: job 1 done\x07\x1b\\',
  );
  const hostile = 'db1;x\x07\x1b]52;c;ZGIx\x07\u202e\n\x9c4;1;50';
  const said = noticeSequence(hostile, { TERM: 'rxvt-unicode-256color' });
  const [, body = ''] = said.split('\x1b]777;notify;reseed;');
  expect(said).toBe(`\x1b]777;notify;reseed;${body}`);
  expect(body.endsWith('\x07')).toBe(true);
  expect(cleanText(body.slice(0, -1))).toBe(body.slice(0, -1));
  expect(body).not.toContain(';');
  expect(noticeSequence('x'.repeat(1000), { TERM: 'foot' }).length).toBeLessThan(250);
});

test('a terminal that has no title gets none', () => {
  const none = titleSequences({ TERM: 'linux' });
  expect([none.keep, none.set('reseed'), none.restore]).toEqual(['', '', '']);
  expect(titleSequences({ TERM: 'xterm' }).set('reseed')).toBe('\x1b]2;reseed\x07');
});

test('progress is sent only to a terminal that is known to support it, through tmux as well', () => {
  expect(progressSequence(54.9, { TERM: 'xterm-256color' })).toBe('');
  expect(progressSequence(54.9, { TERM: 'xterm-ghostty' })).toBe('\x1b]9;4;1;54\x07');
  expect(progressSequence('running', { WT_SESSION: 'a' })).toBe('\x1b]9;4;3;0\x07');
  expect(progressSequence('none', { WT_SESSION: 'a', TMUX: '/tmp/t,1,0' })).toBe(
    '\x1bPtmux;\x1b\x1b]9;4;0;0\x07\x1b\\',
  );
});

test('the title and the tab follow the job that runs; a bell at its end, and nothing of it is left', () => {
  const { views } = recordedJobs();
  const restart = { ...jobNumbered(views, 11), abandoned: false };
  const [first, ...others] = restart.job.steps.map((step) => ({ ...step, state: 'waiting' as const }));
  if (!first) throw new Error('the recorded job has no step');
  const at = (doneBytes: number) => {
    const progress = { text: '', doneBytes, totalBytes: 200 };
    return { jobs: [changedJob(restart, { steps: [{ ...first, state: 'running', progress }, ...others] })] };
  };
  const store = createStore<JobsPicture>(() => ({ jobs: [] }));
  const written: string[] = [];
  const silence = announceJobs({
    store,
    title: 'reseed',
    quietTitle: false,
    environment: { TERM: 'xterm-ghostty' },
    write: (text) => written.push(text),
  });
  const since = () => written.splice(0).join('');
  expect(since()).toBe('\x1b]2;reseed\x07');
  store.setState(at(100));
  expect(since()).toBe('\x1b]2;job 11 50 % · reseed\x07\x1b]9;4;1;50\x07');
  store.setState(at(101));
  expect(since()).toBe('');
  store.setState({ jobs: [changedJob(restart, { state: 'done' })] });
  const { title } = restart.job.plan;
  expect(since()).toBe(`\x1b]2;reseed\x07\x1b]9;4;0;0\x07\x07\x1b]9;reseed: job 11 done: ${title}\x07`);
  // Its runner dies: a person is needed, and no bell rings as at an end.
  store.setState(at(100));
  since();
  store.setState({ jobs: [{ ...changedJob(restart, {}), abandoned: true }] });
  expect(since()).toContain(`\x1b]9;reseed: job 11 runner died: ${title}\x07`);
  store.setState(at(100));
  since();
  silence();
  expect(since()).toBe('\x1b]9;4;0;0\x07');
});

test('a locale that is not UTF-8 gets ASCII, NO_COLOR no colour, and an empty NO_COLOR counts as none', () => {
  expect(lookOf({}, { LC_ALL: 'C' }).unicode).toBe(false);
  expect(lookOf({}, { LANG: 'de_DE.UTF-8' }).unicode).toBe(true);
  expect(lookOf({}, { NO_COLOR: '1' }).colour).toBe(false);
  expect(lookOf({}, { NO_COLOR: '' }).colour).toBe(true);
});

test('without colour a tone keeps its weight', () => {
  expect(styleOf('bad', { ...fullLook, colour: false })).toEqual({ bold: true });
  expect(styleOf('bad', fullLook)).toEqual({ bold: true, color: 'red' });
});

const noKey = {
  upArrow: false,
  downArrow: false,
  leftArrow: false,
  rightArrow: false,
  pageDown: false,
  pageUp: false,
  home: false,
  end: false,
  return: false,
  escape: false,
  ctrl: false,
  shift: false,
  tab: false,
  backspace: false,
  delete: false,
  meta: false,
  super: false,
  hyper: false,
  capsLock: false,
  numLock: false,
};

test('keys that came together are taken apart; alt and a letter is not the letter', () => {
  expect(keysOf('/db 1\r', noKey)).toEqual(['/', 'd', 'b', 'space', '1', 'enter']);
  expect(keysOf('c', { ...noKey, ctrl: true })).toEqual(['ctrl+c']);
  expect(keysOf('q', { ...noKey, meta: true })).toEqual([]);
  expect(keysOf('', { ...noKey, tab: true, shift: true })).toEqual(['shift+tab']);
});

const named = (text: string, context: Context = onFleet, recent: readonly string[] = []) =>
  matching(text, commands, { context, recent }).map(({ name }) => name);
const [db1] = recorded('calm').picture.hosts;
const onFleet: Context = {
  screen: 'fleet',
  readOnly: false,
  onDiscovered: false,
  discovered: 0,
  ...(db1 && { host: db1.host }),
};

test('the palette puts the likeliest first: the beginning of a title, of its words, another word for it, its help, its letters', () => {
  expect(named('srtlag')).toEqual(['sort.lag']);
  expect(named('quit')[0]).toBe('console.quit');
  expect(named('sn')[0]).toBe('snapshot.create');
  expect(named('prune').slice(0, 1)).toEqual(['snapshot.prune']);
  expect(named('sort snap')[0]).toBe('sort.snapshots');
  expect(named('remove')[0]).toBe('snapshot.remove');
  expect(named('snapshot').slice(-1)[0]).not.toMatch(/^snapshot/);
});

test('words of other programs and of the night find a command: kill, repair, recover, backup', () => {
  expect(named('kill')).toEqual(expect.arrayContaining(['mysql.stop', 'job.abort']));
  expect(named('kill')).not.toContain('log.markSeen');
  expect(named('repair')[0]).toBe('seed.open');
  // Where no rule has planned one, the palette lists it behind what can be done.
  expect(named('recover').slice(0, 2)).toEqual(['recovery.plan', 'seed.open']);
  expect(named('backup')[0]).toBe('snapshot.create');
});

test('letters scattered over a help match nothing', () => {
  expect(named('limit')).toEqual([]);
  expect(named('xyzzy')).toEqual([]);
});

test('what can be used here comes first among equals, and what was chosen last', () => {
  const [job] = named('job', { ...onFleet, screen: 'job', job: { over: false, abandoned: false } });
  expect(job).toBe('job.abort');
  expect(named('', onFleet, ['fleet.refresh', 'sort.lag']).slice(0, 2)).toEqual(['fleet.refresh', 'sort.lag']);
  expect(named('sort', onFleet, ['sort.lag'])[0]).toBe('sort.lag');
  expect(named('')).toHaveLength(commands.length);
});
