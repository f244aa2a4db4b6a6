// What the steps of an attachment were planned with: into the journal, and out of it again.
import type { Vendor } from '../../host/facts.ts';
import type { Json, PlannedStep } from '../../job/plan.ts';
import { withPort } from '../../text/address.ts';
import { keptTexts } from './kept.ts';
import type { Follow } from './origin.ts';
import type { AttachPlan } from './plan.ts';
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
  /** Its further channels. */
  readonly channels: readonly ChannelInput[];
}

export interface ChannelInput {
  readonly name: string;
  /** Behind the keys of its commands and the names of its texts. */
  readonly mark: string;
  /** `db2 (10.77.0.12:3306)` */
  readonly source: string;
  /** Both of its threads are started: it has to catch up. */
  readonly runs: boolean;
}

export function inputOf(plan: AttachPlan): PlannedStep['input'] {
  const { vendor, version, follow, position, source, coordinatesOf, donorUuid = '', account, channels = [] } = plan;
  return {
    vendor,
    version,
    follow,
    position,
    coordinatesOf,
    donorUuid,
    source: { name: sourceName(source), host: source.host, port: source.port },
    accountFile: 'file' in account ? account.file : '',
    kept: keptTexts(plan.kept),
    channels: channels.map(({ channel, known }) => ({
      name: channel.name,
      mark: channel.mark,
      source: sourceName({ ...channel, ...(known && { known }) }),
      runs: channel.receives && channel.applies,
    })),
  };
}

export const sourceName = ({ known, host, port }: Pick<AttachPlan['source'], 'known' | 'host' | 'port'>) =>
  known ? `${known.name} (${withPort(host, port)})` : withPort(host, port);

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
    // A job that an older reseed began has none.
    channels: (input.channels ?? []) as unknown as readonly ChannelInput[],
  };
}
