// What a key does to all marked things at once: one proposal with a job of each, whose losses are named and agreed to as those of one. Things
// that are left as they are stand in it, each with the reason.
import type { Subjects } from '../src/commands/dispatch.ts';
import type { Tone } from './base/theme.ts';
import { block } from './overlays/plan-proposal.ts';
import { changeList, listNames, type Proposal, type ScreenStore, shownScreen } from './screen-store.ts';

export type Left = Subjects['left'];

/** Each job has a process of its own on this machine. */
export const maxAtOnce = 20;

/** The hosts that a command acts on, each once. */
export const hostsOf = ({ on }: Pick<Subjects, 'on'>): readonly string[] => [
  ...new Set(on.flatMap(({ host }) => (host ? [host.name] : []))),
];

/** What happened, and what was left as it is. */
export const sayingLeft = (text: string, { left }: Pick<Subjects, 'left'>): string =>
  [text, ...left.map(leftText)].join('; ');

const leftText = ({ name, why }: Left[number]): string => `${name} is left as it is: ${why}`;

/** What is done to one of them. */
export interface Part {
  /** `db3`, `job 17`. */
  readonly of: string;
  /** The ids of its rows, which lose their marks when it has begun. */
  readonly rows: readonly string[];
  readonly proposal: Proposal;
}

interface Several {
  readonly title: string;
  readonly parts: readonly Part[];
  readonly left: Left;
  /** Called once all have been asked for. Its result is shown as a message: what has begun, and why others have not. */
  readonly done: () => string | undefined;
}

/** One alone is proposed as ever. */
export function severalProposal({ title, parts, left, done }: Several): Proposal {
  const agree = () => {
    const said = parts.flatMap(({ proposal }) => proposal.agree?.() ?? []);
    const now = done();
    const words = [...(now === undefined ? [] : [now]), ...said];
    return words.length === 0 ? undefined : words.join('; ');
  };
  const [one] = parts;
  if (one && parts.length === 1 && left.length === 0) return { ...one.proposal, agree };
  const grave = parts.filter(({ proposal }) => proposal.grave.length > 0);
  // Two jobs of one host are agreed to by its name once.
  const name = [...new Set(grave.map(({ proposal }) => proposal.name))].join(',');
  const changing = parts.filter(({ proposal }) => proposal.changes !== undefined);
  const hosts = [...new Set(parts.flatMap(({ proposal }) => proposal.hosts ?? []))];
  return {
    title,
    hosts,
    // A sentence about one host may leave its name out.
    grave: grave.flatMap(({ of, proposal }) => proposal.grave.map((sentence) => `${of}: ${sentence}`)),
    name,
    hasExact: parts.some(({ proposal }) => proposal.hasExact),
    body: (exact, width, look) => [
      ...left.flatMap((one) => block(' ! ', leftText(one), 'warning', width)),
      ...parts.flatMap(({ proposal }) => [
        [{ text: ` ${proposal.title}`, tone: 'strong' satisfies Tone } as const],
        ...proposal.body(exact, width, look),
      ]),
      // Below, a long one is cut.
      ...(name === '' ? [] : block('   ', `to be typed: ${name}`, 'plain', width)),
      ...(parts.length === 0 ? [[{ text: '   nothing was done', tone: 'dim' } as const]] : []),
    ],
    ...(changing.length > 0 && {
      changes: (width, look) =>
        changing.flatMap(({ proposal }) => [
          [{ text: ` ${proposal.title}`, tone: 'strong' satisfies Tone } as const],
          ...(proposal.changes?.(width, look) ?? []),
        ]),
    }),
    ...(parts.length > 0 && { agree }),
  };
}

/** Takes the marks of these rows away, on the list that is on the screen. */
export function unmark(screens: ScreenStore, rows: readonly string[]): void {
  const state = screens.getState();
  const list = listNames.find((name) => name === shownScreen(state).name);
  if (list) changeList(screens, list, { marks: state[list].marks.filter(({ id }) => !rows.includes(id)) });
}
