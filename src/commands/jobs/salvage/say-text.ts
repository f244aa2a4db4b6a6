// --sql of a salvage: what mysqlbinlog makes of the transactions, printed as it comes.
import { once } from 'node:events';
import type { Result } from '../../../operations/result.ts';
import { streamLogText, type TextEnd } from '../../../operations/salvage/log-text.ts';
import { type LookRequest, logText } from '../../../operations/salvage/look.ts';
import type { Asking } from '../../../operations/seed/ask-host.ts';
import { bytesIn, shortSize } from '../../../text/amounts.ts';
import { cleanText } from '../../../text/clean.ts';
import { exitCodes, exitWith, printJson, printRefusal } from '../../answer.ts';

interface Options {
  readonly json?: boolean;
  readonly maxText?: string;
}

/** Of JSON, which is made in memory. */
const [jsonBytes, maxJsonBytes] = [2 * 1024 ** 2, 3 * 1024 ** 2];
/** A limit that no log reaches. */
const noLimitBytes = 1024 ** 5;

type While = <T>(work: (asking: Asking, clear: () => void) => Promise<Result<T>>) => Promise<Result<T> | undefined>;

export async function sayText(request: LookRequest, options: Options, whileAsking: While): Promise<void> {
  const asked = bytesIn(options.maxText ?? '');
  const maxBytes = options.json ? Math.min(asked ?? jsonBytes, maxJsonBytes) : (asked ?? noLimitBytes);
  const text = await whileAsking((asking, clear) =>
    options.json ? sayJson(request, maxBytes, asking) : streamLogText(request, maxBytes, asking, printer(clear)),
  );
  if (!text) return;
  if (!text.ok) return exitWith(printRefusal(options.json, text.refusal));
  const { torn, missing, bytes } = text.value;
  const { name } = request.from.host;
  if (torn !== undefined) process.stderr.write(`reseed: a log can not be read to its end: ${torn}\n`);
  else if (missing !== undefined)
    process.stderr.write(`reseed: these logs have nothing of ${missing}, which ${name} received\n`);
  else if (bytes >= maxBytes) {
    process.stderr.write(`reseed: this is the first ${shortSize(maxBytes)}: begin later, or use --max-text\n`);
  }
  exitWith(torn === undefined && missing === undefined ? exitCodes.done : exitCodes.failed);
}

async function sayJson(request: LookRequest, maxBytes: number, asking: Asking): Promise<Result<TextEnd>> {
  const found = await logText(request, maxBytes, asking);
  if (!found.ok) return found;
  const { text, torn, missing } = found.value;
  printJson('salvage-text', { host: request.from.host.name, text, torn: torn ?? null, missing: missing ?? '' });
  const { text: _text, ...told } = found.value;
  return { ok: true, value: { bytes: Buffer.byteLength(text), ...told } };
}

/** Waits for who reads it: a pager may do so slowly. */
function printer(clear: () => void): (text: string) => Promise<void> {
  let isFirst = true;
  return async (text) => {
    if (isFirst) clear();
    isFirst = false;
    if (!process.stdout.write(cleanText(text))) await once(process.stdout, 'drain');
  };
}
