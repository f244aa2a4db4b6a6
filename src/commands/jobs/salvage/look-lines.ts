// What the logs of a host have, as lines and as JSON.
import type { Look, LookRequest } from '../../../operations/salvage/look.ts';
import { runsText } from '../../../salvage/gtids.ts';
import { countText, shownOf, tailWarnings, transactionCells, transactionHeader } from '../../../salvage/lines.ts';
import { shortSize } from '../../../text/amounts.ts';
import { unicodeSigns } from '../../../text/badge.ts';
import { tableLines } from '../../answer.ts';

const behindOf = ({ start }: LookRequest) => (start.by === 'host' ? start.host.host.name : undefined);

export function lookJson(request: LookRequest, { log, has, tail, state }: Look) {
  const { logs, transactions, count, bytes, runs, unfinished, odd, packed, torn } = tail;
  return {
    host: request.from.host.name,
    behind: behindOf(request) ?? null,
    log,
    leftOut: has,
    count,
    bytes,
    gtids: runsText(state.server.vendor, runs),
    transactions: transactions.map(({ log: number, ...one }) => ({ ...one, file: logs[number]?.path ?? null })),
    logs: logs.map(({ path, size }) => ({ path, size })),
    unfinished,
    odd,
    compressed: packed,
    unread: Object.fromEntries([...torn].map(([at, why]) => [logs[at]?.path ?? at, why])),
  };
}

export function lookLines(request: LookRequest, { log, tail, state }: Look, max: number): string[] {
  const name = request.from.host.name;
  const behind = behindOf(request);
  const kind = log === 'relay' ? 'relay' : 'binary';
  const lacks = behind === undefined ? '' : ` that ${behind} lacks`;
  const head = `the ${kind} logs of ${name} have ${countText(tail.count)}${lacks} (${shortSize(tail.bytes)})`;
  const { shown, hidden } = shownOf(tail, max);
  return [
    head,
    ...(tail.runs.length > 0 ? [`  ${runsText(state.server.vendor, tail.runs)}`] : []),
    ...(shown.length > 0 ? tableLines(transactionHeader, shown.map(transactionCells)) : []),
    ...(hidden > 0
      ? [`${unicodeSigns.none} ${countText(hidden)} more, of rows alone: --lines ${tail.count} lists them`]
      : []),
    ...tailWarnings(tail).map((text) => `${unicodeSigns.warning} ${text}`),
  ];
}
