// What the steps of an attachment were planned with, out of the journal again.
import type { Vendor } from '../../host/facts.ts';
import type { Json, PlannedStep } from '../../job/plan.ts';
import type { Follow } from './origin.ts';
import type { Position } from './words.ts';

export interface AttachInput {
  readonly vendor: Vendor;
  /** The target's. */
  readonly version: string;
  readonly follow: Follow;
  readonly position: Position;
  /** The step whose result has the coordinates of the snapshot. */
  readonly coordinatesOf: string;
  /** Empty: not known, or MariaDB, which has none. */
  readonly donorUuid: string;
  readonly source: { readonly name: string; readonly host: string; readonly port: number };
  /** Empty: the command `account` tells the account. */
  readonly accountFile: string;
  /** Texts of what the replica was, by their names in the statements. */
  readonly kept: Readonly<Record<string, Json>>;
}

/** Throws where the plan is not one of steps.ts: that is a bug. */
export function attachInput({ name, input }: PlannedStep): AttachInput {
  const text = (key: string, from: Readonly<Record<string, Json>> = input): string => {
    const value = from[key];
    if (typeof value !== 'string') throw new Error(`the plan of ${name} has no ${key}`);
    return value;
  };
  const source = input.source as Readonly<Record<string, Json>>;
  return {
    vendor: text('vendor') as Vendor,
    version: text('version'),
    follow: text('follow') as Follow,
    position: text('position') as Position,
    coordinatesOf: text('coordinatesOf'),
    donorUuid: text('donorUuid'),
    source: { name: text('name', source), host: text('host', source), port: Number(source.port) },
    accountFile: text('accountFile'),
    kept: input.kept as Readonly<Record<string, Json>>,
  };
}
