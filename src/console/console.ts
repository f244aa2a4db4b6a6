// The console: the one file of src/ that knows there is a screen. Reads the inventory, draws the first frame, and only
// then loads the code that reaches hosts: that saves the first frame 50 ms of ssh2.
import { hostname, userInfo } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { createStore } from 'zustand/vanilla';
import type { OpenConsole } from '../../components/open.tsx';
import type { ScreenStore } from '../../components/screen-store.ts';
import { exampleText, exitCodes, printLine, tableLines } from '../commands/answer.ts';
import { chooseHosts, inventoryFlag } from '../commands/hosts/targets.ts';
import { bindKeys, boundCommands } from '../commands/list.ts';
import type { ColumnedList } from '../commands/list-columns.ts';
import { createFleetStore, markSeen, reportsMore, showed } from '../fleet/store.ts';
import type { LogLine } from '../host/facts.ts';
import { formatProblem } from '../inventory/inventory.ts';
import type { Inventory } from '../inventory/settings.ts';
import { jobHome } from '../job/journal/home.ts';
import type { JobRecord } from '../job/journal/record.ts';
import type { JobsPicture, JobView, OthersPicture } from '../job/journal/watch.ts';
import { goesOn } from '../job/lease/runner-state.ts';
import { setBrokenAside } from '../operations/hosts/kept-file.ts';
import { keepMarks, marksOf, readMarks } from '../operations/hosts/marks.ts';
import { keepReports, readReports } from '../operations/hosts/reports.ts';
import type { Asked } from '../operations/jobs/control.ts';
import type { Draft, JobRequest } from '../operations/plans/draft.ts';
import type { ProofChoice } from '../operations/proofs/draft.ts';
import type { SeedByName } from '../operations/seed/seed.ts';
import type { AskPassphrase } from '../remote/trust/key-ring.ts';
import type { SchedulesPicture } from '../schedule/picture.ts';
import { bytesIn } from '../text/amounts.ts';
import { configHere, keepColumns } from './config-file.ts';
import { coursesOf } from './courses.ts';
import type { JobControl, TakeVerb } from './jobs.ts';
import type { ScheduleControl } from './schedules.ts';
import { backgroundOption, type LookOptions, lookOf, paletteOption, whyNoScreen } from './terminal-here.ts';

interface ConsoleOptions extends LookOptions {
  readonly inventory?: string;
  readonly readOnly?: boolean;
  readonly keys?: boolean;
  readonly record?: string;
  readonly recordLimit: number;
}

const defaultRecordLimit = '256M';

function recordLimit(text: string): number {
  const bytes = bytesIn(text);
  if (bytes === undefined) throw new InvalidArgumentError('Write a size as 256M or 2G.');
  return bytes;
}

export function consoleCommand(): Command {
  return new Command('console')
    .description('the fleet on the screen, alive; what plain `reseed` opens')
    .option(...inventoryFlag)
    .option('--read-only', 'no command that changes anything on a host')
    .option('--ascii', 'no characters but ASCII in what reseed draws')
    .option('--no-mouse', 'leave the mouse to the terminal')
    .option('--screen-reader', 'lines of text for a screen reader: no alternate screen, no columns')
    .addOption(backgroundOption())
    .addOption(paletteOption())
    .option('--record <file>', 'record what the console shows, for reseed replay FILE')
    .option(
      '--record-limit <size>',
      'how large that file may become; the console goes on without it',
      recordLimit,
      recordLimit(defaultRecordLimit),
    )
    .option(
      '--keys',
      'print the name of each command with its keys, for ~/.config/reseed/config.yaml, and open nothing',
    )
    .addHelpText(
      'after',
      exampleText([
        'reseed',
        'reseed --read-only',
        'reseed console --inventory crm.yaml --ascii',
        'reseed --record night.rec',
      ]),
    )
    .action(async (options: ConsoleOptions) => {
      // Ends the process although handles may still be open: the operator has the terminal back and must not wait.
      process.exit(await runConsole(options));
    });
}

