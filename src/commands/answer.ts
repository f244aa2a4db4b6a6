// How a command answers: text or JSON on stdout, errors on stderr, and the exit codes that scripts rely on.
import { DrillFailure, type FailureKind } from '../drill/failure.ts';

export const exitCodes = { done: 0, failed: 1, usage: 2, refused: 3, unreachable: 4, interrupted: 130 } as const;

const codeOf: Record<FailureKind, number> = exitCodes;

/** Every --json answer names its version: it changes when a field goes or changes its meaning, not when one is added. */
export function printJson(kind: string, body: object): void {
  process.stdout.write(`${JSON.stringify({ kind, version: 1, ...body }, null, 2)}\n`);
}

export function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** A table of text with straight columns; the last column is not padded. */
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

/** Runs a command's work and sets the process's exit code. A failure is one line: what happened, and what to do. */
export async function answering(json: boolean, work: () => Promise<number | undefined>): Promise<void> {
  try {
    process.exitCode = (await work()) ?? exitCodes.done;
  } catch (error) {
    if (!(error instanceof DrillFailure)) throw error;
    process.exitCode = codeOf[error.kind];
    if (json) printJson('error', { error: error.kind, message: error.message, advice: error.advice });
    else process.stderr.write(`reseed: ${error.message}${error.advice ? `; ${error.advice}` : ''}\n`);
  }
}

/** The end of a verb's help. */
export const exampleText = (lines: readonly string[]) =>
  `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`;
