// Opens the console on the terminal, and restores the terminal at its end: q, Ctrl-C, SIGTERM, SIGHUP, a closed
// terminal, a bug. Ink restores on signals only where no other code listens to them. We must disconnect from hosts
// then, so we do both ourselves.
import { type Instance, render } from 'ink';
import { App } from './App.tsx';
import { announceJobs } from './announce.ts';
import { asksBackground, backgroundIn, backgroundQuestion, guessedBackground } from './background.ts';
import type { Look } from './base/theme.ts';
import { KeyboardStream } from './mouse/keyboard.ts';
import type { MouseReport } from './mouse/reports.ts';
import type { MouseEvent, Services } from './services.ts';
import { clipboardSequence, leaveSequences, titleSequences } from './terminal.ts';

export { passphraseAsker } from './overlays/passphrase.ts';
export { createScreenStore, say } from './screen-store.ts';

export interface OpenOptions {
  readonly services: Omit<Services, 'quit' | 'copy' | 'onMouse'>;
  readonly look: Look;
  readonly title: string;
  /** Take the mouse from the terminal: the wheel scrolls, a click selects. */
  readonly mouse: boolean;
  readonly environment: NodeJS.ProcessEnv;
}

export interface OpenConsole {
  /** Settles when the first frame is on the terminal. */
  readonly drawn: Promise<void>;
  /** The exit code, once the terminal is restored. Rejects with the error of a bug. */
  readonly ended: Promise<number>;
}

const signals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** Standard input and output must be terminals. */
export function openOnTerminal({ services, look, title, mouse, environment }: OpenOptions): OpenConsole {
  const { stdin, stdout } = process;
  const titles = titleSequences(environment);
  const ended = Promise.withResolvers<number>();
  const write = (text: string) => {
    if (text !== '' && stdout.writable) stdout.write(text);
  };

  const listeners = new Set<(event: MouseEvent) => void>();
  const onReport = (report: MouseReport) => {
    for (const listen of listeners) listen({ ...report, atMs: performance.now() });
  };
  const onMouse: Services['onMouse'] = (listen) => {
    listeners.add(listen);
    return () => listeners.delete(listen);
  };
  const asks = asksBackground(look, environment);
  const guess = asks ? guessedBackground(environment) : undefined;
  let shown: Look = guess ? { ...look, background: guess } : look;
  const onAnswer = (answer: string) => {
    const background = backgroundIn(answer);
    if (!open || !asks || background === undefined || background === (shown.background ?? 'dark')) return;
    shown = { ...look, background };
    instance?.rerender(app());
  };
  // For a screen reader the mouse stays the terminal's. Ink reads only what a readable stream has, and raw mode.
  const terminal = { input: stdin, write, mouse, onReport, question: asks ? backgroundQuestion : undefined, onAnswer };
  const keyboard =
    (mouse || asks) && !look.linear ? (new KeyboardStream(terminal) as unknown as NodeJS.ReadStream) : stdin;

  // An error of the first frame comes before it is there.
  let instance: Instance | undefined;
  let open = true;
  const restore = () => {
    if (!open) return false;
    open = false;
    silence();
    instance?.unmount();
    write(titles.restore + leaveSequences[look.linear ? 'linear' : 'screen']);
    // Ink does it in a microtask: too late where the process ends now.
    if (stdin.isTTY) stdin.setRawMode(false);
    return true;
  };
  const leave = (exitCode: number) => {
    if (restore()) ended.resolve(exitCode);
  };
  const crash = (error: unknown) => {
    if (restore()) ended.reject(error);
  };

  for (const [signal, exitCode] of Object.entries(signals)) process.on(signal, () => leave(exitCode));
  // When the terminal is gone, reads end or fail with EIO, and writes fail.
  for (const event of ['end', 'close', 'error']) stdin.on(event, () => leave(signals.SIGHUP));
  stdout.on('error', () => leave(signals.SIGHUP));
  process.on('uncaughtException', crash);

  write(titles.keep);
  const { replay } = services;
  // What ended then rings no bell now.
  const silence = replay
    ? () => undefined
    : announceJobs({
        store: services.jobs.store,
        title,
        quietTitle: look.linear,
        environment,
        write,
      });
  if (replay) write(titles.set(title));
  const served: Services = {
    ...services,
    quit: leave,
    onMouse,
    copy: (text) => copied(text, environment, write),
  };
  const app = () => <App look={shown} services={served} />;
  instance = render(app(), {
    stdin: keyboard,
    stdout,
    exitOnCtrlC: false,
    // CI=true in the environment does not change that this is a terminal.
    interactive: true,
    alternateScreen: !look.linear,
    incrementalRendering: !look.linear,
    isScreenReaderEnabled: look.linear,
    maxFps: 60,
  });
  instance.waitUntilExit().then(() => leave(0), crash);
  return { drawn: instance.waitUntilRenderFlush(), ended: ended.promise };
}

function copied(text: string, environment: NodeJS.ProcessEnv, write: (text: string) => void): string {
  const sequence = clipboardSequence(text, environment);
  if (sequence === undefined) return 'that is too long for the clipboard of a terminal';
  write(sequence);
  const lines = text.split('\n').length;
  return `copied, where the terminal takes it (OSC 52): ${lines > 1 ? `${lines} lines` : text}`;
}