async function runConsole(options: ConsoleOptions): Promise<number> {
  const own = configHere(process.env);
  if (!own.ok) {
    process.stderr.write(own.problems.map((problem) => `${formatProblem(problem)}\n`).join(''));
    return exitCodes.usage;
  }
  const { keys, mouse, columns, colours } = own.config;
  bindKeys(keys);
  if (options.keys) {
    const rows = boundCommands().map(({ name, keys, help }) => [name, keys.join(' '), help]);
    for (const line of tableLines(['COMMAND', 'KEYS', 'DOES'], rows)) printLine(line);
    return exitCodes.done;
  }
  const no = whyNoScreen('console', process.env);
  if (no !== undefined) {
    process.stderr.write(`reseed: ${no}\n`);
    return exitCodes.usage;
  }
  const [chosen, screen] = await Promise.all([
    chooseHosts([], options.inventory === undefined ? {} : { inventory: options.inventory }),
    import('../../components/open.tsx'),
  ]);
  if (!chosen) return exitCodes.usage;
  const { inventory } = chosen;
  const screens = screen.createScreenStore(columns);
  const readOnly = inventory.readOnly || options.readOnly === true;
  const live = liveFleet({ inventory, readOnly }, screens, screen.passphraseAsker(screens));
  const recorded = options.record === undefined ? undefined : await recordTo(options.record, options, live, inventory);
  if (recorded?.ok === false) {
    process.stderr.write(`reseed: ${recorded.why}\n`);
    return exitCodes.usage;
  }
  const opened = screen.openOnTerminal({
    services: { ...live.services, readOnly, ...(recorded && { recording: recorded.shown }) },
    look: lookOf({ ...colours, ...options }, process.env),
    title: `reseed · ${inventory.fleet}`,
    mouse: mouse && options.mouse !== false,
    environment: process.env,
  });
  opened.drawn.then(live.start).then((abandoned) => {
    if (abandoned.length > 0) screen.say(screens, abandoned.join('; '), 'warning');
  });
  return await untilEnded(opened, { ...live, stop: () => Promise.all([recorded?.stop(), live.stop()]) });
}

/** The file is made before there is a screen, so that a mistake is told without one. */
async function recordTo(
  path: string,
  { recordLimit: maxBytes }: ConsoleOptions,
  live: Live,
  { fleet, file }: Inventory,
) {
  const { recordingOf } = await import('./recording.ts');
  const { services } = live;
  const stores = {
    fleet: services.fleet,
    jobs: services.jobs.store,
    others: services.jobs.others,
    schedules: services.schedules.store,
  };
  const about = { fleet, inventory: file, by: services.operator };
  const onEnd = (text: string, isLeft: boolean) => {
    if (isLeft) process.stderr.write(`reseed: ${text}\n`);
    else services.screens.setState({ message: { text, tone: 'warning' } });
  };
  return await recordingOf({ path, stores, about, maxBytes, onEnd });
}

type Live = ReturnType<typeof liveFleet>;
type Ending = Pick<Live, 'running'> & { readonly stop: () => Promise<unknown> };

/** Longer than any host needs that answers. Then the process ends, and so do its commands on hosts. */
const stopDeadlineMs = 2000;

async function untilEnded({ ended }: OpenConsole, live: Ending): Promise<number> {
  try {
    return await ended;
  } catch (bug) {
    const text = bug instanceof Error ? (bug.stack ?? bug.message) : String(bug);
    process.stderr.write(`reseed: this is a bug in reseed; nothing was left running on a host:\n${text}\n`);
    return exitCodes.failed;
  } finally {
    for (const { job } of live.running()) {
      process.stdout.write(`job ${job.id} (${job.plan.title}) goes on: reseed job attach ${job.id} comes back to it\n`);
    }
    await Promise.race([live.stop(), new Promise((resolve) => setTimeout(resolve, stopDeadlineMs))]);
  }
}

const stillStarting = 'reseed is still starting: try it again in a moment';

interface Watched {
  readonly inventory: Inventory;
  readonly readOnly: boolean;
}

