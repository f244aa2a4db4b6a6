// The last two lines: a rule or a message, then the keys of the screen or the line being typed.
import { Box } from 'ink';
import { type ReactNode, useEffect } from 'react';
import { useStore } from 'zustand';
import { isOfFleet, usable } from '../src/commands/dispatch.ts';
import { boundCommands, type CommandName, type Context, commandsAfter, hasKeysOn } from '../src/commands/list.ts';
import { wrapped } from '../src/text/wrap.ts';
import { Line } from './base/Line.tsx';
import { type Look, type Span, signsOf, useLook } from './base/theme.ts';
import { Viewport } from './base/Viewport.tsx';
import { displayWidth, spansWidth, truncateMiddle, truncateSpans } from './base/width.ts';
import { useNow } from './clock.ts';
import { timeline } from './replay.ts';
import { type Entry, listNames, type Overlay, type Screen, type ScreenState, unsay } from './screen-store.ts';
import { filterLabel } from './screens/list/keys.ts';
import { markedText } from './screens/list/marks.ts';
import { useServices } from './services.ts';

interface FooterProps {
  readonly width: number;
  readonly context: Context;
  /** Lines of the screen for a message. */
  readonly messageLines: number;
}

/** How many lines a message takes, of at most a quarter of the screen: its end says what to do. */
export const messageHeight = (text: string, width: number, rows: number): number =>
  Math.min(wrapped(text, width - 2).length, Math.max(1, Math.floor(rows / 4)));

/** A message may be out of date later, even if no key is pressed for hours. */
const messageMs = 20_000;

export function Footer({ width, context, messageLines }: FooterProps): ReactNode {
  const { screens, replay } = useServices();
  const look = useLook();
  const nowMs = useNow(replay !== undefined && !look.linear);
  const message = useStore(screens, (state) => state.message);
  const overlay = useStore(screens, (state) => state.overlay);
  const narrowed = useStore(screens, (state) => narrowedText(state, context));
  const prefix = useStore(screens, (state) => state.prefix);
  const stack = useStore(screens, (state) => state.stack);
  useEffect(() => {
    if (!message) return undefined;
    const timer = setTimeout(() => unsay(screens, message), messageMs);
    return () => clearTimeout(timer);
  }, [screens, message]);
  const entry = overlay?.kind === 'entry' ? overlay.entry : undefined;
  const above = entry && aboveEntry(entry, context, width, look);
  const { ellipsis } = signsOf(look);
  const upper: readonly (readonly Span[])[] = above
    ? [above]
    : message
      ? messageSpans(message, width, messageLines, ellipsis)
      : narrowed !== '' && !entry
        ? [truncateSpans([{ text: ` ${narrowed}`, tone: 'accent' }], width, ellipsis)]
        : [pathLine(stack, width, look, replay && timeline(replay.store.getState(), nowMs, width, look))];
  return (
    <Box flexDirection="column" flexShrink={0}>
      <Viewport count={upper.length} top={0} height={upper.length} lineAt={(index) => upper[index] ?? []} />
      <Line spans={entry ? entryLine(entry, width, look) : keysOf(overlay, prefix, context, width, look)} />
    </Box>
  );
}

/** The last of `most` lines is cut where the text is longer. */
function messageSpans(
  { text, tone }: NonNullable<ScreenState['message']>,
  width: number,
  most: number,
  ellipsis: string,
) {
  const lines = wrapped(text, width - 2);
  const last = lines.slice(most - 1).join(' ');
  return [...lines.slice(0, most - 1), last].map((line) =>
    truncateSpans([{ text: ` ${line}`, tone }], width, ellipsis),
  );
}

/** A long label of what is typed, or how many rows have the words of a filter so far. */
function aboveEntry(entry: Entry, { found }: Context, width: number, look: Look): readonly Span[] | undefined {
  if (isLong(entry, width))
    return [{ text: ` ${truncateMiddle(entry.label, width - 1, signsOf(look).ellipsis)}`, tone: 'accent' }];
  return found && entry.label === filterLabel
    ? [{ text: ` ${found.count} of ${found.of}`, tone: 'accent' }]
    : undefined;
}

/** `3 marked, filter: db3, 2 of 6  (esc: none marked)`; empty: a whole list, without marks. */
function narrowedText(state: ScreenState, { screen, found, marked }: Context): string {
  const list = listNames.find((name) => name === screen);
  const marks = marked ? [markedText(marked.shown.length, marked.hidden.length)] : [];
  const only = screen === 'fleet' && state.fleet.onlyTrouble ? ['only hosts with an alert'] : [];
  const count = found ? `, ${found.count} of ${found.of}` : '';
  const filter = list && state[list].filter !== '' ? [`filter: ${state[list].filter}${count}`] : [];
  const words = [...marks, ...only, ...filter];
  return words.length === 0 ? '' : `${words.join(', ')}  (esc: ${marked ? 'none marked' : 'show all'})`;
}

/** ` fleet › db3 › job 17 ─────`: the screens to which esc leads back. Of a long way the end. */
function pathLine(stack: readonly Screen[], width: number, look: Look, right = ''): readonly Span[] {
  const { rule, ellipsis, step } = signsOf(look);
  if (look.linear) return [{ text: right === '' ? ' ' : right }];
  const names = stack.map(nameOf);
  const shown = names.map((_, at) => ` ${at > 0 ? `${ellipsis} ` : ''}${names.slice(at).join(` ${step} `)} `);
  const path = stack.length < 2 ? '' : (shown.find((text) => displayWidth(text) + displayWidth(right) < width) ?? '');
  const rest = Math.max(0, width - displayWidth(path) - displayWidth(right));
  return [
    { text: `${path}${rule.repeat(rest)}`, tone: 'dim' },
    { text: right, tone: 'accent' },
  ];
}

