// Which source a target will have, from which coordinates, and with which account; or that it has none. Pure: planners and checks share it.
import { present } from '../../host/known.ts';
import type { Host } from '../../inventory/settings.ts';
import { atLeast } from '../../snapshot/lock-words.ts';
import { withPort } from '../../text/address.ts';
import { type AlonePlan, aloneText, detachKind, hasPersist, nextValues } from '../alone/plan.ts';
import { endingOf, isAlone } from '../ending.ts';
import { keptAccount, targetLog } from '../place.ts';
import { mayBeEncrypted, unprovedReason } from '../preflight/data/keyring-checks.ts';
import { installWords, listed, lostPlugins } from '../preflight/data/lost-plugins.ts';
import { hasGtid, isPermissive, versionOf } from '../preflight/identity/versions.ts';
import { findsLog } from '../preflight/replication/log-checks.ts';
import { mayHaveEvents } from '../preflight/replication/server-events.ts';
import type { SeedRequest, Side } from '../request.ts';
import { persistedOptions } from './persisted.ts';
import type { AccountPlace, AttachPlan, ChannelPlan, ServerPlan } from './plan.ts';
import { closedSince } from './read-only.ts';
import { accountHolder } from './source/account-holder.ts';
import { follows, hostAsSource, hostAt, isUp, type Source, whomToFollow } from './source/followed.ts';

type Replicating =
  | { readonly ok: true; readonly is: 'replica'; readonly plan: AttachPlan; readonly text: string }
  | { readonly ok: false; readonly text: string; readonly advice: string };

/** `alone`: it replicates from no host. */
export type Attachment =
  | Replicating
  | { readonly ok: true; readonly is: 'alone'; readonly plan: AlonePlan; readonly text: string };

export function attachmentOf(request: SeedRequest, target: Side): Attachment {
  const server = serverOf(request, target);
  if (!server) return unknownServer;
  if (isAlone(request, target)) return aloneOf(request, target, server);
  return endingOf(request).catchesUp ? replicaOf(request, target, server) : memberOf(request, target, server);
}

const unknownServer = { ok: false, text: 'its server is not known', advice: 'is one installed there?' } as const;

/** Of a replica of the donor's side, whatever the request says of its end. */
export function replicaAttachment(request: SeedRequest, target: Side): Replicating {
  const server = serverOf(request, target);
  return server ? replicaOf(request, target, server) : unknownServer;
}

/** Its replication after the seed; undefined: it will have none, or it can't be planned. */
export function replicaPlan(request: SeedRequest, target: Side): AttachPlan | undefined {
  const attachment = attachmentOf(request, target);
  return attachment.ok && attachment.is === 'replica' ? attachment.plan : undefined;
}

/** The same where its source can be asked before the seed: as it is now, it is what the target will replicate from. */
export function askedPlan(request: SeedRequest, target: Side): AttachPlan | undefined {
  const plan = replicaPlan(request, target);
  return plan?.source.isTarget ? undefined : plan;
}

function serverOf(request: SeedRequest, target: Side): ServerPlan | undefined {
  const { donor, job } = request;
  const taken = versionOf(target);
  const unit = target.report.service?.ok ? target.report.service.value.unit : undefined;
  if (!taken || unit === undefined) return undefined;
  const { position, coordinatesOf } = request.method.start(request);
  return {
    vendor: taken.vendor,
    version: taken.version,
    target: target.host,
    unit,
    datadir: target.facts.datadir,
    owner: target.facts.owner ?? 'mysql:mysql',
    errorLog: targetLog(target),
    job,
    position,
    dataName: request.method.dataName,
    coordinatesOf: coordinatesOf?.kind ?? '',
    ...(position === 'file' && isPermissive(donor) && { keepsGtids: true }),
    ...uuidOf(donor),
    ...eventsOf(request),
    ...lacksOf(request, target),
    persisted: persistedOptions(target.facts.persisted),
    ...(mayBeEncrypted(donor) && { mayBeEncrypted: true }),
    ...(unprovedReason(donor) !== undefined && { mayBeUnproved: true }),
  };
}

function aloneOf(request: SeedRequest, target: Side, server: ServerPlan): Attachment {
  const { writable = false, events = false, targets } = request;
  const plan: AlonePlan = {
    ...server,
    eventsBySql: true,
    writable,
    runsEvents: events,
    next: nextValues(target),
    members: targets.filter((one) => !isAlone(request, one)).map(({ host }) => host.name),
  };
  return { ok: true, is: 'alone', plan, text: aloneText(plan) };
}

