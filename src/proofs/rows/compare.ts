// Compares the tables of a replica with those of its source, range by range. Where it is, and what it found so far, is in the journal after each range.
import { z } from 'zod';
import { asJson, defineStep, type FailedStep, type StepEnd, type StepTools } from '../../job/plan/step-work.ts';
import { failed } from '../../job/runner/step-end.ts';
import { byWatchedClock, type WatchedMs } from '../../remote/deadline.ts';
import { readBound } from './answers.ts';
import { type SpokenSides, sideCommands } from './commands.ts';
import type { Definition } from './definition.ts';
import { type Defined, definitionsOf } from './definitions.ts';
import { equalTables, type FewTable, fewFrom, isFew } from './few.ts';
import { type Limits, type States, whileHeld } from './hold.ts';
import { lastKeys } from './last-keys.ts';
import { type Current, doneBytes, type Entry, judged, type Ledger, ledgerSchema, left } from './ledger.ts';
import { listTables } from './list-tables.ts';
import { type TableName, tableText } from './names.ts';
import {
  endingAt,
  endOf,
  isLastRange,
  isUntouched,
  mayNarrow,
  type Place,
  placeAt,
  rangeAfter,
  rangeOf,
} from './place.ts';
import { type Compared, comparedBy, countsText, differencesOf, foundText, newCompared, readText } from './result.ts';
import { ask, otherData, type SideTools } from './sides.ts';
import { boundQuestion, lastQuestion, sumQuestion } from './statements.ts';
import type { ListedTables } from './tables.ts';
import { verdictOn } from './verdict.ts';

const input = z.strictObject({ maxLagSeconds: z.number(), maxLoad: z.number() });

/** Without a key a table is read as a whole, by one statement. */
const maxKeylessBytes = 1024 ** 3;

export const compareRows = defineStep({
  ...comparedBy,
  input,
  plan: ({ limits, ...sides }: SpokenSides & { readonly limits: Limits }) => ({
    name: 'compare rows',
    title: `compare the rows of ${sides.replica.host.name} with those of ${sides.source.host.name}, a range of a table at a time, read-only; wait while the lag is above ${limits.maxLagSeconds} s, or more than ${limits.maxLoad} threads run`,
    host: sides.replica.host.name,
    input: { ...limits },
    commands: sideCommands(sides),
  }),
  run: (tools) => byWatchedClock((watchedMs) => compare(tools, watchedMs)),
});

type Tools = StepTools<z.infer<typeof input>>;

async function compare(tools: Tools, watchedMs: WatchedMs): Promise<StepEnd<Compared>> {
  const list = tools.resultOf(listTables);
  if (!list) return failed('which tables there are was not found out');
  const work = comparing(tools, list, watchedMs);
  for (;;) {
    const end = await work.next();
    if (end === 'over') break;
    if (end) return work.ledger().isVoid ? end : withFound(end, list, work.ledger().compared);
  }
  const result = work.ledger().compared;
  tools.note(`${countsText(result)}; ${readText(result, tools.step.commands.source?.host ?? '', tools.step.host)}`);
  return { ok: true, result };
}

/** What was found is told whatever ended it. */
function withFound(end: FailedStep, { missing }: ListedTables, compared: Compared): FailedStep {
  const count = missing.length + differencesOf(compared);
  if (count === 0) return end;
  const first = missing[0] ?? compared.differences[0];
  const found = `${count} ${count === 1 ? 'difference was' : 'differences were'} found before${first ? `, the first: ${foundText(first)}` : ''}`;
  return { ...end, message: `${end.message}; ${found}` };
}

interface At extends Current {
  readonly name: TableName;
  readonly defined: Defined;
}

