// How a command answers: text or JSON on stdout, errors on stderr, and the exit codes that scripts rely on.
import { DrillFailure, type FailureKind } from '../drill/failure.ts';
import { eachRefusal, type Refusal, refusalText } from '../operations/result.ts';
import { about } from '../text/about.ts';
import { jsonText } from '../text/json.ts';
import { withIsoTimes } from './json-times.ts';

export const exitCodes = { done: 0, failed: 1, usage: 2, refused: 3, unreachable: 4, interrupted: 130 } as const;

const codeOf: Record<FailureKind, number> = exitCodes;

/** Sets this process's exit code, unless it is set again later. The only function that sets it. */
export function exitWith(code: number): void {
  process.exitCode = code;
}

/**
 * Every --json answer names its version. The version changes when a field is removed or changes its meaning, not when
 * one is added.
 */
export function printJson(kind: string, body: object): void {
  process.stdout.write(`${jsonText(withIsoTimes({ kind, version: 1, ...body }), 2)}\n`);
}

export interface Failure {
  /** The failure's kind, as --json gives it. */
  readonly error: string;
  readonly message: string;
  readonly advice: string;
  /** The host of the failure, where the message does not name it. */
  readonly host?: string;
}

/** Prints why a verb failed: one line on stderr, or JSON. The caller sets the exit code. */
export function printFailure(json: boolean | undefined, { error, message, advice, host }: Failure): void {
  const said = host === undefined ? message : about(host, message);
  if (json) printJson('error', { error, message, advice });
  else process.stderr.write(`reseed: ${said}${advice ? `; ${advice}` : ''}\n`);
}

/** Prints why an operation refused, with a line for each host that is a reason, or JSON. Returns the exit code for it. */
export function printRefusal(json: boolean | undefined, refusal: Refusal): number {
  const code = refusedCodes[refusal.kind];
  if (json) printFailure(json, { error: refusal.kind, message: refusalText(refusal), advice: refusal.advice });
  else for (const { kind, ...one } of eachRefusal(refusal)) printFailure(false, { error: kind, ...one });
  return code;
}

const refusedCodes: Readonly<Record<Refusal['kind'], number>> = {
  usage: exitCodes.usage,
  refused: exitCodes.refused,
  unreachable: exitCodes.unreachable,
  parse: exitCodes.failed,
  failed: exitCodes.failed,
};

export function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** A text table with straight columns; the last column is not padded. */
export function tableLines(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  return all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/**
 * Runs a command's work and sets the process's exit code. A failure is one line: what happened, and what to do. The
 * programs that the work runs handle the first Ctrl-C; the work ends with them and cleans up. The second ends this
 * process at once, unless `patient`: then the operator's own program runs, and may use Ctrl-C in its own way.
 */
export async function answering(json: boolean, work: () => Promise<number>, patient = false): Promise<void> {
  let interrupts = 0;
  const onInterrupt = () => {
    if (++interrupts > 1 && !patient) process.exit(exitCodes.interrupted);
  };
  process.on('SIGINT', onInterrupt);
  try {
    exitWith(await work());
  } catch (error) {
    if (!(error instanceof DrillFailure)) throw error;
    const { kind, message, advice } = interrupts > 0 ? interrupted : error;
    exitWith(codeOf[kind]);
    printFailure(json, { error: kind, message, advice });
  } finally {
    process.off('SIGINT', onInterrupt);
  }
}

const interrupted = {
  kind: 'interrupted',
  message: 'interrupted: nothing half made is left',
  advice: 'the same command goes on from here; reseed drill down removes what is up',
} as const;

/** The end of a verb's help. */
export const exampleText = (lines: readonly string[]) =>
  `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`;