/** The services of the screens. Nothing connects to a host before `start`. */
function liveFleet({ inventory, readOnly }: Watched, screens: ScreenStore, passphrase: AskPassphrase) {
  const { seen, reported } = jobHome(process.env);
  const fleet = createFleetStore(inventory, Date.now(), { marks: readMarks(seen), reports: readReports(reported) });
  const broken = setBrokenAside(reported);
  if (broken !== undefined) {
    const text = `reports of corrupt data seen before are unknown: ${broken}`;
    screens.setState({ message: { text, tone: 'warning' } });
  }
  fleet.subscribe((picture, before) => {
    const why = reportsMore(picture, before) ? keepReports(reported, picture) : undefined;
    const text = `reports of corrupt data can't be kept: ${why}`;
    if (why !== undefined) screens.setState({ message: { text, tone: 'warning' } });
  });
  const courses = coursesOf(fleet, Date.now);
  const jobsPicture = createStore<JobsPicture>(() => ({ jobs: [] }));
  const started = Promise.withResolvers<void>();
  const watching = started.promise.then(async () => {
    const { watchFleet } = await import('./hosts.ts');
    return watchFleet({ inventory, fleet, passphrase, readOnly });
  });
  let control: JobControl | undefined;
  const atControl = started.promise.then(async () => {
    const { openJobControl } = await import('./jobs.ts');
    const onChanged = (host: string) => void watching.then(({ changed }) => changed(host));
    const onTrouble = (text: string) => screens.setState({ message: { text, tone: 'warning' } });
    control = openJobControl({ inventory, fleet, jobsPicture, onTrouble, onChanged });
    return control;
  });
  const othersPicture = createStore<OthersPicture>(() => ({ jobs: [] }));
  const atOthers = started.promise.then(async () => {
    const { openOthers } = await import('./others.ts');
    return openOthers(inventory, othersPicture);
  });
  const schedulesPicture = createStore<SchedulesPicture>(() => ({ views: [] }));
  let schedules: ScheduleControl | undefined;
  const atSchedules = started.promise.then(async () => {
    const { openScheduleControl } = await import('./schedules.ts');
    schedules = openScheduleControl(inventory, schedulesPicture);
    return schedules;
  });
  let isStarted = false;
  const services = {
    fleet,
    screens,
    courses,
    jobs: {
      store: jobsPicture,
      others: othersPicture,
      draft: (request: JobRequest, host: string) => control?.draft(request, host),
      draftSeed: async (request: SeedByName, signal: AbortSignal) => {
        const [{ open }, { draftSeedOf }] = await Promise.all([watching, import('./seed.ts')]);
        return draftSeedOf(request, {
          inventory,
          picture: fleet.getState(),
          open,
          signal,
          past: pastOf(jobsPicture.getState()),
        });
      },
      draftSalvage: async (host: string, signal: AbortSignal) => {
        const [{ open }, { draftSalvageOf }] = await Promise.all([watching, import('./salvage.ts')]);
        return draftSalvageOf(host, { inventory, picture: fleet.getState(), open, signal });
      },
      draftProof: async (host: string, choice: ProofChoice, signal: AbortSignal) => {
        const [{ open }, { draftProofOf }] = await Promise.all([watching, import('./proofs.ts')]);
        const past = pastOf(jobsPicture.getState());
        return draftProofOf(host, choice, { inventory, picture: fleet.getState(), open, signal, past });
      },
      launch: (draft: Draft) => control?.launch(draft) ?? stillStarting,
      abortWords: (job: JobRecord) => control?.abortWords(job) ?? stillStarting,
      abort: (id: number): Asked => control?.abort(id) ?? { ok: false, why: stillStarting },
      abortOther: async (view: JobView) => (await atOthers).abort(view),
      resume: (id: number): Asked => control?.resume(id) ?? { ok: false, why: stillStarting },
      takeOver: async (id: number, verb: TakeVerb, machine: string, onWait: (text: string) => void) =>
        (await atControl).takeOver(id, verb, machine, onWait),
      followLog: async (id: number | string) =>
        typeof id === 'number' ? (await atControl).followLog(id) : (await atOthers).followLog(id),
      readLog: async (id: number | string) =>
        typeof id === 'number' ? (await atControl).readLog(id) : (await atOthers).readLog(id),
    },
    schedules: {
      store: schedulesPicture,
      run: async (name: string) => (await atSchedules).run(name),
      switch: (name: string, on: boolean) => schedules?.switch(name, on) ?? stillStarting,
    },
    inventoryFile: inventory.file,
    operator: `${operatorName()}@${hostname()}`,
    nowMs: Date.now,
    refresh: () => void watching.then(({ refresh }) => refresh()),
    followLog: async (host: string) => (await watching).followLog(host),
    processes: async (host: string) => (await watching).processes(host),
    showed: (host: string, lines: readonly LogLine[]) => showed(fleet, host, lines),
    markSeen: (host: string) => {
      markSeen(fleet, host);
      return keepMarks(seen, marksOf(fleet.getState(), host));
    },
    keepColumns: (list: ColumnedList, names: readonly string[] | undefined) => keepColumns(process.env, list, names),
    page: async (text: string) => (await import('./pager.ts')).page(text, process.env),
  };
  return {
    services,
    start: () => {
      isStarted = true;
      started.resolve();
      return import('../operations/jobs/words/notice.ts').then(({ abandonedLines }) => abandonedLines());
    },
    /** Running jobs, which the console does not end. */
    running: () => jobsPicture.getState().jobs.filter(goesOn),
    stop: async () => {
      if (!isStarted) return;
      const [hosts, jobs, schedules, others] = await Promise.all([watching, atControl, atSchedules, atOthers]);
      jobs.stop();
      others.stop();
      await Promise.all([schedules.stop(), hosts.stop()]);
    },
  };
}

const pastOf = ({ jobs }: JobsPicture) => jobs.map(({ job }) => job);

/** An account without an entry in passwd(5) has no name, as in a container that runs under a bare uid. */
function operatorName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? '?');
  }
}