/** A replica in a set of the job's own. */
function memberOf(request: SeedRequest, target: Side, server: ServerPlan): Replicating {
  const [primary = target] = request.targets;
  const account = memberAccount(request, target, server.vendor);
  if (!account) {
    return {
      ok: false,
      text: `no account is known that comes with the data of ${request.donor.host.name} and may replicate`,
      advice:
        '--account FILE, with user = and password = on lines of their own, and mode 600: of an account in that data',
    };
  }
  if (hasGtid(primary) !== hasGtid(target)) {
    const [on, off] = hasGtid(primary) ? [primary, target] : [target, primary];
    return {
      ok: false,
      text: `${on.host.name} has GTIDs, and ${off.host.name} has none (gtid_mode)`,
      advice: 'give both the same gtid_mode in their option files',
    };
  }
  const position = server.vendor === 'mariadb' || hasGtid(primary) ? 'gtid' : 'file';
  const { kept } = keptOf(request, target);
  const plan: AttachPlan = {
    ...server,
    follow: 'donor',
    source: { ...hostAsSource(primary, server.vendor, request.others), isTarget: true },
    position,
    coordinatesOf: detachKind,
    proof: server,
    account: account.place,
    ...present('closed', closedSince(target)),
    ...(kept && { kept: { ...kept, further: [] } }),
    ...(hasPersist(server) && server.eventsOff && { eventsBySql: true, keepsEventsOff: true }),
  };
  const by = position === 'file' ? 'file and position' : 'GTID';
  const text = `will replicate from ${primary.host.name}, by ${by}, as ${account.text}, which has to be in the data`;
  return { ok: true, is: 'replica', plan, text };
}

/** The one that a replica of the donor's side would have: it is in the data. */
function memberAccount(request: SeedRequest, target: Side, vendor: AttachPlan['vendor']) {
  const { accountFile } = request;
  if (accountFile !== undefined) return accountOf(request, target, undefined);
  const followed = whomToFollow(request, target, vendor);
  return followed.ok ? accountOf(request, target, followed.source) : undefined;
}

function replicaOf(request: SeedRequest, target: Side, server: ServerPlan): Replicating {
  const { donor } = request;
  const followed = whomToFollow(request, target, server.vendor);
  if (!followed.ok) return followed;
  const { follow, source } = followed;
  if (follow === 'source' && server.vendor === 'mariadb' && request.method.start(request).isByFile) {
    return byFile(request);
  }
  if (server.keepsGtids && !atLeast(server.version, [8])) return partOfGtids(donor);
  const account = accountOf(request, target, source);
  if (!account) {
    return {
      ok: false,
      text: `no account is known that replicates from ${withPort(source.host, source.port)}${untold(request, target)}`,
      advice: `--account FILE, with user = and password = on lines of their own, and mode 600${seedApart(request, target, source)}`,
    };
  }
  const plan: AttachPlan = {
    ...server,
    follow,
    source,
    ...donorLogsOf(request, target),
    account: account.place,
    ...keptOf(request, target),
    ...present('closed', closedSince(target)),
  };
  const name = source.known?.name ?? withPort(source.host, source.port);
  const by = plan.position === 'file' ? 'file and position' : 'GTID';
  const again =
    !request.method.donorRuns && source.known?.name === donor.host.name
      ? ', which is started again after the copy'
      : '';
  return { ok: true, is: 'replica', plan, text: `will replicate from ${name}${again}, by ${by}, as ${account.text}` };
}

/** As pluginChecks warned. */
function lacksOf({ donor, method }: SeedRequest, target: Side): Pick<AttachPlan, 'lacks'> {
  const lost = method.copies ? lostPlugins(donor, target) : [];
  if (lost.length === 0) return {};
  const install = installWords(lost, versionOf(target)?.vendor === 'mariadb');
  return { lacks: `${target.host.name} is without ${listed(lost)}, which its old data loaded: ${install}` };
}

/** Events of the donor come with its data. */
const eventsOf = (request: SeedRequest): Pick<AttachPlan, 'eventsOff'> =>
  request.method.copies && mayHaveEvents(request) ? { eventsOff: true } : {};

/**
 * A MariaDB that replicates by file and position. Until it has applied a transaction of each domain, its gtid_slave_pos
 * is older than its data, and its file position is its data's only while no applier runs.
 */
function byFile({ donor, snapshot }: SeedRequest): Extract<Attachment, { ok: false }> {
  const { name } = donor.host;
  return {
    ok: false,
    text: `${name} ${snapshot ? 'replicated' : 'replicates'} by file and position (Using_Gtid: No): whether its gtid_slave_pos is that of its data is not known`,
    advice: `on ${name}: STOP SLAVE; CHANGE MASTER TO MASTER_USE_GTID = slave_pos; START SLAVE; ${snapshot ? 'and take a new snapshot' : 'or --follow donor'}`,
  };
}

