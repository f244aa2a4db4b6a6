// Starts a server on the copy of a snapshot, and reads its tables: by a unit there, which outlives a runner. Its result is what it proved.
import { z } from 'zod';
import { present } from '../host/known.ts';
import type { Host } from '../inventory/settings.ts';
import { workedMs } from '../job/journal/record.ts';
import { defineStep, type StepEnd, type StepTools } from '../job/plan/step-work.ts';
import { failed } from '../job/runner/step-end.ts';
import { stepOf } from '../job/steps-of.ts';
import { startAnew } from '../job/unit/start-anew.ts';
import { unitCommands } from '../job/unit/unit-commands.ts';
import { linesOf, untilEnded } from '../job/unit/watch-unit.ts';
import { copyDevice, proofWords } from '../scripts/proof-words.ts';
import { copyData } from '../seed/transfer/steps/copy-data.ts';
import { type GuardedSnapshot, guardCommands, isGuarded, whileGuarded } from '../snapshot/guard.ts';
import { nameOf, snapshotCommand } from '../snapshot/snapshot-commands.ts';
import { shortSize } from '../text/amounts.ts';
import { cleanLine } from '../text/clean.ts';
import { dayText, stepDuration } from '../text/times.ts';
import type { ProofRequest } from './request.ts';
import { type Proved, provedBy, readProved } from './told.ts';

/** proof.sh ends with it where it saw damage; all else says nothing of the snapshot. */
const damageSeen = 5;

const input = z.strictObject({
  snapshot: z.string(),
  columns: z.array(z.string()),
  /** When the snapshot was taken, in seconds since 1970 by the host's clock; absent: in this job, or unknown. */
  taken: z.number().optional(),
  /** The host that it was copied to; absent: it is read where it is. */
  on: z.string().optional(),
});

interface ProveWish extends Pick<ProofRequest, 'job'> {
  readonly host: Host;
  /** The host where its data was copied to, into the folder of the job in that datadir; absent: the host itself, by a writable copy. */
  readonly on?: { readonly host: Host; readonly datadir: string };
  readonly vendor: 'mysql' | 'mariadb';
  readonly program: string | undefined;
  readonly datadir: string;
  readonly owner: string;
  readonly options: readonly string[];
  readonly check: number;
  readonly limitMs: number;
  /** The room of the copy; absent: it is thin. */
  readonly bytes: number | undefined;
  /** The thin pool that the copy is in; absent: it is not thin. */
  readonly pool: string | undefined;
  readonly guarded: GuardedSnapshot;
  /** When the snapshot was taken, in seconds since 1970; absent: by this job, or unknown. */
  readonly taken?: number | undefined;
}

export const proveRestore = defineStep({
  ...provedBy,
  input,
  plan: ({ host, on, job, bytes, pool, guarded, limitMs, check, taken, ...words }: ProveWish) => {
    const newest = host.proof?.newest ?? [];
    const { name } = on?.host ?? host;
    const unit = unitCommands({
      host: name,
      job,
      role: 'proof',
      background: true,
      script: 'proof',
      args: proofWords({
        job,
        device: on ? '' : copyDevice({ group: guarded.group, job, isThin: pool !== undefined }),
        stage: on?.datadir ?? '',
        pool: pool === undefined ? '' : `${guarded.group}/${pool}`,
        ...words,
        check,
        draw: Number.parseInt(job, 16) || 1,
        newest,
        seconds: Math.ceil(limitMs / 1000),
      }),
    });
    return {
      name: 'prove',
      title: `start a server on it${on ? ` on ${name}` : ''}, without a network and beside that of ${name}; wait for its recovery, CHECK TABLE ${check === 100 ? 'of all tables' : `of tables with ${check} % of the bytes`}, count their rows${newest.length > 0 ? `, find the newest row by ${newest.join(', ')}` : ''}`,
      host: name,
      input: {
        snapshot: nameOf(guarded),
        columns: [...newest],
        ...(taken !== undefined && { taken }),
        ...(on && { on: name }),
      },
      commands: {
        ...unit,
        ...(!on && {
          copy: snapshotCommand({ host, snapshot: guarded }, 'copy', { job, bytes }),
          ...guardCommands(host.name, guarded),
        }),
        // One that is taken for it has no earlier mark.
        ...(guarded.job === '' && { unmark: snapshotCommand({ host, snapshot: guarded }, 'restores', {}) }),
      },
      acquires: {
        what: `the server that reads the copy on ${name} (unit reseed-${job}-proof)`,
        release: 'end',
        whenDone: 'release',
      },
    };
  },
  run: prove,
});

type ProveTools = StepTools<z.infer<typeof input>>;