function nameOf(screen: Screen): string {
  if (screen.name === 'host') return screen.host;
  if (screen.name === 'processes') return `sessions of ${screen.host}`;
  if (screen.name === 'seed') return `seed ${screen.target}`;
  return screen.name === 'job' ? `job ${screen.id}` : screen.name;
}

/** An overlay has keys of its own, and shows them. */
function keysOf(
  overlay: Overlay | undefined,
  prefix: string | undefined,
  context: Context,
  width: number,
  look: Look,
): readonly Span[] {
  if (prefix !== undefined && !overlay) return prefixLine(prefix, context, width, look);
  if (overlay?.kind !== 'proposal') return keysLine(context, width, look);
  const { proposal, typed } = overlay;
  const word = proposal.agree ? 'leaves it: nothing is done' : 'closes';
  const spans: readonly Span[] = [
    ...(typed === undefined ? ([{ text: ' j/k', tone: 'accent' }, { text: ' move ' }] as const) : []),
    { text: ' esc', tone: 'accent' },
    { text: ` ${typed === undefined ? word : 'back to the plan'} ` },
  ];
  return truncateSpans(spans, width, signsOf(look).ellipsis);
}

/** ` o …  h host  l lag  esc leaves it`: what the second key may be. */
function prefixLine(prefix: string, { screen }: Context, width: number, look: Look): readonly Span[] {
  const { ellipsis } = signsOf(look);
  const choices = commandsAfter(prefix, screen).flatMap(({ name, keys }): Span[] => {
    const second = keys.find((one) => one.startsWith(`${prefix} `))?.slice(prefix.length + 1) ?? '';
    return [{ text: ` ${second}`, tone: 'accent' }, { text: ` ${name.replace(/^\w+\./, '')}` }];
  });
  return truncateSpans([{ text: ` ${prefix} ${ellipsis}`, tone: 'strong' }, ...choices], width, ellipsis);
}

/** `enter open   / filter   : commands   ? help`, from the command list; what can't be used now is dimmed. */
function keysLine(context: Context, width: number, look: Look): readonly Span[] {
  const pieces: readonly Piece[] = boundCommands()
    .filter((command) => !(context.replay && isOfFleet(command)))
    .filter((command) => 'footer' in command && hasKeysOn(command, context.screen))
    .filter((command) => !('footerIf' in command) || command.footerIf(context))
    .map((command): Piece => {
      const can = usable(command, context) === true;
      const keys = command.footerKeys ?? command.keys[0] ?? '';
      const spans: readonly Span[] = [
        { text: ` ${keys}`, tone: can ? 'accent' : 'dim' },
        { text: ` ${command.footer} `, tone: can ? 'plain' : 'dim' },
      ];
      return { name: command.name, spans };
    });
  return truncateSpans(
    fitting(pieces, width).flatMap(({ spans }) => spans),
    width,
    signsOf(look).ellipsis,
  );
}

interface Piece {
  readonly name: CommandName;
  readonly spans: readonly Span[];
}

/** The keys that a narrow footer drops, the most used first. The help has all of them, and its key stays. */
const dispensable: readonly CommandName[] = [
  'replay.nextChange',
  'replay.forward',
  'replay.faster',
  'replay.goTo',
  'list.filter',
  'log.search',
  'log.follow',
  'jobs.open',
  'processes.open',
  'palette.open',
  'mark.toggle',
  'move.down',
  'log.pause',
  'snapshots.open',
  'log.pager',
  'pane.zoom',
];

/** The keys that act on the item on the screen, then as many others as fit, in the order of the command list. */
function fitting(pieces: readonly Piece[], width: number): readonly Piece[] {
  const cells = (some: readonly Piece[]) => some.reduce((sum, { spans }) => sum + spansWidth(spans), 0);
  const first = pieces.filter(({ name }) => !dispensable.includes(name));
  // The last two are help and quit: help leads to all the others.
  while (first.length > 2 && cells(first) > width) first.splice(-3, 1);
  const kept = new Set(first);
  for (const name of dispensable) {
    const piece = pieces.find((one) => one.name === name);
    if (piece && cells([...kept, piece]) <= width) kept.add(piece);
  }
  return pieces.filter((piece) => kept.has(piece));
}

/** A long label leaves little space beside it, so it goes on the line above. */
const isLong = ({ label }: Entry, width: number) => displayWidth(label) > width / 3;

/** ` filter: db3_`. Shows the end of a long text, where the typing is. A hidden text shows only that there is one. */
function entryLine(entry: Entry, width: number, look: Look): readonly Span[] {
  const { text, hidden } = entry;
  const { dot } = signsOf(look);
  const shownLabel = isLong(entry, width) ? '' : entry.label;
  const room = Math.max(1, width - displayWidth(shownLabel) - 5);
  let shown = hidden ? (look.unicode ? dot : '*').repeat([...text].length) : text;
  while (displayWidth(shown) > room) shown = [...shown].slice(1).join('');
  return [
    { text: shownLabel === '' ? ' > ' : ` ${shownLabel}: `, tone: 'accent' },
    { text: shown, tone: 'strong' },
    { text: '_', tone: 'dim' },
  ];
}
