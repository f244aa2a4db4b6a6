// Asks the operator. What is grave wants the host's name typed, or given to --yes; Enter alone never agrees to anything.

import { createInterface } from 'node:readline/promises';
import { unicodeSigns } from '../../text/badge.ts';
import { exitCodes, exitWith, printFailure } from '../answer.ts';

/**
 * Refuses a `--yes` that names something else, before any host is asked: it was meant for another command. Sets the exit code. True: it
 * was refused.
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

interface Question {
  /** What would break or be lost, a sentence each. None: it is not grave. */
  readonly sentences: readonly string[];
  /** The host's. */
  readonly name: string;
  /** What was given to --yes; true: it stood there alone. */
  readonly yes: string | boolean | undefined;
  /** The plan: shown before a person is asked, and where there is none to ask. Left out: the sentences, to a person alone. */
  readonly lines?: readonly string[];
  /** Standard output is for one answer in JSON: a person is shown the plan, and asked, on standard error; the refusal has the sentences. */
  readonly json?: boolean | undefined;
}

/** What of a plan is read by one who agreed in advance, too: in a log of cron's it is the only trace of what was lost. */
const { warning, unknown, bad } = unicodeSigns;
const isToRead = (line: string) => [warning, unknown, bad].some((sign) => line.startsWith(`${sign} `));

type Disagreed = { readonly message: string; readonly advice: string };

/** Why it is not to be done; undefined: the operator agrees. */
export async function agreed(question: Question): Promise<Disagreed | undefined> {
  const { sentences, name, yes, lines, json } = question;
  const grave = sentences.length > 0;
  const output = json ? process.stderr : process.stdout;
  if (yes === name || (yes === true && !grave)) {
    for (const line of lines?.filter((one) => isToRead(one)) ?? sentences) output.write(`${line}\n`);
    return undefined;
  }
  const isAsked = yes === undefined && process.stdin.isTTY && output.isTTY;
  const shown = isAsked ? (lines ?? sentences) : json ? [] : (lines ?? []);
  for (const line of shown) output.write(`${line}\n`);
  return isAsked ? await typed(name, grave, output) : untyped(question);
}

/** There is no terminal to ask on, or --yes stood there alone. */
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