async function prove(tools: ProveTools): Promise<StepEnd<Proved>> {
  let proved: Proved | undefined;
  const read = async (reading: ProveTools): Promise<StepEnd> => {
    const told = await toldByUnit(reading);
    if (told.ok) proved = told.result;
    return told.ok ? { ok: true } : told;
  };
  // A copy on another host needs the snapshot no more.
  const end = isGuarded(tools.step)
    ? await whileGuarded(tools, read, { nowMs: Date.now, everyMs: 10_000 })
    : await read(tools);
  if (!end.ok) return end;
  if (!proved) return failed('nothing was proved');
  noteProved(tools, proved);
  return { ok: true, result: proved };
}

async function toldByUnit(tools: ProveTools) {
  const { step, input, progress } = tools;
  const unstarted = await begun(tools);
  if (unstarted) return unstarted;
  const ended = await untilEnded(tools, {
    key: 'poll',
    everyMs: 1000,
    onReport: (unit) => {
      if (unit.state.kind === 'running') progress({ text: unit.progress || 'begun' });
    },
    silent: `${step.host} has not answered`,
    advice: 'resume the job when it is back; until then nothing is proved',
  });
  if (!ended.ok) return ended;
  const { state } = ended;
  const lines = linesOf(ended).map(cleanLine);
  if (state.kind === 'absent')
    return failed(`${step.host} was restarted meanwhile: nothing is proved`, 'prove it again');
  const told = state.kind === 'ended' && state.code === 0 ? readProved(lines) : undefined;
  noteLimits(tools, lines);
  const lacking = input.columns.find((column) => !told?.newest.some((one) => one.column === column));
  if (told && lacking === undefined) {
    return { ok: true, result: { ...told, snapshot: input.snapshot, ...whereProved(tools) } } as const;
  }
  if (state.kind === 'ended' && state.code === damageSeen && step.commands.unmark) {
    const answer = await tools.run('unmark', { stdin: 'no\n' });
    if (!answer.ok) tools.note(`! an earlier mark of a proof could not be removed: ${answer.message}`);
  }
  const why =
    state.kind === 'ended'
      ? // The reason is its last line; before it are some of the server's log.
        lines
          .slice(-3)
          .filter((line) => !/^(part|server|tables|bytes|rows|limits|at) /.test(line))
          .toReversed()
      : [`its unit ${state.kind}`];
  return failed(`${input.snapshot} is not proved: ${why.join('; ') || 'it did not say why'}`, 'see the log of the job');
}

/** On another host the copy over the network is a part of the restore. */
function whereProved({ input: { on }, record }: ProveTools): Pick<Proved, 'on' | 'copyMs'> {
  if (on === undefined) return {};
  const copied = stepOf(record(), copyData)?.record;
  return { on, ...present('copyMs', copied && workedMs(copied, false, 0)) };
}

/** On a copy that a server has recovered already, its recovery would not be the one of the snapshot. */
function begun(tools: ProveTools) {
  const { name: own } = tools.step;
  const isAgain = tools.record().steps.some(({ name, spentMs }) => name === own && spentMs !== undefined);
  // What was copied to another host can't be made anew here: proof.sh refuses data that a server ran on.
  return startAnew(tools, { readsEnded: true, prepare: isAgain && tools.step.commands.copy ? ['copy'] : [] });
}

function noteLimits({ note }: ProveTools, lines: readonly string[]): void {
  for (const line of lines) {
    const [, why] = /^limits no (.+)$/.exec(line) ?? [];
    if (why !== undefined) note(`! it ran without limits for memory and CPU of its own: ${why}`);
  }
}

function noteProved({ note, progress }: ProveTools, proved: Proved): void {
  const { parts, tables, rows, bytes, unable, odd, newest, version, on, copyMs } = proved;
  const took = new Map(parts.map(({ name, ms }) => [name, stepDuration(ms)]));
  const ofAll =
    tables.checked === tables.all
      ? ''
      : ` of ${tables.all}, with ${shortSize(bytes.checked)} of ${shortSize(bytes.all)}`;
  if (copyMs !== undefined) note(`copied to ${on} in ${stepDuration(copyMs)}`);
  note(`${version} recovered in ${took.get('recovery')}`);
  note(`CHECK TABLE: ${tables.checked} tables${ofAll} are whole (${took.get('check')})`);
  if (unable > 0) note(`! ${unable} of them have an engine without a check`);
  if (odd > 0) note(`! ${odd} tables were left out: their names have characters that can't be printed, or a backslash`);
  note(`${rows} rows counted in them (${took.get('count')})`);
  for (const { column, seconds } of newest) {
    note(`newest ${column}: ${seconds === null ? 'no row' : dayText(new Date(seconds * 1000))}`);
  }
  progress({ text: `${tables.checked} tables whole, ${rows} rows` }, true);
}
