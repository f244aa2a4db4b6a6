// The evidence of proofs of restore, for auditors: what the journal has of each, as data and as Markdown. Pure.
import { type JobRecord, type StepRecord, workedMs } from '../job/journal/record.ts';
import { type JobStep, stepOf } from '../job/steps-of.ts';
import { whoLine } from '../job/who.ts';
import { jobBadges } from '../job/words/badges.ts';
import { copyData } from '../seed/transfer/steps/copy-data.ts';
import { takeSnapshot } from '../snapshot/take-snapshot.ts';
import { shortDuration, shortSize } from '../text/amounts.ts';
import { markdownTable, shown } from '../text/markdown.ts';
import { stepDuration, twoPartDuration, utcText } from '../text/times.ts';
import { provedIn } from './last-proof.ts';
import { makeCopy } from './make-copy.ts';
import { proveRestore } from './prove.ts';
import { type Proved, tookMs } from './told.ts';

export interface ProofEvidence {
  readonly host: string;
  readonly job: { readonly id: number; readonly key: string };
  /** `ops@jump1, schedule nightly` */
  readonly by: string;
  /** `proved`, or the state of its job in words: failed, aborted, running, ... */
  readonly result: string;
  /** Why it proved nothing. */
  readonly error?: string;
  readonly createdMs: number;
  readonly endedMs?: number;
  /** `vg0/reseed-9f3a4c21-20261122T193047Z` */
  readonly snapshot: string;
  /** When that was taken; absent: unknown. */
  readonly takenMs?: number;
  /** How long each part took, in milliseconds, in their order: the snapshot and its copy too, if they were made. */
  readonly parts: readonly { readonly name: string; readonly ms: number }[];
  readonly proved?: Proved;
}

/** Of a job of a proof. */
export function evidenceOf(job: JobRecord): ProofEvidence {
  const { id, key, plan, who, createdMs, endedMs, error, state } = job;
  const taking = stepOf(job, takeSnapshot);
  const { input } = stepOf(job, proveRestore)?.planned ?? {};
  const proved = provedIn(job);
  const takenMs = typeof input?.taken === 'number' ? input.taken * 1000 : takenAt(taking?.record);
  return {
    host: plan.hosts[0] ?? '',
    job: { id, key },
    by: whoLine(who),
    // The mark, or the release of the copy, may have failed after it.
    result: proved ? 'proved' : jobBadges[state].word,
    ...(error !== undefined && { error }),
    createdMs,
    ...(endedMs !== undefined && { endedMs }),
    snapshot: typeof input?.snapshot === 'string' ? input.snapshot : '?',
    ...(takenMs !== undefined && { takenMs }),
    parts: [
      ...partOf('snapshot', taking),
      ...partOf('copy', stepOf(job, makeCopy)),
      ...partOf('copy over the network', stepOf(job, copyData)),
      ...(proved?.parts ?? []),
    ],
    ...(proved && { proved }),
  };
}

const takenAt = (record: StepRecord | undefined) => (record?.state === 'done' ? record.endedMs : undefined);

function partOf(name: string, step: JobStep | undefined): ProofEvidence['parts'] {
  const ms = step?.record.state === 'done' ? workedMs(step.record, false, 0) : undefined;
  return ms === undefined ? [] : [{ name, ms }];
}

interface Report {
  readonly sinceMs: number;
  readonly nowMs: number;
  /** `ops@jump1`: whose journal it is. */
  readonly journal: string;
  /** Hosts without a proof are named. */
  readonly hosts: readonly string[];
  /** The newest first. */
  readonly proofs: readonly ProofEvidence[];
}

export function reportLines({ sinceMs, nowMs, journal, hosts, proofs }: Report): readonly string[] {
  const proved = proofs.filter((one) => one.proved).length;
  const without = hosts.filter((host) => !proofs.some((one) => one.host === host && one.proved));
  return [
    '# Proof of restore',
    '',
    `From ${utcText(sinceMs)} to ${utcText(nowMs)}, by the journal of ${shown(journal)}: ${proofs.length} ${proofs.length === 1 ? 'proof' : 'proofs'}, ${proved} of them proved.`,
    ...(without.length > 0 ? ['', `No restore was proved of: ${without.map(shown).join(', ')}.`] : []),
    ...(proofs.length > 0 ? ['', ...summaryTable(proofs)] : []),
    ...proofs.flatMap((one) => ['', ...oneProof(one)]),
  ];
}

function summaryTable(proofs: readonly ProofEvidence[]): string[] {
  const rows = proofs.map(({ host, createdMs, result, snapshot, proved, job }) => [
    host,
    utcText(proved?.atMs ?? createdMs),
    result,
    proved ? twoPartDuration(tookMs(proved)) : '',
    snapshot,
    proved ? `${proved.tables.checked} of ${proved.tables.all}` : '',
    proved ? String(proved.rows) : '',
    String(job.id),
  ]);
  return markdownTable(['host', 'when', 'result', 'restore took', 'snapshot', 'tables checked', 'rows', 'job'], rows);
}

function oneProof(one: ProofEvidence): string[] {
  const { host, job, by, result, error, createdMs, endedMs, snapshot, takenMs, parts, proved } = one;
  const rows = [
    ['asked for by', by],
    ['began', utcText(createdMs)],
    ...(endedMs === undefined ? [] : [['ended', utcText(endedMs)]]),
    ['snapshot', `${snapshot}${takenMs === undefined ? '' : `, taken ${utcText(takenMs)}`}`],
    ...(error === undefined ? [] : [['why', error]]),
    ...parts.map(({ name, ms }) => [name, stepDuration(ms)]),
    ...(proved ? provedRows(proved, takenMs) : []),
  ];
  return [`## ${shown(host)}, job ${job.id} (${job.key}): ${result}`, '', ...markdownTable(['', ''], rows)];
}

function provedRows(
  { version, tables, bytes, rows, unable, odd, newest, on }: Proved,
  takenMs: number | undefined,
): string[][] {
  return [
    ...(on === undefined ? [] : [['restored on', on]]),
    ['server', version],
    [
      'CHECK TABLE',
      `${tables.checked} of ${tables.all} tables, ${shortSize(bytes.checked)} of ${shortSize(bytes.all)}: whole`,
    ],
    ...(unable > 0 ? [['without a check', `${unable} of them, by their engine`]] : []),
    ...(odd > 0 ? [['left out', `${odd} tables, for their names`]] : []),
    ['rows counted', String(rows)],
    ...newest.map(({ column, seconds }) => [`newest ${column}`, newestText(seconds, takenMs)]),
  ];
}

function newestText(seconds: number | null, takenMs: number | undefined): string {
  if (seconds === null) return 'no row';
  const ms = seconds * 1000;
  const age =
    takenMs === undefined
      ? ''
      : `, ${shortDuration(Math.abs(takenMs - ms))} ${ms <= takenMs ? 'before' : 'after'} the snapshot`;
  return `${utcText(ms)}${age}`;
}
