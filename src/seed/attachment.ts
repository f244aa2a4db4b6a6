// Whom a target is to follow, from where, and as which account. Pure: what planners and checks agree on.
import type { HostReport, ReplicationChannel } from '../host/facts.ts';
import { marksOf } from '../host/snapshots.ts';
import type { Host } from '../inventory/settings.ts';
import { errorLogOf } from '../service/plan.ts';
import { serverState } from '../service/server-state.ts';
import type { Follow } from './attach/origin.ts';
import type { AccountPlace, AttachPlan } from './attach/steps.ts';
import type { Position } from './attach/words.ts';
import { keptAccount } from './place.ts';
import { versionOf } from './versions.ts';
import type { SeedWish, Side } from './wish.ts';

export type Attachment =
  | { readonly ok: true; readonly plan: AttachPlan; readonly text: string }
  | { readonly ok: false; readonly text: string; readonly advice: string };

/** The step whose result has the coordinates of a snapshot that was there before. */
export const coordinatesStep = 'coordinates';

interface Known {
  readonly host: Host;
  readonly report: HostReport;
}

export function attachmentOf(wish: SeedWish, target: Side): Attachment {
  const { donor, job } = wish;
  const taken = versionOf(target);
  const unit = target.report.service?.ok ? target.report.service.value.unit : undefined;
  if (!taken || unit === undefined) return no('its server is not known', 'is one installed there?');
  const followed = whomToFollow(wish, target, taken.vendor);
  if (!followed.ok) return followed;
  const { follow, source } = followed;
  const account = accountOf(wish, target, source);
  if (!account) {
    return no(
      `no account is known that replicates from ${source.host}:${source.port}`,
      '--account FILE, with user = and password = on lines of their own, and mode 600',
    );
  }
  const position = positionOf(wish);
  const plan: AttachPlan = {
    vendor: taken.vendor,
    version: taken.version,
    target: target.host,
    unit,
    datadir: target.facts.datadir,
    errorLog: errorLogOf(target),
    job,
    follow,
    position,
    source,
    coordinatesOf: wish.snapshot ? coordinatesStep : `snapshot ${donor.host.name}`,
    ...uuidOf(donor),
    account: account.place,
  };
  const name = source.known?.name ?? `${source.host}:${source.port}`;
  const by = position === 'file' ? 'file and position' : 'GTID';
  return { ok: true, plan, text: `will replicate from ${name}, by ${by}, as ${account.text}` };
}

type Followed =
  | { readonly ok: true; readonly follow: Follow; readonly source: Source }
  | Extract<Attachment, { ok: false }>;

/** Unless it is said: the donor's source, or the donor where it has none, or where that is the target itself. */
function whomToFollow({ donor, others, follow }: SeedWish, target: Side, vendor: 'mysql' | 'mariadb'): Followed {
  const channel = channelOf(donor);
  const given = channel && sourceOf(channel, [...others, donor]);
  // A primary that is rebuilt from one of its replicas.
  const isItself = given !== undefined && isHost(given, target.host);
  if (follow === 'source' && isItself) {
    return no('it would replicate from itself: it is what the donor follows', '--follow donor');
  }
  if (follow === 'source' && !given) {
    return no(`${donor.host.name} follows nobody: there is no source to follow`, '--follow donor');
  }
  if (given && !isItself && follow !== 'donor') return { ok: true, follow: 'source', source: given };
  return { ok: true, follow: 'donor', source: donorAsSource(donor, vendor) };
}

const no = (text: string, advice: string): Extract<Attachment, { ok: false }> => ({ ok: false, text, advice });

const channelOf = ({ report: { replication } }: Known): ReplicationChannel | undefined =>
  replication?.ok ? replication.value.channels[0] : undefined;

function sourceOf({ sourceHost, sourcePort, sourceUuid, tls }: ReplicationChannel, hosts: readonly Known[]) {
  const known = hosts.find(
    ({ host, report: { server } }) =>
      (sourceUuid !== undefined && server?.ok && server.value.serverUuid === sourceUuid) ||
      host.ssh.host === sourceHost,
  );
  return { host: sourceHost, port: sourcePort, tls, ...(known && { known: known.host }) };
}

const isHost = ({ host, known }: Source, target: Host): boolean =>
  known?.name === target.name || host === target.ssh.host;

/** MySQL has made itself certificates since 5.7; MariaDB has none before 11.4 unless somebody gave it some. */
function donorAsSource({ host, facts }: Side, vendor: 'mysql' | 'mariadb') {
  return { host: host.ssh.host, port: Number(facts.variables.port ?? 3306), tls: vendor === 'mysql', known: host };
}

type Source = ReturnType<typeof sourceOf>;

/** The operator's file; else that of a server which logs in there already: the donor, another replica, the target itself. */
function accountOf(
  { accountFile, donor, others, job, targets }: SeedWish,
  target: Side,
  source: Source,
): { readonly place: AccountPlace; readonly text: string } | undefined {
  if (accountFile !== undefined) return { place: { file: accountFile }, text: `the account in ${accountFile}` };
  const named = (host: Host) => `the account of ${host.name}`;
  if (follows(donor, source)) {
    return { place: { replica: donor.host, datadir: donor.facts.datadir }, text: named(donor.host) };
  }
  const other = others.find(
    (one) => follows(one, source) && !targets.some(({ host }) => host.name === one.host.name) && isUp(one),
  );
  const datadir = other?.report.server?.ok ? other.report.server.value.datadir : undefined;
  if (other && datadir !== undefined) return { place: { replica: other.host, datadir }, text: named(other.host) };
  if (!follows(target, source) || !isUp(target)) return undefined;
  const kept = keptAccount(target.facts.datadir, job);
  return { place: { replica: target.host, datadir: target.facts.datadir, kept }, text: 'its own account' };
}

function follows(one: Known, source: Source): boolean {
  const channel = channelOf(one);
  return channel?.sourceHost === source.host && channel.sourcePort === source.port;
}

const isUp = ({ report: { service } }: Known): boolean => service?.ok === true && serverState(service.value) === 'up';

/** A server that was copied while it was down tells by itself where it stands; so does one whose snapshot nobody proved. */
function positionOf({ donor, snapshot }: SeedWish): Position {
  const { server } = donor.report;
  const isMariadb = versionOf(donor)?.vendor === 'mariadb';
  const gtid = isMariadb || (server?.ok ? server.value.gtid : donor.facts.variables.gtid_mode?.toUpperCase() === 'ON');
  const told = snapshot ? marksOf(snapshot).proved : server?.ok === true;
  if (!gtid) return 'file';
  return told ? 'gtid' : 'here';
}

function uuidOf({ report: { server } }: Side) {
  return server?.ok && server.value.serverUuid !== undefined ? { donorUuid: server.value.serverUuid } : {};
}
