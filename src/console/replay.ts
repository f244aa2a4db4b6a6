// reseed replay: the console over a recording. Nothing here reaches a host, a journal or an inventory.
import { Command } from 'commander';
import { createStore } from 'zustand/vanilla';
import type { OpenConsole } from '../../components/open.tsx';
import type { ScreenStore } from '../../components/screen-store.ts';
import type { Services } from '../../components/services.ts';
import { exampleText, exitCodes } from '../commands/answer.ts';
import { bindKeys, commandsInReplay } from '../commands/list.ts';
import { type LogFollow, type LogView, nothingYet } from '../fleet/log/follow.ts';
import { formatProblem } from '../inventory/inventory.ts';
import { play, type Replay } from '../operations/recording/play.ts';
import { openRecording, type ReadRecording } from '../operations/recording/read.ts';
import { about } from '../text/about.ts';
import { dayText } from '../text/times.ts';
import { configHere, keepColumns } from './config-file.ts';
import { coursesOf } from './courses.ts';
import { backgroundOption, type LookOptions, lookOf, paletteOption, whyNoScreen } from './terminal-here.ts';

export function replayCommand(): Command {
  return new Command('replay')
    .description(
      'a recorded console again (console --record FILE), to look at: no host is asked, and nothing is changed',
    )
    .argument('<file>', 'the recording')
    .option('--ascii', 'no characters but ASCII in what reseed draws')
    .option('--no-mouse', 'leave the mouse to the terminal')
    .option('--screen-reader', 'lines of text for a screen reader: no alternate screen, no columns')
    .addOption(backgroundOption())
    .addOption(paletteOption())
    .addHelpText(
      'after',
      '\nKeys: space holds and plays, [ ] 10 seconds, , . what happened before and next, < > alerts, { } begin and end, @ a time, - + speed; ? has all.' +
        exampleText(['reseed replay night.rec', 'reseed replay night.rec --utc']),
    )
    .action(async (file: string, options: LookOptions) => {
      process.exit(await runReplay(file, options));
    });
}

async function runReplay(file: string, options: LookOptions): Promise<number> {
  const refused = (text: string, code: number = exitCodes.usage) => {
    process.stderr.write(`reseed: ${text}\n`);
    return code;
  };
  const own = configHere(process.env);
  if (!own.ok) {
    process.stderr.write(own.problems.map((problem) => `${formatProblem(problem)}\n`).join(''));
    return exitCodes.usage;
  }
  const { keys, mouse, columns, colours } = own.config;
  bindKeys(keys, commandsInReplay);
  const no = whyNoScreen('replay', process.env);
  if (no !== undefined) return refused(no);
  const opened = await openRecording(file, sayHowFar(file));
  if (!opened.ok) return refused(`${opened.message}${opened.advice && `; ${opened.advice}`}`);
  const { recording } = opened;
  const screen = await import('../../components/open.tsx');
  const screens = screen.createScreenStore(columns);
  const replay = play({ recording, onEnd: () => screen.say(screens, endWords(recording)) });
  const shown = screen.openOnTerminal({
    services: servicesOf(recording, replay, screens),
    look: lookOf({ ...colours, ...options }, process.env),
    title: `reseed replay · ${recording.header.fleet}`,
    mouse: mouse && options.mouse !== false,
    environment: process.env,
  });
  screen.say(screens, beginWords(recording), recording.cut === undefined ? 'plain' : 'warning');
  return await untilEnded(shown, replay, file, refused);
}

/** Only of a long one, which takes a while. */
function sayHowFar(file: string): (percent: number) => void {
  const beganMs = Date.now();
  let isSaid = false;
  return (percent) => {
    if (isSaid || percent >= 100 || Date.now() - beganMs < 1000) return;
    isSaid = true;
    process.stderr.write(`reseed: reading ${file}\n`);
  };
}

const beginWords = ({ header, beginMs, endMs, cut }: ReadRecording): string => {
  const times = `${dayText(new Date(beginMs))} to ${dayText(new Date(endMs))}`;
  const whole = `a replay of ${header.fleet}, recorded by ${header.by}: ${times}`;
  return cut === undefined ? `${whole} (? has the keys)` : `${whole}. The recording ${cut}`;
};

const endWords = ({ ended, cut }: ReadRecording): string =>
  cut === undefined ? `the recording ends here: ${ended}` : `the recording ends here: it ${cut}`;

async function untilEnded(
  { ended }: OpenConsole,
  replay: Replay,
  file: string,
  refused: (text: string, code: number) => number,
): Promise<number> {
  try {
    return await ended;
  } catch (error) {
    // The frame of each line was checked, and not each fact in it.
    const why = error instanceof Error ? error.message : String(error);
    return refused(about(file, `has a picture that can't be shown (${why}); record again`), exitCodes.failed);
  } finally {
    replay.stop();
  }
}

const nothing = () => undefined;
const nothingDone = 'this is a replay: nothing is done';

function servicesOf(
  { header }: ReadRecording,
  { stores, stop: _, ...replay }: Replay,
  screens: ScreenStore,
): Omit<Services, 'quit' | 'copy' | 'onMouse'> {
  // No command leads here: dispatch() refuses them all.
  const refuse = (): never => {
    throw new Error(nothingDone);
  };
  const asked = () => ({ ok: false, why: nothingDone }) as const;
  const noLog = `a recording has no logs of jobs: reseed job log ID shows one where it ran (${header.by})`;
  return {
    fleet: stores.fleet,
    screens,
    courses: coursesOf(stores.fleet, replay.nowMs),
    jobs: {
      store: stores.jobs,
      others: stores.others,
      draft: refuse,
      draftSeed: refuse,
      draftSalvage: refuse,
      draftProof: refuse,
      launch: () => nothingDone,
      abortWords: () => nothingDone,
      abort: asked,
      abortOther: async () => nothingDone,
      resume: asked,
      takeOver: async () => asked(),
      followLog: async () => failedLog(noLog),
      readLog: async () => ({ ok: false, why: noLog }),
    },
    schedules: { store: stores.schedules, run: async () => nothingDone, switch: () => nothingDone },
    operator: header.by,
    inventoryFile: header.inventory,
    readOnly: true,
    nowMs: replay.nowMs,
    replay,
    refresh: nothing,
    followLog: async (host) => recordedLog(stores.fleet, host),
    processes: async () => refuse(),
    showed: nothing,
    markSeen: () => nothingDone,
    keepColumns: (list, names) => keepColumns(process.env, list, names),
    page: async (text) => (await import('./pager.ts')).page(text, process.env),
  };
}

function failedLog(message: string): LogFollow {
  const failure = { kind: 'refused', message, advice: '', printed: '' } as const;
  return {
    view: createStore<LogView>(() => ({ ...nothingYet, state: 'failed', failure })),
    close: async () => undefined,
  };
}

/** The last lines of the log that its host had told then. */
function recordedLog(fleet: Replay['stores']['fleet'], host: string): LogFollow {
  const tailOf = () => fleet.getState().hosts.find((one) => one.host.name === host)?.report.errorLog;
  const viewNow = (): LogView => {
    const tail = tailOf();
    if (!tail?.ok) return tail ? failedLog(tail.why).view.getState() : nothingYet;
    return { ...nothingYet, state: 'following', path: tail.value.path, entries: tail.value.lines };
  };
  const view = createStore<LogView>(viewNow);
  let shown = tailOf();
  const leave = fleet.subscribe(() => {
    const now = tailOf();
    if (now === shown) return;
    shown = now;
    view.setState(viewNow(), true);
  });
  return { view, close: async () => leave() };
}
