// The operator's own columns of the console's lists, a part of its settings (config.ts). Pure.
//
//   columns:
//     fleet: [host, role, mysql, lag, alert]     from left to right; the others are left out
import { nearest } from '../inventory/nearest.ts';
import { type Complain, quoted } from '../inventory/problem.ts';
import { type Entry, entriesOf, type Tree } from '../inventory/reading/tree.ts';
import { type ChosenColumns, type ColumnedList, columnedLists, keptColumns, listColumns } from './list-columns.ts';

/** `own`: what the file has below columns. */
export function columnsIn(own: Tree | undefined, complain: Complain): ChosenColumns {
  if (own !== undefined && own.kind !== 'map' && own.kind !== 'unset')
    complain(own.at, 'columns is no map', 'write columns: { fleet: [host, mysql, alert] }');
  return Object.fromEntries(entriesOf(own).flatMap((entry) => ofList(entry, complain)));
}

function ofList(
  { key, at, value }: Entry,
  complain: Complain,
): readonly (readonly [ColumnedList, readonly string[]])[] {
  const list = columnedLists.find((name) => name === key);
  if (!list) {
    complain(at, `unknown list ${quoted(key)}`, `write one of ${columnedLists.join(', ')}`);
    return [];
  }
  if (value.kind === 'unset') return [];
  if (value.kind !== 'list') {
    complain(value.at, 'this is no list of columns', `write ${list}: [${listColumns[list].join(', ')}]`);
    return [];
  }
  const names = value.items.flatMap((item) => nameIn(item, list, complain));
  value.items.forEach((item, index) => {
    const text = item.kind === 'text' ? item.text : undefined;
    if (text !== undefined && names.indexOf(text) !== names.lastIndexOf(text) && isAgain(value.items, index))
      complain(item.at, `${quoted(text)} is in the list twice`, 'keep one of them');
  });
  for (const kept of keptColumns[list].filter((name) => !names.includes(name)))
    complain(value.at, `${list} has no column ${kept}, which says what keys act on`, `add ${kept}`);
  return [[list, names]];
}

const isAgain = (items: readonly Tree[], index: number): boolean =>
  items
    .slice(0, index)
    .some((one) => one.kind === 'text' && items[index]?.kind === 'text' && one.text === items[index].text);

function nameIn(item: Tree, list: ColumnedList, complain: Complain): readonly string[] {
  const all: readonly string[] = listColumns[list];
  if (item.kind === 'text' && all.includes(item.text)) return [item.text];
  if (item.kind !== 'text') complain(item.at, 'this is no column', `write names of ${all.join(', ')}`);
  else {
    const near = nearest(item.text, all);
    const instead = near === undefined ? `write one of ${all.join(', ')}` : `did you mean ${near}?`;
    complain(item.at, `${list} has no column ${quoted(item.text)}`, instead);
  }
  return [];
}
