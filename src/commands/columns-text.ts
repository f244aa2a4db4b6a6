// The text of the operator's settings with other columns of a list. Everything else in it stays as it was written: comments, other settings,
// their order and their form. Pure.
import { type Document, isMap, isScalar, isSeq, type Pair, type ParsedNode, parseDocument, type YAMLMap } from 'yaml';
import { readConfig } from './config.ts';
import type { ColumnedList } from './list-columns.ts';

interface Change {
  readonly list: ColumnedList;
  /** undefined: reseed's own, so that the file says nothing of them. */
  readonly names: readonly string[] | undefined;
}

/** undefined: it can't be written into this text, which is whole. The result is read again before it is trusted. */
export function withColumns(text: string, change: Change): string | undefined {
  const before = readConfig(text, '');
  if (!before.ok) return undefined;
  const { [change.list]: _, ...others } = before.config.columns;
  const wanted = JSON.stringify(sorted({ ...others, ...(change.names && { [change.list]: change.names }) }));
  const isRight = (candidate: string) => {
    const read = readConfig(candidate, '');
    if (!read.ok) return false;
    const { columns, keys, mouse } = read.config;
    const same = mouse === before.config.mouse && JSON.stringify([...keys]) === JSON.stringify([...before.config.keys]);
    return same && JSON.stringify(sorted(columns)) === wanted;
  };
  const own = spliced(text, change);
  if (isRight(own)) return own;
  const other = rewritten(text, change);
  return isRight(other) ? other : undefined;
}

const sorted = (columns: object) => Object.entries(columns).toSorted(([one], [other]) => (one < other ? -1 : 1));

const flow = (names: readonly string[]): string => `[${names.join(', ')}]`;

type Entry = Pair<ParsedNode, ParsedNode | null>;

const entryOf = (map: YAMLMap.Parsed, name: string): Entry | undefined =>
  map.items.find(({ key }) => isScalar(key) && key.value === name);

/** Puts only the list's own characters in, or takes them out. */
function spliced(text: string, { list, names }: Change): string {
  const root = parseDocument(text).contents;
  const columns = isMap(root) ? entryOf(root, 'columns') : undefined;
  const lists = isMap(columns?.value) ? columns.value : undefined;
  const entry = lists && entryOf(lists, list);
  if (!names) return columns && lists && entry ? without(text, lists.items.length > 1 ? entry : columns) : text;
  if (!entry) return added(text, `${list}: ${flow(names)}`, columns);
  const [from, to] = entry.value?.range ?? entry.key.range;
  // A list with a line for each item has the end of the last line.
  const end = from + text.slice(from, to).trimEnd().length;
  return `${text.slice(0, from)}${listText(entry.value, names, columnAt(text, from))}${text.slice(end)}`;
}

function without(text: string, { key, value }: Entry): string {
  const [, , end] = value?.range ?? key.range;
  return `${text.slice(0, lineStart(text, key.range[0]))}${text.slice(end)}`;
}

/** `columns`: what the text has of it; undefined: it is added too, at the end. */
function added(text: string, line: string, columns: Entry | undefined): string {
  if (!columns) return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}columns:\n  ${line}\n`;
  if (isMap(columns.value)) {
    const [start] = columns.value.range;
    return `${text.slice(0, start)}${line}\n${' '.repeat(columnAt(text, start))}${text.slice(start)}`;
  }
  const lineEnd = text.indexOf('\n', columns.key.range[1]);
  const at = lineEnd < 0 ? text.length : lineEnd;
  return `${text.slice(0, at)}\n  ${line}${text.slice(at)}`;
}

const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1;
const columnAt = (text: string, at: number): number => at - lineStart(text, at);

/** A line for each column, where one of them has a comment beside it or above it. */
function listText(before: ParsedNode | null, names: readonly string[], indent: number): string {
  const items = isSeq(before) && !before.flow ? before.items.filter((item) => isScalar(item)) : [];
  if (!items.some(({ comment, commentBefore }) => comment || commentBefore)) return flow(names);
  return names
    .flatMap((name) => {
      const item = items.find(({ value }) => value === name);
      const above = item?.commentBefore?.split('\n').map((line) => `#${line}`) ?? [];
      return [...above, `- ${name}${item?.comment ? ` #${item.comment}` : ''}`];
    })
    .join(`\n${' '.repeat(indent)}`);
}

/** For forms that are seldom written: maps and lists in braces over several lines. */
function rewritten(text: string, { list, names }: Change): string {
  const document: Document = parseDocument(text);
  if (!isMap(document.get('columns'))) document.delete('columns');
  if (names) document.setIn(['columns', list], document.createNode([...names], { flow: true }));
  else document.deleteIn(['columns', list]);
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}