function comparing(tools: Tools, list: ListedTables, watchedMs: WatchedMs) {
  const { note, input: limits } = tools;
  const count = list.compare.length;
  const totalBytes = list.compare.reduce((sum, [, , , bytes]) => sum + bytes, 0);
  let ledger: Ledger = ledgerBefore(tools) ?? {
    ...(count > 0 && { place: placeAt(0) }),
    compared: newCompared(Date.now(), list.leftOut.length),
  };
  let states: States = {};
  const tell = (text: string, last = false) =>
    tools.progress({ text, doneBytes: doneBytes(ledger, list), totalBytes, place: asJson(ledger) }, last);
  const onOtherData = () => {
    ledger = { ...ledger, isVoid: true };
    tell('what was compared says nothing of the present data', true);
  };
  const side: SideTools = { ...tools, watchedMs, say: (text) => tell(text), dataIds: list.dataIds, onOtherData };
  const definitions = definitionsOf(side, list);
  const enter = ({ ledger: next, notes }: Entry): undefined => {
    ledger = next;
    for (const one of notes) note(one);
    const { place } = ledger;
    const [db = '', name = ''] = list.compare[place?.table ?? count - 1] ?? [];
    tell(`${tableText({ db, name })} (${(place?.table ?? count - 1) + 1} of ${count}): ${countsText(ledger.compared)}`);
  };
  return { next, ledger: () => ledger };

  async function next(): Promise<'over' | FailedStep | undefined> {
    const { place } = ledger;
    if (ledger.isVoid) return otherData(`${tools.step.commands.source?.host} or ${tools.step.host}`, tools.step.host);
    if (!place) {
      tell(countsText(ledger.compared), true);
      return 'over';
    }
    const [db = '', name = ''] = list.compare[place.table] ?? [];
    const current = { place, count, table: tableText({ db, name }) };
    const defined = await definitions(place.table);
    if ('ok' in defined) return defined;
    if ('why' in defined) return enter(left(ledger, current, defined.why));
    const held = await whileHeld(side, states, limits);
    if (!held.ok) return held;
    states = {};
    ledger = { place, compared: { ...ledger.compared, heldMs: ledger.compared.heldMs + held.heldMs } };
    return await readNext({ ...current, name: { db, name }, defined });
  }

  async function readNext(at: At): Promise<FailedStep | undefined> {
    const { place, defined } = at;
    const { key } = defined.source;
    const about = list.compare[place.table];
    if (place.to === null && key && !place.ends) return await findLast(at, key);
    if (place.to !== undefined) return await readRange(at);
    if (about && isFew(about) && isUntouched(place)) return await readFew(place);
    if (key) return await findEnd(at, key);
    if ((about?.[3] ?? 0) > maxKeylessBytes)
      return enter(
        left(ledger, at, 'it has no key by which ranges can be read, and is too large to be read as a whole'),
      );
    ledger = { ...ledger, place: { ...place, to: null } };
    return undefined;
  }

  /** This table and those after it, as far as they have few rows and are equal. */
  async function readFew({ table: first }: Place): Promise<FailedStep | undefined> {
    const tables = await fewTables(first);
    if ('ok' in tables) return tables;
    const verdicts = await equalTables(side, tables);
    if ('ok' in verdicts) return verdicts;
    for (const [at, verdict] of verdicts.entries()) {
      const { name, defined } = tables[at] as FewTable;
      states = verdict.states;
      const place = { ...placeAt(first + at), to: null };
      enter(judged(ledger, { place, count, table: tableText(name) }, defined.source, verdict, Date.now()));
    }
    // Its rows may be more than the server estimates.
    if (verdicts.length < tables.length && ledger.place) ledger = { ...ledger, place: { ...ledger.place, to: null } };
    return undefined;
  }

  async function fewTables(first: number): Promise<readonly FewTable[] | FailedStep> {
    const tables: FewTable[] = [];
    for (const index of fewFrom(list, first)) {
      const [db = '', name = ''] = list.compare[index] ?? [];
      const defined = await definitions(index);
      if ('ok' in defined) return defined;
      if ('why' in defined) break;
      tables.push({ name: { db, name }, defined });
    }
    return tables;
  }

  async function readRange(at: At): Promise<FailedStep | undefined> {
    const { place, name, defined } = at;
    const { key } = defined.source;
    const questions = {
      source: sumQuestion(name, defined.source, rangeOf(place)),
      replica: sumQuestion(name, defined.replica, rangeOf(place)),
      mayNarrow: key !== undefined && mayNarrow(place),
      ...(key && !isLastRange(place) && { bound: boundQuestion(name, { key }, rangeAfter(place), place.rows) }),
    };
    const verdict = await verdictOn(side, questions);
    if (!verdict.ok) return verdict;
    states = verdict.states;
    return enter(judged(ledger, at, defined.source, verdict, Date.now()));
  }

  /** Where the table ends. */
  async function findLast(at: At, key: NonNullable<Definition['key']>): Promise<FailedStep | undefined> {
    const { name, defined } = at;
    const range = rangeOf(at.place);
    const questions = {
      source: lastQuestion(name, { key }, range),
      replica: lastQuestion(name, { key: defined.replica.key ?? key }, range),
    };
    const last = await lastKeys(side, questions, key.parts);
    if (!last.ok) return 'is' in last ? enter(left(ledger, at, `its end can't be found: ${last.why}`)) : last;
    ledger = { ...ledger, place: endingAt(at.place, last.keys) };
    return undefined;
  }

  /** Where the next range of the table ends. */
  async function findEnd(at: At, key: NonNullable<Definition['key']>): Promise<FailedStep | undefined> {
    const { place, name } = at;
    const end = endOf(place);
    const range = { ...(place.from && { from: place.from }), ...(end && { to: end }) };
    const answer = await ask(side, 'source', { ask: { bound: boundQuestion(name, { key }, range, place.rows) } });
    if (!answer.ok)
      return 'is' in answer ? enter(left(ledger, at, `its ranges can't be found: ${answer.why}`)) : answer;
    states = { source: answer.told.state };
    const bound = readBound(answer.told, 'bound', key.parts);
    if (bound === undefined) return enter(left(ledger, at, 'a value of its key is not in the form of its column'));
    ledger = { ...ledger, place: { ...place, to: bound ?? end ?? null } };
    return undefined;
  }
}

/** What an earlier runner told of itself; undefined: it had not begun, or not in this form. */
function ledgerBefore({ record, step }: Tools): Ledger | undefined {
  const told = record().steps.find(({ name }) => name === step.name)?.progress?.place;
  return told === undefined ? undefined : ledgerSchema.safeParse(told).data;
}
