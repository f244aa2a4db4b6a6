// How an operator agrees, as one line: press y, or type a name. Enter alone never agrees.
//
//   <Confirm name="db6" grave typed="db" width={columns} />    ` Type db6, then enter: db_          esc: no`
import type { ReactNode } from 'react';
import { Line } from './Line.tsx';
import { type Look, type Span, signsOf, useLook } from './theme.ts';
import { betweenEdges, displayWidth, truncateMiddle } from './width.ts';

interface ConfirmProps {
  /** The text that has to be typed for a grave action. */
  readonly name: string;
  readonly grave: boolean;
  /** The text typed so far; undefined: typing has not begun. */
  readonly typed: string | undefined;
  /** Further keys: `v: exact commands`. */
  readonly more: string;
  readonly width: number;
}

export function Confirm(props: ConfirmProps): ReactNode {
  const look = useLook();
  return <Line spans={confirmLine(props, look)} />;
}

function confirmLine({ name, grave, typed, more, width }: ConfirmProps, look: Look): readonly Span[] {
  const { ellipsis } = signsOf(look);
  const right: readonly Span[] = [
    { text: `${more === '' || typed !== undefined ? '' : `${more}   `}esc: no `, tone: 'dim' },
  ];
  if (typed !== undefined) {
    const room = Math.max(4, Math.floor((width - 30) / 2));
    let end = typed;
    while (displayWidth(end) > room) end = [...end].slice(1).join('');
    const left: readonly Span[] = [
      { text: ' Type ' },
      { text: truncateMiddle(name, room, ellipsis), tone: 'bad' },
      { text: ', then enter: ' },
      { text: end, tone: 'strong' },
      { text: '_', tone: 'dim' },
    ];
    return betweenEdges(left, right, width, ellipsis);
  }
  const left: readonly Span[] = grave
    ? [{ text: ' y', tone: 'accent' }, { text: ' asks for the name ' }, { text: name, tone: 'bad' }]
    : [{ text: ' y', tone: 'accent' }, { text: ' does it' }];
  return betweenEdges(left, right, width, ellipsis);
}
