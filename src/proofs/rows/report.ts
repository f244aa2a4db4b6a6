// The evidence of proofs of rows, for auditors: what the journal has of each, as data and as Markdown. Pure.
import type { JobRecord } from '../../job/journal/record.ts';
import { stepOf } from '../../job/steps-of.ts';
import { whoLine } from '../../job/who.ts';
import { jobBadges } from '../../job/words/badges.ts';
import { markdownTable, shown } from '../../text/markdown.ts';
import { utcText } from '../../text/times.ts';
import { rowsIn } from './last-rows.ts';
import { comparedIn } from './ledger.ts';
import { listTables } from './list-tables.ts';
import { type Compared, countsText, type Found, foundText, readText } from './result.ts';
import type { ListedTables } from './tables.ts';

export interface RowEvidence {
  readonly host: string;
  readonly source: string;
  readonly job: { readonly id: number; readonly key: string };
  readonly by: string;
  /** `equal`, `part` (some was not compared), `different`, or the state of its job in words. */
  readonly result: string;
  readonly error?: string;
  readonly createdMs: number;
  readonly endedMs?: number;
  readonly tables?: ListedTables;
  /** Of one that did not come to its end what it had compared until then; absent: nothing. */
  readonly compared?: Compared;
}

/** Of a job of a proof of rows. */
export function rowEvidenceOf(job: JobRecord): RowEvidence {
  const { id, key, plan, who, createdMs, endedMs, error, state } = job;
  const [tables, compared] = [stepOf(job, listTables)?.result, comparedIn(job)];
  return {
    host: plan.hosts[0] ?? '',
    source: plan.hosts[1] ?? '',
    job: { id, key },
    by: whoLine(who),
    result: rowsIn(job)?.result ?? jobBadges[state].word,
    ...(error !== undefined && { error }),
    createdMs,
    ...(endedMs !== undefined && { endedMs }),
    ...(tables && { tables }),
    ...(compared && { compared }),
  };
}

const resultWords: Readonly<Record<string, string>> = { part: 'equal, but for what was not compared' };

/** Empty: there is none. `proofs`: the newest first. */
export function rowReportLines(proofs: readonly RowEvidence[]): readonly string[] {
  if (proofs.length === 0) return [];
  const rows = proofs.map(({ host, source, createdMs, compared, result, job }) => [
    host,
    source,
    utcText(compared?.atMs ?? createdMs),
    resultWords[result] ?? result,
    compared ? countsText(compared) : '',
    String(job.id),
  ]);
  return [
    '',
    '# Proof of rows',
    '',
    ...markdownTable(['replica', 'source', 'when', 'result', 'compared', 'job'], rows),
    ...proofs.flatMap((one) => ['', ...oneProof(one)]),
  ];
}

function oneProof({
  host,
  source,
  job,
  by,
  result,
  error,
  createdMs,
  endedMs,
  tables,
  compared,
}: RowEvidence): string[] {
  const rows = [
    ['asked for by', by],
    ['source', source],
    ['began', utcText(createdMs)],
    ...(endedMs === undefined ? [] : [['ended', utcText(endedMs)]]),
    ...(error === undefined ? [] : [['why', error]]),
    ...(compared ? comparedRows(compared, source, host) : []),
    ...(tables ? tableRows(tables) : []),
  ];
  const word = resultWords[result] ?? result;
  return [`## ${shown(host)}, job ${job.id} (${job.key}): ${word}`, '', ...markdownTable(['', ''], rows)];
}

const linesOf = (name: string, list: readonly Found[], more: number): string[][] => [
  ...list.map((one) => [name, foundText(one)]),
  ...(more > 0 ? [[name, `${more} more`]] : []),
];

const comparedRows = (compared: Compared, source: string, host: string): string[][] => [
  ['compared', countsText(compared)],
  ['time', readText(compared, source, host)],
  ['position of the source, first range', compared.firstGtid],
  ['position of the source, last range', compared.lastGtid],
  ...linesOf('different', compared.differences, compared.differencesMore),
  ...linesOf('not compared', compared.notCompared, compared.notComparedMore),
];

const tableRows = ({ missing, notCompared, leftOut }: ListedTables): string[][] => [
  ...linesOf('different', missing, 0),
  ...linesOf('not compared', notCompared, 0),
  ...linesOf('not replicated', leftOut, 0),
];
