// Asks the operator to agree. A grave plan needs the host's name, typed or given to --yes; Enter alone never agrees.

import { createInterface } from 'node:readline/promises';
import { exitCodes, exitWith, printFailure } from '../answer.ts';

/**
 * Refuses a `--yes` with another name before any host is asked: it was meant for another command. Sets the exit code.
 * Returns true if refused.
 */
export function refusedYes(
  { yes, json }: { readonly yes?: string | boolean; readonly json?: boolean },
  name: string,
): boolean {
  if (yes === undefined || yes === true || yes === name) return false;
  exitWith(exitCodes.refused);
  printFailure(json, {
    error: 'refused',
    message: `--yes=${yes} is not ${name}: nothing was done`,
    advice: `if that is meant: --yes=${name}`,
  });
  return true;
}

export interface PlanLine {
  readonly text: string;
  /** Printed even if the operator agreed in advance: in a log of cron's it is the only trace of what was lost. */
  readonly isToRead: boolean;
}

interface Question {
  /** What would break or be lost, a sentence each. Empty: the plan is not grave. */
  readonly sentences: readonly string[];
  /** The host's name. */
  readonly name: string;
  /** The value of --yes; true: it has no value. */
  readonly yes: string | boolean | undefined;
  /**
   * The plan. It is shown before the question, and also where there is no terminal. Left out: only the sentences are
   * shown, on a terminal.
   */
  readonly lines?: readonly PlanLine[];
  /**
   * Standard output is for one answer in JSON: a person sees the plan and the question on standard error; a refusal has
   * the sentences.
   */
  readonly json?: boolean | undefined;
}

type Disagreed = { readonly message: string; readonly advice: string };

/** Why the plan is not carried out; undefined: the operator agrees. */
export async function agreed(question: Question): Promise<Disagreed | undefined> {
  const { sentences, name, yes, lines, json } = question;
  const grave = sentences.length > 0;
  const output = json ? process.stderr : process.stdout;
  if (yes === name || (yes === true && !grave)) {
    const toRead = lines?.filter(({ isToRead }) => isToRead).map(({ text }) => text);
    for (const line of toRead ?? sentences) output.write(`${line}\n`);
    return undefined;
  }
  const isAsked = yes === undefined && process.stdin.isTTY && output.isTTY;
  const plan = lines?.map(({ text }) => text);
  const shown = isAsked ? (plan ?? sentences) : json ? [] : (plan ?? []);
  for (const line of shown) output.write(`${line}\n`);
  return isAsked ? await typed(name, grave, output) : untyped(question);
}

/** There is no terminal to ask on, or --yes has no value. */
function untyped({ sentences, name, yes }: Question): Disagreed {
  if (sentences.length === 0)
    return { message: 'nothing was done: it has to be agreed to', advice: 'to agree in advance: --yes' };
  const advice = `${yes === undefined ? 'to agree in advance' : 'if that is meant'}: --yes=${name}`;
  return { message: `${sentences.join('; ')}: nothing was done`, advice };
}

async function typed(name: string, grave: boolean, output: NodeJS.WritableStream): Promise<Disagreed | undefined> {
  const asked = createInterface({ input: process.stdin, output });
  const answer = await asked.question(grave ? `Type ${name} to go on: ` : 'Go on? (y) ').catch(() => '');
  asked.close();
  return answer.trim() === (grave ? name : 'y') ? undefined : { message: 'not agreed: nothing was done', advice: '' };
}
