// A server's sources, the state of its replication, and its replicas. Pure.

import { thresholds } from '../../src/fleet/alerts/thresholds.ts';
import type { HostPicture } from '../../src/fleet/picture.ts';
import type { AttachedReplica, ReplicationChannel, ReplicationFacts } from '../../src/host/facts.ts';
import { errorBrief } from '../../src/host/server/error-brief.ts';
import type { JobView } from '../../src/job/journal/watch.ts';
import { lastRows, rowsText } from '../../src/proofs/rows/last-rows.ts';
import { withPort } from '../../src/text/address.ts';
import { shortDuration } from '../../src/text/amounts.ts';
import { type Look, signsOf, type Tone } from '../base/theme.ts';
import { courseLines } from './course-line.ts';
import {
  aged,
  agedSummary,
  field,
  joined,
  longField,
  type PaneLine,
  type PaneScene,
  type PaneText,
  span,
  unknownField,
  unknownText,
} from './fields.ts';

export function replicationPane(picture: HostPicture, scene: PaneScene, jobs: readonly JobView[] = []): PaneText {
  const { replication } = picture.report;
  const title = 'replication';
  if (!replication?.ok) {
    const lines = [unknownField('state', replication, scene), ...(before(picture, scene) ?? [])];
    return { title, summary: unknownText(replication, scene), lines: aged(lines, 'replication', picture, scene) };
  }
  const lines = [...linesOf(replication.value, picture, scene), ...rowsLines(picture, scene, jobs)];
  return {
    title,
    summary: agedSummary(summaryOf(replication.value, picture, scene.look), ['replication'], picture, scene),
    lines: aged(lines, 'replication', picture, scene),
  };
}

/** Whether its rows were those of its source when they were last compared. */
function rowsLines({ host }: HostPicture, scene: PaneScene, jobs: readonly JobView[]): readonly PaneLine[] {
  const rows = lastRows(
    host.name,
    jobs.map(({ job }) => job),
  );
  if (!rows) return [];
  return longField('rows', rowsText(rows, scene.nowMs), rows.result === 'different' ? 'bad' : 'plain', scene);
}

/** The server's last known replication. */
function before({ remembered }: HostPicture, { look }: PaneScene): readonly PaneLine[] | undefined {
  if (!remembered.replication) return undefined;
  const { channels, replicas } = remembered.replication;
  const sources = channels.map(({ sourceHost, sourcePort }) => withPort(sourceHost, sourcePort)).join(', ');
  const words = joined(
    look,
    sources && `replicated from ${sources}`,
    replicas.length > 0 && `${replicas.length} replicas`,
  );
  return words === '' ? undefined : [field('before', [span(words, 'dim')])];
}

function summaryOf({ channels, replicas }: ReplicationFacts, picture: HostPicture, look: Look): string {
  const sign = signsOf(look);
  const broken = channels.find((channel) => !runs(channel));
  const [first] = channels;
  const from = first && `from ${sourceText(first, 0, picture)}`;
  const state = broken ? `${sign.bad} ${threadsText(broken, look)}` : first && lagText(first);
  const on = replicas.length > 0 && `${replicas.length} ${replicas.length === 1 ? 'replica' : 'replicas'}`;
  return joined(look, from, channels.length > 1 && `${channels.length} channels`, state, on) || 'none';
}

function linesOf(facts: ReplicationFacts, picture: HostPicture, scene: PaneScene): readonly PaneLine[] {
  const { channels, replicas } = facts;
  const none = field('source', [span('none: it is no replica', 'dim')]);
  const names = picture.replicas;
  return [
    ...(channels.length === 0 ? [none] : channels.flatMap((channel, at) => channelLines(channel, at, picture, scene))),
    ...courseLines('lagSeconds', (seconds) => `${shortDuration(seconds * 1000)} behind`, scene),
    ...longField('replicas', replicas.map((replica) => replicaText(replica)).join(', ') || 'none', 'plain', scene),
    ...(names.length > 0 ? [field('', [span(`in the inventory: ${names.join(', ')}`, 'dim')])] : []),
  ];
}

const runs = ({ ioThread, sqlThread }: ReplicationChannel) => ioThread === 'running' && sqlThread === 'running';

const threadsText = ({ ioThread, sqlThread }: ReplicationChannel, look: Look) =>
  joined(look, `io ${ioThread}`, `sql ${sqlThread}`);

function lagText({ lagSeconds }: ReplicationChannel): string {
  return lagSeconds === undefined ? 'lag ?' : `lag ${shortDuration(lagSeconds * 1000)}`;
}

/** With the inventory's name, if every source is in the inventory. */
function sourceText({ sourceHost, sourcePort }: ReplicationChannel, at: number, { sources }: HostPicture): string {
  const address = withPort(sourceHost, sourcePort);
  const name = sources[at];
  return name === undefined || name === sourceHost ? address : `${name} (${address})`;
}

function channelLines(channel: ReplicationChannel, at: number, picture: HostPicture, scene: PaneScene) {
  const { look } = scene;
  const { name, sourceUser, tls, error, errorNumber } = channel;
  const source = joined(look, sourceText(channel, at, picture), `as ${sourceUser}`, tls ? 'TLS' : 'no TLS');
  const late = (channel.lagSeconds ?? Number.POSITIVE_INFINITY) > thresholds.lagSeconds;
  const tone: Tone = runs(channel) ? (late ? 'warning' : 'good') : 'bad';
  return [
    ...(name === '' ? [] : [field('channel', [span(name, 'strong')])]),
    field('source', source),
    field('threads', [span(joined(look, threadsText(channel, look), lagText(channel)), tone)]),
    ...(error === undefined ? [] : errorLines(error, errorNumber, scene)),
    ...placeLines(channel, look),
  ];
}

/** Number, object and cause first; then all that the server says. */
function errorLines(error: string, errorNumber: number | undefined, scene: PaneScene): readonly PaneLine[] {
  const brief = errorBrief(error, errorNumber);
  const whole = error === '' || brief.endsWith(error) ? [] : longField('', error, 'dim', scene);
  return [...longField('error', brief, 'bad', scene), ...whole];
}

function placeLines(channel: ReplicationChannel, look: Look): readonly PaneLine[] {
  const { autoPosition, gtidRetrieved, gtidExecuted, sourceLogFile, readSourceLogPosition } = channel;
  const file = sourceLogFile && `${sourceLogFile}:${readSourceLogPosition ?? '?'}`;
  return [
    ...(gtidRetrieved ? [field('received', gtidRetrieved)] : []),
    ...(gtidExecuted ? [field('executed', gtidExecuted)] : []),
    field('position', joined(look, autoPosition ? 'by GTID' : 'by file and position', file)),
  ];
}

function replicaText({ host, port, serverId }: AttachedReplica): string {
  const id = serverId === undefined ? '' : ` (id ${serverId})`;
  return `${host}${port === undefined ? '' : `:${port}`}${id}`;
}