/** Before 8.0 a server may refuse to be told its GTIDs while gtid_mode is not ON. */
const partOfGtids = ({ host: { name } }: Side): Extract<Attachment, { ok: false }> => ({
  ok: false,
  text: `${name} gives GTIDs to a part of its transactions (gtid_mode is between OFF and ON), and the target would not know those that are in its data: once it asks by GTID, its source sends them once more`,
  advice: `bring gtid_mode of ${name} to ON, or back to OFF, and seed then`,
});

/** Whether the first target, which is the primary of a set, has a server that runs now. */
export const isPrimaryUp = ({ targets: [primary] }: Pick<SeedRequest, 'targets'>): boolean =>
  primary !== undefined && isUp(primary);

/** Whether a target will replicate from a donor whose server is down during the copy. */
export const followsStopped = (
  { method }: Pick<SeedRequest, 'method'>,
  { follow, source }: Pick<AttachPlan, 'follow' | 'source'>,
): boolean => !method.donorRuns && follow === 'donor' && !source.isTarget;

/** Whether its source accepts a login only once the data was copied. */
export const isSourceLate = (request: Pick<SeedRequest, 'method'>, plan: Pick<AttachPlan, 'follow' | 'source'>) =>
  plan.source.isTarget === true || followsStopped(request, plan);

function keptOf({ asked, others, job }: SeedRequest, { host, facts }: Side): Pick<AttachPlan, 'kept' | 'channels'> {
  const kept = asked?.replicas?.[host.name];
  if (kept === undefined || typeof kept === 'string') return {};
  const channels = kept.further.map((channel): ChannelPlan => {
    const known = hostAt(channel, others);
    const kept = keptAccount(facts.datadir, job, channel.mark);
    const account = { replica: host, datadir: facts.datadir, kept, channel: channel.name };
    return { channel, account, ...(known && { known }) };
  });
  return { kept, channels };
}

/** The sources of its further channels that are hosts of the inventory. */
export const furtherSources = ({ channels = [] }: AttachPlan): readonly Host[] =>
  channels.flatMap(({ known }) => known ?? []);

/**
 * The operator's file; else the account of a server that already logs in at that source: the donor, another replica,
 * the target itself.
 */
function accountOf(
  request: SeedRequest,
  target: Side,
  source: Source | undefined,
): { readonly place: AccountPlace; readonly text: string } | undefined {
  const { accountFile, donor, job } = request;
  if (accountFile !== undefined) return { place: { file: accountFile }, text: `the account in ${accountFile}` };
  if (!source) return undefined;
  const named = (host: Host) => `the account of ${host.name}`;
  const holder = accountHolder(request, target, source);
  if (!holder) return undefined;
  if (holder.is === 'donor') {
    return { place: { replica: donor.host, datadir: donor.facts.datadir }, text: named(donor.host) };
  }
  if (holder.is === 'other') {
    return { place: { replica: holder.one.host, datadir: holder.datadir }, text: named(holder.one.host) };
  }
  // Its data stays where nothing is copied, and the account with it.
  const kept = request.method.copies ? { kept: keptAccount(target.facts.datadir, job) } : {};
  return { place: { replica: target.host, datadir: target.facts.datadir, ...kept }, text: 'its own account' };
}

/** Hosts of the cluster that may have one, and could not be asked: on a busy machine all of them. */
function untold({ others, donor }: SeedRequest, target: Side): string {
  const clusters = [donor, target].map(({ host }) => host.cluster);
  const silent = others.filter(({ host, report }) => clusters.includes(host.cluster) && !report.replication?.ok);
  if (silent.length === 0) return '';
  const why = silent.map(({ host, away }) => `${host.name}${away === undefined ? '' : ` (${away})`}`);
  return `; whether these have one is not known, they did not tell of their replication: ${why.join(', ')}`;
}

/** A target of the same job may lose the account with its data before another target reads it. */
function seedApart({ targets }: SeedRequest, { host }: Side, source: Source): string {
  const knows = targets.find((one) => one.host.name !== host.name && follows(one, source) && isUp(one));
  return knows ? `; or seed ${host.name} in a job without ${knows.host.name}, whose server has the account` : '';
}

/** Only for MariaDB: its own writes are in its binary log, and nowhere else. */
function donorLogsOf({ donor, method }: SeedRequest, target: Side): Pick<AttachPlan, 'donorLogs'> {
  const { binaryLogs, places } = donor.facts;
  // A snapshot may contain fewer logs than the server has now.
  const count = method.donorRuns ? 1 : (binaryLogs?.count ?? 1);
  const isRead = places.some(({ kind }) => kind === 'binlog') && findsLog(donor, target);
  return isRead && versionOf(donor)?.vendor === 'mariadb' ? { donorLogs: Math.max(1, count) } : {};
}

function uuidOf({ report: { server }, facts }: Side) {
  const uuid = server?.ok ? server.value.serverUuid : facts.variables.server_uuid;
  return uuid === undefined ? {} : { donorUuid: uuid };
}
