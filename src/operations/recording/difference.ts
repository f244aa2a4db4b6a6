// What changed between two values of JSON, as a value of JSON; and the later one made from the earlier one. A recording has little but such
// differences. Parts that are the same object are not looked at: a store keeps what an event did not change. Pure.
import { isDeepStrictEqual } from 'node:util';
import type { Json } from '../../job/plan/plan.ts';

export type Difference =
  /** The new value. */
  | { readonly is: Json }
  /** Keys that changed, and keys that went. */
  | { readonly in?: Readonly<Record<string, Difference>>; readonly gone?: readonly string[] }
  /** Of a list: changed items, by their places. */
  | { readonly at: readonly (readonly [number, Difference])[] }
  /** Of a list: from that place on so many went, and these came. */
  | { readonly from: number; readonly drop: number; readonly put: readonly Json[] }
  /** Of a list: so many went at its beginning, and these came at its end. */
  | { readonly past: number; readonly put: readonly Json[] };

type JsonObject = { readonly [key: string]: Json };

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isList = (value: unknown): value is readonly Json[] => Array.isArray(value);

/** undefined: they are equal. A property that is undefined counts as absent, as in JSON. */
export function difference(before: unknown, after: unknown): Difference | undefined {
  if (before === after) return undefined;
  if (isList(before) && isList(after)) return ofLists(before, after);
  if (isObject(before) && isObject(after)) return ofObjects(before, after);
  return { is: after as Json };
}

function ofObjects(before: JsonObject, after: JsonObject): Difference | undefined {
  const known = new Map(Object.entries(before).filter(([, value]) => value !== undefined));
  const now = Object.entries(after).filter(([, value]) => value !== undefined);
  const changed = now.flatMap(([key, value]) => {
    const one = known.has(key) ? difference(known.get(key), value) : { is: value };
    known.delete(key);
    return one === undefined ? [] : [[key, one] as const];
  });
  const gone = [...known.keys()];
  if (changed.length === 0 && gone.length === 0) return undefined;
  return {
    // A host may be called `__proto__`, and is a key in some lists.
    ...(changed.length > 0 && { in: Object.fromEntries(changed) }),
    ...(gone.length > 0 && { gone }),
  };
}

function ofLists(before: readonly Json[], after: readonly Json[]): Difference | undefined {
  let from = 0;
  while (from < before.length && from < after.length && isDeepStrictEqual(before[from], after[from])) from++;
  if (from === before.length && from === after.length) return undefined;
  const moved = from === 0 ? movedOn(before, after) : undefined;
  if (moved) return moved;
  let [end, endAfter] = [before.length, after.length];
  while (end > from && endAfter > from && isDeepStrictEqual(before[end - 1], after[endAfter - 1])) {
    end--;
    endAfter--;
  }
  if (end !== endAfter) return { from, drop: end - from, put: after.slice(from, endAfter) };
  const at = after.slice(from, end).flatMap((value, index) => {
    const one = difference(before[from + index], value);
    return one === undefined ? [] : [[from + index, one] as const];
  });
  return { at };
}

/** The last lines of a log that has grown. */
function movedOn(before: readonly Json[], after: readonly Json[]): Difference | undefined {
  const [first] = after;
  const drop = before.findIndex((one, index) => index > 0 && isDeepStrictEqual(one, first));
  const kept = before.length - drop;
  if (drop < 0 || kept > after.length || !isDeepStrictEqual(before.slice(drop), after.slice(0, kept))) return undefined;
  return { past: drop, put: after.slice(kept) };
}

/** Throws if the difference is not one of this value. Parts that did not change stay the same objects. */
export function patched(before: Json, change: Difference): Json {
  if ('is' in change) return change.is;
  if ('at' in change) return withItems(listOf(before), change.at);
  if ('from' in change) {
    const list = listOf(before);
    return [...list.slice(0, change.from), ...change.put, ...list.slice(change.from + change.drop)];
  }
  if ('past' in change) return [...listOf(before).slice(change.past), ...change.put];
  if (!isObject(before)) throw new Error('a difference of an object, and there is none');
  const entries = new Map(Object.entries(before));
  for (const key of change.gone ?? []) entries.delete(key);
  for (const [key, one] of Object.entries(change.in ?? {})) {
    const old = entries.get(key);
    if (old === undefined && !('is' in one)) throw new Error(`a difference of ${key}, and there is none`);
    entries.set(key, patched(old ?? null, one));
  }
  return Object.fromEntries(entries);
}

function listOf(value: Json): readonly Json[] {
  if (!isList(value)) throw new Error('a difference of a list, and there is none');
  return value;
}

function withItems(list: readonly Json[], at: readonly (readonly [number, Difference])[]): Json {
  const items = [...list];
  for (const [place, one] of at) {
    const old = items[place];
    if (old === undefined) throw new Error(`a difference of item ${place}, and there is none`);
    items[place] = patched(old, one);
  }
  return items;
}
