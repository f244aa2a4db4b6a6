// What is drawn over a screen: a sheet of lines to read, the palette, and a proposal. Their keys are in
// overlay-keys.ts.
import { Box } from 'ink';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { usable } from '../../src/commands/dispatch.ts';
import type { Context } from '../../src/commands/list.ts';
import { Confirm } from '../base/Confirm.tsx';
import { Frame } from '../base/Frame.tsx';
import { Line } from '../base/Line.tsx';
import { type Span, signsOf, useLook } from '../base/theme.ts';
import { topFor, Viewport } from '../base/Viewport.tsx';
import { truncateSpans } from '../base/width.ts';
import {
  type ListView,
  type Proposal,
  type ProposalPart,
  type ProposalView,
  type Sheet,
  showOverlay,
} from '../screen-store.ts';
import { useCursor } from '../screens/list/cursor.ts';
import { useServices } from '../services.ts';
import type { ColumnsView } from './columns.ts';
import { matching, offered, paletteRows, titleOf } from './palette.ts';
import { proposalRows } from './plan-proposal.ts';

interface Space {
  readonly width: number;
  readonly height: number;
}

interface SheetProps extends Space {
  readonly sheet: Sheet;
  readonly top: number;
}

export function SheetOverlay({ sheet, top, width, height }: SheetProps): ReactNode {
  const { ellipsis } = signsOf(useLook());
  const more =
    sheet.lines.length > height - 1 ? `${top + 1} of ${sheet.lines.length} lines · esc closes` : 'esc closes';
  return (
    <Frame title={sheet.title} right={more} width={width}>
      <Viewport
        count={sheet.lines.length}
        top={top}
        height={height - 1}
        lineAt={(index) => truncateSpans(sheet.lines[index] ?? [], width, ellipsis)}
      />
    </Frame>
  );
}

interface PaletteProps extends Space {
  readonly text: string;
  readonly cursor: ListView['cursor'];
  readonly own?: true | undefined;
  readonly context: Context;
}

export function PaletteOverlay({ text, cursor, own, context, width, height }: PaletteProps): ReactNode {
  const sign = signsOf(useLook());
  const { screens } = useServices();
  const recent = useStore(screens, (state) => state.recent);
  const found = matching(text, offered(context, own), { context, recent });
  const index = useCursor(paletteRows(found), {
    cursor,
    place: (at) => showOverlay(screens, { kind: 'palette', text, cursor: at, ...(own && { own }) }),
  });
  const listHeight = height - 2;
  return (
    <Frame title={own ? 'commands of the inventory' : 'commands'} right="enter does it, esc closes" width={width}>
      <Box flexDirection="column" height={height - 1} flexShrink={0}>
        <Line
          spans={[
            { text: ' : ', tone: 'accent' },
            { text, tone: 'strong' },
            { text: '_', tone: 'dim' },
          ]}
        />
        {found.length === 0 && (
          <Line spans={[{ text: `   no command has these words; ? shows every key`, tone: 'dim' }]} />
        )}
        <Viewport
          count={found.length}
          top={topFor(Math.max(0, index), 0, listHeight, found.length)}
          height={listHeight}
          selected={index}
          lineAt={(at) => {
            const command = found[at];
            if (!command) return [];
            const can = usable(command, context);
            const line: readonly Span[] = [
              { text: at === index ? ` ${sign.selected} ` : '   ' },
              { text: titleOf(command).padEnd(20), tone: can === true ? 'accent' : 'dim' },
              { text: ` ${(command.keys[0] ?? '').padEnd(8)} `, tone: 'dim' },
              { text: command.help, tone: can === true ? 'plain' : 'dim' },
              ...(can === true ? [] : ([{ text: ` (not now: ${can})`, tone: 'dim' }] as const)),
            ];
            return truncateSpans(line, width, sign.ellipsis);
          }}
        />
      </Box>
    </Frame>
  );
}

interface ColumnsProps extends Space {
  readonly view: ColumnsView;
}

export function ColumnsOverlay({ view: { list, items, at }, width, height }: ColumnsProps): ReactNode {
  const { ellipsis, selected } = signsOf(useLook());
  const keys = [
    ['space', 'shows it or leaves it out'],
    ['J K', 'moves it'],
    ['0', "reseed's own"],
    ['enter', 'keeps them'],
  ] as const;
  const listHeight = height - 2;
  return (
    <Frame title={`columns of ${list}`} right="esc leaves them as they were" width={width}>
      <Viewport
        count={items.length}
        top={topFor(at, 0, listHeight, items.length)}
        height={listHeight}
        selected={at}
        lineAt={(index) => {
          const item = items[index];
          const sign = index === at ? selected : ' ';
          return item
            ? truncateSpans([{ text: ` ${sign} [${item.on ? 'x' : ' '}] ${item.name}` }], width, ellipsis)
            : [];
        }}
      />
      <Line
        spans={truncateSpans(
          keys.flatMap(([key, does]): Span[] => [{ text: ` ${key}`, tone: 'accent' }, { text: ` ${does} ` }]),
          width,
          ellipsis,
        )}
      />
    </Frame>
  );
}

interface ProposalProps extends Space {
  readonly view: ProposalView;
}

/** A proposal for the operator to agree to. What it destroys or breaks comes first, in red. */
export function ProposalOverlay({ view: { proposal, shows, top, typed }, width, height }: ProposalProps): ReactNode {
  const look = useLook();
  const { ellipsis } = signsOf(look);
  const rows = proposalRows(proposal, shows, width, look);
  const room = Math.max(1, height - 3);
  const at = Math.min(top, Math.max(0, rows.length - (look.linear ? 1 : room)));
  const right = rows.length > room ? `${at + 1} of ${rows.length} lines` : 'nothing is done yet';
  return (
    <Frame title={proposal.title} right={proposal.agree ? right : 'esc closes'} width={width}>
      <Viewport
        count={rows.length}
        top={at}
        height={look.linear ? room : Math.min(rows.length, room)}
        lineAt={(index) => truncateSpans(rows[index] ?? [], width, ellipsis)}
      />
      <Line spans={[]} />
      {proposal.agree && (
        <Confirm
          name={proposal.name}
          grave={proposal.grave.length > 0}
          typed={typed}
          more={furtherKeys(proposal, shows, width)}
          width={width}
        />
      )}
    </Frame>
  );
}

/** `v: exact commands   c: changes`: words go where there is no room for them. */
function furtherKeys({ hasExact, changes }: Proposal, shows: ProposalPart, width: number): string {
  const short = width < 70;
  return [
    hasExact && `v: ${shows === 'exact' ? 'steps' : short ? 'commands' : 'exact commands'}`,
    changes && `c: ${shows === 'changes' ? 'steps' : 'changes'}`,
  ]
    .filter((text) => text)
    .join('   ');
}
