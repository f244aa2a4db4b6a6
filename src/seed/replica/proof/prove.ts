// The works that prove a server on copied data, before its first start and after it (proof.ts judges).
import type { Json } from '../../../job/plan.ts';
import { failed, notDone } from '../../../job/step-end.ts';
import type { StepEnd, StepTools } from '../../../job/step-work.ts';
import { readLook, serverLines } from '../../../service/look.ts';
import { cleanLine } from '../../../text/clean.ts';
import type { AttachTools } from '../input.ts';
import { fieldsOf } from '../source/origin.ts';
import { type Expected, proofOf, readStarted } from './proof.ts';

export async function proveFiles({ run, step, note }: StepTools): Promise<StepEnd> {
  const answer = await run('files');
  if (!answer.ok) return notDone(answer);
  const { troubles, unasked } = linesOf(answer.stdout);
  if (troubles.length > 0) return failed(`the server of ${step.host} was not started: ${troubles.join('; ')}`, advice);
  if (unasked !== undefined) note(`! where the server will look for its logs is not known yet: ${unasked}`);
  else note('redo, undo and binary logs: the server will read the new data, and nothing else');
  return { ok: true };
}

const advice = 'its old data is put back; in its option files, let these logs lie in the datadir';

/** What seed-proof.sh prints. */
function linesOf(text: string): { readonly troubles: readonly string[]; readonly unasked?: string } {
  const lines = text.split('\n');
  const after = (word: string) => lines.filter((line) => line.startsWith(word)).map((line) => line.slice(word.length));
  const [unasked] = after('asked no ');
  return { troubles: after('trouble '), ...(unasked !== undefined && { unasked }) };
}

export async function proveData(tools: AttachTools): Promise<StepEnd> {
  const { run, step, note } = tools;
  const looked = await run('look');
  if (!looked.ok) return { ...notDone(looked), advice: loginAdvice(step.host) };
  const started = readStarted(looked.stdout);
  if (!started) return failed(`the server of ${step.host} did not tell of itself`, 'see the log of the job');
  const read = await run('read', { stdin: started.variables });
  if (!read.ok) return notDone(read);
  // At once: later the lines of its start may be gone from what is read of its log. What can't be opened `open` tells itself.
  const log = await run('log');
  if (!log.ok) return notDone(log);
  const opened = step.commands.open ? await run('open') : undefined;
  if (opened && !opened.ok) return notDone(opened);
  const look = readLook(log.stdout);
  const { troubles, notes } = proofOf(started, expectedOf(tools), look ? serverLines(look) : []);
  const unopened = linesOf(opened?.stdout ?? '').troubles;
  const all = [...linesOf(read.stdout).troubles, ...unopened, ...troubles];
  if (all.length > 0) {
    const keys =
      unopened.length > 0
        ? '; look whether the donor can read these tables: one that it can not read either is to be mended or dropped there. Where they are encrypted, copy the keys of the donor first'
        : '';
    return failed(
      `${step.host} does not have what the snapshot had: ${all.join('; ')}`,
      `its old data is put back${keys}`,
    );
  }
  for (const one of notes) note(one);
  noteOpened(tools, opened?.stdout ?? '');
  return { ok: true };
}

function noteOpened({ step, note }: StepTools, text: string): void {
  const [, unproved] = /^unproved (.+)$/m.exec(text) ?? [];
  if (unproved !== undefined)
    note(`! whether ${step.host} can read all of its tables is not proved: ${cleanLine(unproved)}`);
  const [, count] = /^opened (\d+)$/m.exec(text) ?? [];
  if (count === undefined) return;
  note(`a row of each table could be read, with the keys of ${step.host}: ${count} tables and partitions`);
}

function expectedOf({ input, resultOf }: AttachTools): Expected {
  const { coordinatesOf, vendor, version, position } = input;
  const coordinates = fieldsOf(position === 'here' ? undefined : resultOf(coordinatesOf));
  return { vendor, version, ...gtidOf(coordinates, position), ...slaveGtidOf(coordinates), ...lsnOf(coordinates) };
}

type Fields = Readonly<Record<string, Json>>;
const gtidOf = ({ gtid }: Fields, position: string): Pick<Expected, 'gtid'> =>
  position === 'gtid' && typeof gtid === 'string' ? { gtid } : {};
const slaveGtidOf = ({ slaveGtid }: Fields): Pick<Expected, 'slaveGtid'> =>
  typeof slaveGtid === 'string' ? { slaveGtid } : {};
const lsnOf = ({ lsn }: Fields): Pick<Expected, 'lsn'> => (typeof lsn === 'string' ? { lsn: BigInt(lsn) } : {});

export const loginAdvice = (host: string) =>
  `the accounts on ${host} are those of the donor now: root@localhost, or what mysql.defaultsFile of ${host} names, has to log in`;
