// A planned job, shown before the operator agrees: the checked figures, what is destroyed or would break, the steps,
// and, on request, each command exactly as it will run. Pure.

import type { HostReport } from '../../src/host/facts.ts';
import type { Plan } from '../../src/job/plan/plan.ts';
import type { Planned } from '../../src/job/plan/refusal.ts';
import { changesOf, type PlannedChanges } from '../../src/operations/plans/changes.ts';
import { type Draft, graveSentences } from '../../src/operations/plans/draft.ts';
import type { StepPreview } from '../../src/operations/plans/preview.ts';
import { findingBadges } from '../../src/seed/preflight/finding.ts';
import { wrapped } from '../../src/text/wrap.ts';
import { type Look, type Span, signsOf, type Tone } from '../base/theme.ts';
import { displayWidth, truncateSpans } from '../base/width.ts';
import type { Proposal, ProposalPart } from '../screen-store.ts';

type Row = readonly Span[];

type Check = NonNullable<Draft['checks']>[number];

export type ShownDraft = Draft & { readonly steps: readonly StepPreview[] };

/** `reports`: the last answers of hosts, by name. */
export function planProposal(
  draft: ShownDraft,
  plan: Plan,
  reports: ReadonlyMap<string, HostReport>,
  agree: () => string | undefined,
): Proposal {
  const planned = changesOf(plan, reports);
  const changesSomething = planned.changes.length + planned.passing.length > 0;
  return {
    title: plan.title,
    hosts: plan.hosts,
    grave: graveSentences(plan, draft),
    name: draft.name,
    hasExact: true,
    ...(changesSomething && { changes: (width, look) => changeRows(planned, width, look) }),
    agree,
    body: (exact, width, look) => [
      ...checkRows(draft.checks ?? [], width, look),
      ...draft.steps.flatMap((step) => stepRows(step, exact, width, look)),
      ...(draft.kept ?? []).flatMap((sentence) => block(` ${signsOf(look).none} `, `stays: ${sentence}`, 'dim', width)),
    ],
  };
}

function checkRows(checks: readonly Check[], width: number, look: Look): readonly Row[] {
  return checks.flatMap(({ level, host, text, advice }) => {
    const { sign, tone } = findingBadges[level];
    const words = `${host}: ${text}${level !== 'pass' && advice !== '' ? `; ${advice}` : ''}`;
    return block(` ${signsOf(look)[sign]} `, words, level === 'pass' ? 'plain' : tone, width);
  });
}

function stepRows(
  { title, lane, commands, makes }: StepPreview,
  exact: boolean,
  width: number,
  look: Look,
): readonly Row[] {
  const { ellipsis, down } = signsOf(look);
  const head: Row = [
    { text: ` ${down} `, tone: 'dim' },
    ...(lane === undefined ? [] : [{ text: `${lane}: `, tone: 'dim' } as const]),
    { text: title },
  ];
  return [
    truncateSpans(head, width, ellipsis),
    ...(exact
      ? commands.flatMap(({ when = '', host, text }) => block(`     ${when}${host} $ `, text, 'accent', width))
      : []),
    ...(exact && makes !== undefined ? block('     ', makes, 'dim', width) : []),
  ];
}

const whatCells = 18;

/** As a diff has it: `-` before the job, `+` after it; what stays as it is has neither. */
function changeRows({ changes, passing }: PlannedChanges, width: number, look: Look): readonly Row[] {
  const hosts = [...new Set([...changes, ...passing].map(({ host }) => host))];
  const [minus, plus] = look.linear ? ['before: ', 'after: '] : ['- ', '+ '];
  const label = (what: string, sign: string) => `   ${what.padEnd(whatCells)}${sign}`;
  return hosts.flatMap((host) => [
    [{ text: ` ${host}`, tone: 'strong' } as const],
    ...changes
      .filter((one) => one.host === host)
      .flatMap(({ what, before, after }) =>
        before === after
          ? block(label(what, '  '), `${after}, as before`, 'dim', width)
          : [...block(label(what, minus), before, 'warning', width), ...block(label('', plus), after, 'good', width)],
      ),
    ...passing
      .filter((one) => one.host === host)
      .flatMap(({ what }) => block(label('while it runs', '  '), what.join(', '), 'dim', width)),
  ]);
}

/** A text on as many lines as it needs, after its label. */
export function block(label: string, text: string, tone: Tone, width: number): readonly Row[] {
  const cells = displayWidth(label);
  return wrapped(text, Math.max(10, width - cells - 1)).map((line, index) => [
    { text: index === 0 ? label : ' '.repeat(cells), tone: tone === 'plain' ? 'dim' : tone },
    { text: line, tone },
  ]);
}

/** The grave sentences first, in red. */
export function proposalRows(
  { grave, body, changes }: Proposal,
  shows: ProposalPart,
  width: number,
  look: Look,
): readonly Row[] {
  const red = grave.flatMap((sentence) => block(` ${signsOf(look).bad} `, sentence, 'bad', width));
  const rest = shows === 'changes' && changes ? changes(width, look) : body(shows === 'exact', width, look);
  return [...red, ...(red.length > 0 ? [[]] : []), ...rest];
}

type Refused = Extract<Planned, { ok: false }>;

/** Why there is no plan, and how to make one possible. */
export function refusalProposal(title: string, refused: Refused, checks: readonly Check[]): Proposal {
  const { message, advice } = refused;
  return {
    title,
    grave: [message],
    name: '',
    hasExact: false,
    body: (_exact, width, look) => [
      ...(advice === '' ? [] : block('   ', advice, 'plain', width)),
      [],
      ...checkRows(checks, width, look),
      [{ text: '   nothing was done', tone: 'dim' }],
    ],
  };
}
