// Asks the operator. What is grave wants the host's name typed, or given to --yes; Enter alone never agrees to anything.
import { createInterface } from 'node:readline/promises';
import { exitCodes, printFailure, printLine } from '../answer.ts';

/**
 * Refuses a `--yes` that names something else, before any host is asked: it was meant for another command. Sets the exit code. True: it
 * was refused.
 */
export function refusedYes(
  { yes, json }: { readonly yes?: string | boolean; readonly json?: boolean },
  name: string,
): boolean {
  if (yes === undefined || yes === true || yes === name) return false;
  process.exitCode = exitCodes.refused;
  printFailure(json, {
    error: 'refused',
    message: `--yes=${yes} is not ${name}: nothing was done`,
    advice: `if that is meant: --yes=${name}`,
  });
  return true;
}

interface Question {
  /** What would break or be lost, a sentence each. None: it is not grave. */
  readonly sentences: readonly string[];
  /** The host's. */
  readonly name: string;
  /** What was given to --yes; true: it stood there alone. */
  readonly yes: string | boolean | undefined;
  /** Shown before a person is asked. */
  readonly lines?: readonly string[];
}

/** Why it is not to be done; undefined: the operator agrees. */
export async function agreed({
  sentences,
  name,
  yes,
  lines = sentences,
}: Question): Promise<{ readonly message: string; readonly advice: string } | undefined> {
  const grave = sentences.length > 0;
  if (yes === name || (yes === true && !grave)) return undefined;
  if (yes !== undefined) return { message: sentences.join('; '), advice: `if that is meant: --yes=${name}` };
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    const why = grave ? `${sentences.join('; ')}; nobody is here to be asked` : 'nobody is here to be asked';
    return { message: why, advice: `to agree in advance: --yes${grave ? `=${name}` : ''}` };
  }
  for (const line of lines) printLine(line);
  const asked = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await asked.question(grave ? `Type ${name} to go on: ` : 'Go on? (y) ').catch(() => '');
  asked.close();
  return answer.trim() === (grave ? name : 'y') ? undefined : { message: 'not agreed: nothing was done', advice: '' };
}
