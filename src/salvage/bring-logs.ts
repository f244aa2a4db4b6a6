// Brings the parts of logs that hold the named transactions into a folder of the job, through this machine: in pieces, each with its checksum. What lies there
// already is not brought again.
import { z } from 'zod';
import { defineStep, noResult, type StepEnd, type StepTools } from '../job/plan/step-work.ts';
import { failed, notDone } from '../job/runner/step-end.ts';
import { readLogWords, takeLogWords, takenLogWords } from '../scripts/salvage-words.ts';
import { shortSize } from '../text/amounts.ts';
import type { SalvageJob } from './job.ts';
import type { Part } from './tail.ts';

const deadlineMs = 120_000;
/** Before base64; the answer of a host has at most 4 MiB. */
const pieceBytes = 1_500_000;

const part = z.strictObject({ at: z.number(), end: z.number() });
const input = z.strictObject({ logs: z.array(z.array(part)) });

export const bringLogs = defineStep({
  kind: 'bring-logs',
  input,
  result: noResult,
  plan: ({ job, from, to, logs }: SalvageJob) => {
    const on = (script: 'salvage-take', args: string[]) => ({ host: to.name, script, args, deadlineMs });
    return {
      name: 'bring the logs',
      title: `bring the logs from ${from.name} to ${to.name}`,
      host: to.name,
      input: { logs: logs.map(({ parts }) => [...parts]) },
      commands: {
        make: on('salvage-take', takeLogWords(job, to.datadir)),
        read: {
          host: from.name,
          script: 'salvage-read',
          args: readLogWords(
            from.datadir,
            logs.map(({ path }) => path),
          ),
          deadlineMs,
        },
        write: on('salvage-take', takenLogWords('write', job)),
        remove: on('salvage-take', takenLogWords('remove', job)),
      },
      acquires: { what: `the logs of ${from.name} on ${to.name}`, release: 'remove', whenDone: 'release' },
    };
  },
  run: bring,
});

interface Piece extends Part {
  readonly log: number;
  /** Where it lies in the log on the target. */
  readonly offset: number;
}

function piecesOf(logs: readonly (readonly Part[])[]): Piece[] {
  return logs.flatMap((parts, log) => {
    let offset = 0;
    return parts.flatMap((each) => {
      const pieces: Piece[] = [];
      for (let at = each.at; at < each.end; at += pieceBytes) {
        const end = Math.min(at + pieceBytes, each.end);
        pieces.push({ log, offset, at, end });
        offset += end - at;
      }
      return pieces;
    });
  });
}

async function bring(tools: StepTools<z.infer<typeof input>>): Promise<StepEnd> {
  const { run, progress, signal, input: planned } = tools;
  const made = await run('make');
  if (!made.ok) return notDone(made);
  const there = sizesIn(made.stdout);
  const pieces = piecesOf(planned.logs);
  const totalBytes = pieces.reduce((sum, { at, end }) => sum + end - at, 0);
  let doneBytes = 0;
  for (const piece of pieces) {
    if (signal.aborted) return failed('it was aborted');
    const bytes = piece.end - piece.at;
    if ((there.get(piece.log) ?? 0) < piece.offset + bytes) {
      const sent = await bringPiece(tools, piece);
      if (!sent.ok) return sent;
    }
    doneBytes += bytes;
    progress(
      { text: `${shortSize(doneBytes)} of ${shortSize(totalBytes)}`, doneBytes, totalBytes },
      doneBytes === totalBytes,
    );
  }
  return { ok: true };
}

async function bringPiece({ run, step }: Pick<StepTools, 'run' | 'step'>, piece: Piece): Promise<StepEnd> {
  const { log, at, end, offset } = piece;
  const read = await run('read', { stdin: `${log} ${at} ${end - at}\n`, again: true });
  if (!read.ok) return notDone(read);
  const [sum = '', data = ''] = read.stdout.split('\n');
  const from = step.commands.read?.host ?? '';
  if (!/^\d{1,10} \d{1,9}$/.test(sum) || !/^[A-Za-z0-9+/]+={0,2}$/.test(data)) {
    return failed(`${from} did not send a part of its log, or not in the form of its script`);
  }
  if (sum.split(' ')[1] !== String(end - at)) {
    return failed(`${from} has fewer bytes of its log than when it was planned: log ${log}, from ${at} to ${end}`);
  }
  const written = await run('write', { stdin: `${log} ${offset} ${sum}\n${data}\n`, again: true });
  return written.ok ? { ok: true } : notDone(written);
}

/** Bytes by the number of the log. */
function sizesIn(text: string): ReadonlyMap<number, number> {
  const rows = text.split('\n').flatMap((line) => {
    const [, log, bytes] = /^(\d{1,6}) (\d{1,15})$/.exec(line) ?? [];
    return log === undefined ? [] : [[Number(log), Number(bytes)] as const];
  });
  return new Map(rows);
}
