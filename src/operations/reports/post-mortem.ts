// What happened in a job, for those who were not there: times, who asked for it, what was at stake, its steps, its
// course, what it ran, and how it ended. Pure.
import {
  type CommandRecord,
  hasBegun,
  isOver,
  type JobRecord,
  type StepRecord,
  type StepSample,
  workedMs,
} from '../../job/journal/record.ts';
import { lanesOf } from '../../job/lanes.ts';
import { type Carried, standsStill } from '../../job/lease/runner-state.ts';
import { everyStep, type PlannedStep } from '../../job/plan/plan.ts';
import { whoLine } from '../../job/who.ts';
import { jobBadge, resourceBadge, stepBadge } from '../../job/words/badges.ts';
import { troubleWords } from '../../job/words/progress-words.ts';
import { shownWord } from '../../remote/call/quote.ts';
import { shortSize } from '../../text/amounts.ts';
import { badgeText } from '../../text/badge.ts';
import { exactDuration, stepDuration, twoPartDuration, utcText } from '../../text/times.ts';
import { doneWords } from '../jobs/words/done-words.ts';
import { endSentences } from '../jobs/words/end-words.ts';
import { courseOf } from './course.ts';
import type { Block, Document } from './document.ts';

export interface Told {
  readonly carried: Carried;
  /** In the order in which they ran. */
  readonly commands: readonly CommandRecord[];
  readonly samples: readonly StepSample[];
  /** What its journal can't tell. */
  readonly untold: readonly string[];
  /** Its log. */
  readonly log: string;
  readonly nowMs: number;
}

export function postMortem(job: JobRecord, told: Told): Document {
  const { carried, commands, samples, untold, nowMs } = told;
  const { destroys } = job.plan;
  return {
    title: `Job ${job.id}: ${job.plan.title}`,
    blocks: [
      { kind: 'text', text: `${badgeText(jobBadge(job, carried))}${lengthText(job)}` },
      ...section('What happened', [
        ...(job.error ? [job.error] : []),
        ...doneWords(job),
        ...endSentences(job, commands),
        ...untold,
      ]),
      { kind: 'heading', text: 'The job' },
      { kind: 'table', header: ['', ''], rows: factsOf(job, told) },
      ...section('What was to be lost for good', destroys.length > 0 ? destroys : ['nothing, by its plan']),
      { kind: 'heading', text: 'Steps' },
      {
        kind: 'table',
        header: ['', 'step', 'began', 'took', 'data', 'what was told'],
        rows: stepRows(job, carried, nowMs),
      },
      ...courseBlocks(job, samples),
      ...resourceBlocks(job, carried),
      { kind: 'heading', text: 'Commands' },
      commandTable(job, commands),
    ],
  };
}

const section = (heading: string, items: readonly string[]): readonly Block[] =>
  items.length === 0
    ? []
    : [
        { kind: 'heading', text: heading },
        { kind: 'list', items },
      ];

function lengthText({ createdMs, endedMs }: JobRecord): string {
  return endedMs === undefined ? '' : ` after ${twoPartDuration(endedMs - createdMs)}`;
}

function factsOf(job: JobRecord, { log, nowMs }: Told): string[][] {
  const { id, key, who, createdMs, startedMs, endedMs, idleMs, frozen, plan, abortRequested } = job;
  const lanes = lanesOf(plan);
  const build = frozen ? [['planned by', `reseed ${frozen.build}`]] : [];
  return [
    ['number and key', `${id}, marked ${key} on its hosts`],
    ['asked for by', whoLine(who)],
    ['agreed to', utcText(createdMs)],
    ...(startedMs === undefined ? [] : [['begun', utcText(startedMs)]]),
    ['ended', endedMs === undefined ? `not yet, at ${utcText(nowMs)}` : utcText(endedMs)],
    ...(idleMs === undefined ? [] : [['without a runner', twoPartDuration(idleMs)]]),
    ...(abortRequested ? [['abort', 'was asked for']] : []),
    ['hosts', plan.hosts.join(', ')],
    ...(lanes.length > 0 ? [['targets', lanes.join(', ')]] : []),
    ...build,
    ['log', log],
  ];
}

function stepRows(job: JobRecord, carried: Carried, nowMs: number): string[][] {
  const state = { isStill: standsStill(carried), isOver: isOver(job.state) };
  const planned = new Map(everyStep(job.plan).map((step) => [step.name, step]));
  return job.steps.map((record) => {
    const begun = hasBegun(record);
    const worked = begun ? workedMs(record, state.isStill, nowMs) : undefined;
    return [
      badgeText(stepBadge(record, state)),
      planned.get(record.name)?.title ?? record.name,
      !begun || record.startedMs === undefined ? '' : utcText(record.startedMs),
      worked === undefined ? '' : stepDuration(worked),
      dataText(record),
      stepTold(record),
    ];
  });
}

/** `311M`, `12G of 287G`. */
function dataText({ progress }: StepRecord): string {
  const { doneBytes, totalBytes } = progress ?? {};
  if (doneBytes === undefined) return '';
  const of = totalBytes === undefined || totalBytes === doneBytes ? '' : ` of ${shortSize(totalBytes)}`;
  return `${shortSize(doneBytes)}${of}`;
}

function stepTold({ progress, lost = {} }: StepRecord): string {
  const { text = '', try: tried, lastError } = progress ?? {};
  return [
    text,
    ...(tried ? troubleWords({ try: tried }) : []),
    ...(lastError === undefined ? [] : [`last error: ${lastError}`]),
    ...Object.entries(lost).map(([lane, why]) => `${lane} was given up: ${why}`),
  ]
    .filter(Boolean)
    .join('; ');
}

function courseBlocks(job: JobRecord, samples: readonly StepSample[]): readonly Block[] {
  const charts = courseOf(job, samples);
  return charts.length === 0
    ? []
    : [{ kind: 'heading', text: 'Course' }, ...charts.map((chart): Block => ({ kind: 'chart', chart }))];
}

function resourceBlocks({ resources }: JobRecord, carried: Carried): readonly Block[] {
  const rows = resources.map((resource) => [badgeText(resourceBadge(resource, standsStill(carried))), resource.what]);
  return rows.length === 0
    ? []
    : [
        { kind: 'heading', text: 'What it made on hosts' },
        { kind: 'table', header: ['', 'what'], rows },
      ];
}

function commandTable({ plan }: JobRecord, commands: readonly CommandRecord[]): Block {
  const titles = new Map(everyStep(plan).map((step: PlannedStep) => [step.name, step.title]));
  const rows = commands.map(({ startedMs, host, step, script, args, tookMs, code, said }) => [
    utcText(startedMs),
    host,
    titles.get(step) ?? step,
    [script, ...args.map(shownWord)].join(' '),
    exactDuration(tookMs),
    code === undefined ? 'no answer' : String(code),
    said,
  ]);
  const folded = `${rows.length} ${rows.length === 1 ? 'command' : 'commands'}`;
  return {
    kind: 'table',
    header: ['began', 'host', 'step', 'script and words', 'took', 'status', 'said'],
    rows,
    folded,
  };
}
