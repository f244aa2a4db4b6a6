// What the logs of a host have, as lines and as JSON.
import type { Look, LookRequest } from '../../../operations/salvage/look.ts';
import { missingText, runsText, unsureText } from '../../../salvage/gtids.ts';
import {
  countText,
  emptyWarnings,
  gapText,
  shownOf,
  tailWarnings,
  transactionCells,
  transactionHeader,
  unsureWhy,
} from '../../../salvage/lines.ts';
import { withPort } from '../../../text/address.ts';
import { shortSize } from '../../../text/amounts.ts';
import { unicodeSigns } from '../../../text/badge.ts';
import { tableLines } from '../../answer.ts';

const behindOf = ({ start }: LookRequest) => (start.by === 'host' ? start.host.host.name : undefined);

/** What it received, and is not in these logs; from a place in a log on, that is not known. */
const missingOf = ({ start }: LookRequest, { has, tail, state }: Look): string =>
  start.by === 'file' ? '' : missingText(state, has, tail);

const unsureOf = ({ start }: LookRequest, { has, tail, state }: Look): string =>
  start.by === 'file' ? '' : unsureText(state.server.vendor, has, tail.runs);

/** Whether all that is lacking was seen. */
export const isWhole = (request: LookRequest, look: Look): boolean =>
  look.tail.torn.size === 0 && look.tail.split.length === 0 && missingOf(request, look) === '';

export function lookJson(request: LookRequest, look: Look) {
  const { log, has, tail, state } = look;
  const { logs, transactions, count, bytes, runs, unfinished, split, odd, packed, torn } = tail;
  return {
    host: request.from.host.name,
    behind: behindOf(request) ?? null,
    log,
    leftOut: has,
    hasCome: look.hasCome ?? false,
    count,
    bytes,
    gtids: runsText(state.server.vendor, runs),
    transactions: transactions.map(({ log: number, ...one }) => ({ ...one, file: logs[number]?.path ?? null })),
    logs: logs.map(({ path, size }) => ({ path, size })),
    missing: missingOf(request, look),
    mayBeLacking: unsureOf(request, look),
    unfinished,
    split,
    odd,
    compressed: packed,
    unread: Object.fromEntries([...torn].map(([at, why]) => [logs[at]?.path ?? at, why])),
  };
}

export function lookLines(request: LookRequest, look: Look, max: number): string[] {
  const { log, tail, state } = look;
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
    ...[...lackWarnings(request, look), ...tailWarnings(tail), ...emptyWarnings(tail)].map(
      (text) => `${unicodeSigns.warning} ${text}`,
    ),
  ];
}

function lackWarnings(request: LookRequest, look: Look): string[] {
  const [missing, unsure] = [missingOf(request, look), unsureOf(request, look)];
  const behind = behindOf(request) ?? 'what was given';
  const { log, state } = look;
  const { name } = request.from.host;
  const other = log === 'relay' ? '--binlog' : '--relay';
  return [
    ...(look.tail.count > 0 ? replicatingWarnings(behind, look) : []),
    ...(missing === ''
      ? []
      : [`${name}: ${gapText(log, state.server.vendor, missing)}. ${behind} may be lacking them: try ${other}`]),
    ...(unsure === '' ? [] : [`may be lacking: ${unsure}; ${unsureWhy(behind)}`]),
  ];
}

/** It was asked first: what it has got since, and gets by itself, looks like a loss. */
function replicatingWarnings(name: string, { behind, hasCome }: Look): string[] {
  if (hasCome) return [`${name} was asked first, replicates, and has all of these by now: it lacks nothing of them`];
  const runs = [...(behind?.channel ? [behind.channel] : []), ...(behind?.further.map(({ channel }) => channel) ?? [])];
  const sources = runs.filter(({ ioThread, sqlThread }) => ioThread === 'running' && sqlThread === 'running');
  if (sources.length === 0) return [];
  const from = sources.map(({ sourceHost, sourcePort }) => withPort(sourceHost, sourcePort)).join(', ');
  return [
    `${name} replicates from ${from}, receiver and applier run: it may get these by itself. Ask again; what is to be salvaged stays the same`,
  ];
}
