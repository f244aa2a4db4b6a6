// The inputs of the steps of an attachment, written to the journal and read from it.
import { z } from 'zod';
import type { StepTools } from '../../job/plan/step-work.ts';
import { withPort } from '../../text/address.ts';
import { keptTexts } from './kept/kept.ts';
import type { AttachPlan, DataPlan } from './plan.ts';

const channelSchema = z.strictObject({
  name: z.string(),
  /** Comes after the keys of its commands and the names of its texts. */
  mark: z.string(),
  /** `db2 (10.77.0.12:3306)` */
  source: z.string(),
  /** Both of its threads will run, so it has to catch up. */
  runs: z.boolean(),
});

const dataFields = {
  vendor: z.enum(['mysql', 'mariadb']),
  /** The target's version. */
  version: z.string(),
  position: z.enum(['gtid', 'here', 'file']),
  /** For a job of an older reseed, whatever its method was. */
  dataName: z.string().default('the snapshot'),
  /** The kind of the step that finds the coordinates of the data. */
  coordinatesOf: z.string(),
  /** Whether the seed may go on without a proof that all tables can be read (plan.ts). True for a job of an older reseed. */
  mayBeUnproved: z.boolean().default(true),
};

/** Not strict: in jobs of an older reseed the input of an attachment stands in its place. */
export const dataSchema = z.object(dataFields);

export const attachSchema = z.strictObject({
  ...dataFields,
  follow: z.enum(['donor', 'source']),
  /** Empty: unknown, or MariaDB, which has none. */
  donorUuid: z.string(),
  source: z.strictObject({ name: z.string(), host: z.string(), port: z.number() }),
  /** Empty: the command `account` reads the account. */
  accountFile: z.string(),
  /** Texts of its former replication settings, by their names in the statements. */
  kept: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  /** Its event scheduler is off (plan.ts). */
  eventsOff: z.boolean().default(false),
  /** It stays off at its next starts too (plan.ts). */
  keepsEventsOff: z.boolean().default(false),
  /** A sentence about plugins that it is without (plan.ts); empty: none is known of. */
  lacks: z.string().default(''),
  /** A sentence about read_only, which is another than it was; empty: it is not, or a job of an older reseed. */
  closed: z.string().default(''),
  /** The GTIDs of the data are told to it though it begins by file (plan.ts). False for a job of an older reseed. */
  keepsGtids: z.boolean().default(false),
  /** How many binary logs of the donor it reads (plan.ts); 0: none, or a job of an older reseed. */
  donorLogs: z.number().default(0),
  /** Its further channels; empty for a job of an older reseed. */
  channels: z.array(channelSchema).default([]),
});

export type AttachInput = z.infer<typeof attachSchema>;
export type DataInput = z.infer<typeof dataSchema>;
/** The tools of the steps of an attachment. */
export type AttachTools = StepTools<AttachInput>;
export type ChannelInput = z.infer<typeof channelSchema>;

export function dataInputOf(plan: DataPlan): z.input<typeof dataSchema> {
  const { vendor, version, position, dataName, coordinatesOf, mayBeUnproved = false } = plan;
  return { vendor, version, position, dataName, coordinatesOf, mayBeUnproved };
}

export function inputOf(plan: AttachPlan): z.input<typeof attachSchema> {
  const {
    follow,
    source,
    donorUuid = '',
    account,
    channels = [],
    eventsOff = false,
    keepsEventsOff = false,
    lacks = '',
    closed = '',
    donorLogs = 0,
  } = plan;
  return {
    ...dataInputOf(plan),
    follow,
    donorUuid,
    source: { name: sourceName(source), host: source.host, port: source.port },
    accountFile: 'file' in account ? account.file : '',
    kept: keptTexts(plan.kept),
    eventsOff,
    keepsEventsOff,
    lacks,
    closed,
    donorLogs,
    ...(plan.keepsGtids && { keepsGtids: true }),
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
