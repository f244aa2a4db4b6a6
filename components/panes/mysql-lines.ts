// A host's server: its service and its own answers; while it does not answer, its option files. Pure.
import { hostBadge } from '../../src/fleet/badges.ts';
import type { HostPicture } from '../../src/fleet/picture.ts';
import type { ConfigFacts, Known, ServerFacts, ServiceFacts } from '../../src/host/facts.ts';
import { shortDuration } from '../../src/text/amounts.ts';
import type { Tone } from '../base/theme.ts';
import { versionText } from '../screens/fleet/cells.ts';
import { badgeSpan } from './badge-span.ts';
import { courseLines } from './course-line.ts';
import {
  aged,
  agedSummary,
  field,
  joined,
  type PaneLine,
  type PaneScene,
  type PaneText,
  span,
  unknownField,
} from './fields.ts';

export function mysqlPane(picture: HostPicture, scene: PaneScene): PaneText {
  const { report, remembered } = picture;
  const { look } = scene;
  const server = report.server?.ok ? report.server.value : undefined;
  const summary = joined(
    look,
    badgeSpan(hostBadge(picture), look).text,
    remembered.server && versionText(remembered.server),
    server && accessText(server),
  );
  const lines = [
    ...aged([serviceLine(report.service, scene)], 'service', picture, scene),
    ...(server
      ? aged(serverLines(server, scene), 'server', picture, scene)
      : [
          ...aged([silentLine(picture, scene)], 'server', picture, scene),
          ...aged(configLines(report.config, scene), 'config', picture, scene),
        ]),
  ];
  return { title: 'MySQL', summary: agedSummary(summary, ['service', 'server'], picture, scene), lines };
}

function serviceLine(service: Known<ServiceFacts> | undefined, scene: PaneScene): PaneLine {
  const { look } = scene;
  if (!service?.ok) return unknownField('unit', service, scene);
  const { unit, state, subState, enabled, pid } = service.value;
  const tone: Tone = state === 'failed' ? 'bad' : state === 'active' ? 'plain' : 'warning';
  const words = unit === undefined ? 'no unit of a MySQL or MariaDB' : `${unit} ${state} (${subState})`;
  const process = pid === undefined ? 'no process' : `pid ${pid}`;
  return field('unit', [span(joined(look, words, unit !== undefined && enabled, process), tone)]);
}

function serverLines(server: ServerFacts, scene: PaneScene): readonly PaneLine[] {
  const { look } = scene;
  const { serverUuid, threadsConnected, threadsRunning, maxConnections, uptimeSeconds } = server;
  const full = threadsConnected !== undefined && maxConnections !== undefined && threadsConnected >= maxConnections;
  const threads = `${threadsConnected ?? '?'} of ${maxConnections ?? '?'} connections`;
  return [
    field('version', joined(look, `${versionText(server)} (${server.fullVersion})`)),
    field('uptime', uptimeSeconds === undefined ? '?' : shortDuration(uptimeSeconds * 1000)),
    field('threads', [span(joined(look, threads, `${threadsRunning ?? '?'} running`), full ? 'bad' : 'plain')]),
    ...courseLines('threadsRunning', (count) => `${count} running`, scene),
    field('access', accessText(server)),
    field('server id', joined(look, String(server.serverId), serverUuid && `uuid ${serverUuid}`)),
    field('gtid', gtidText(server)),
    ...placeLines(server, look),
  ];
}

function accessText({ readOnly, superReadOnly }: Pick<ServerFacts, 'readOnly' | 'superReadOnly'>): string {
  if (superReadOnly) return 'super read-only';
  return readOnly ? 'read-only' : 'read-write';
}

function gtidText({ gtid, gtidExecuted, logBin }: ServerFacts): string {
  const log = logBin ? '' : ' (no binary log)';
  if (!gtid) return `off${log}`;
  return `${gtidExecuted === '' ? 'none yet' : gtidExecuted}${log}`;
}

function silentLine({ report, remembered }: HostPicture, scene: PaneScene): PaneLine {
  const { look } = scene;
  const unknown = unknownField('server', report.server, scene);
  const before = remembered.server;
  if (!before) return unknown;
  const words = joined(look, `was ${versionText(before)}`, accessText(before), `server id ${before.serverId}`);
  return [...unknown, span(`  ${words}`, 'dim')];
}

function configLines(config: Known<ConfigFacts> | undefined, scene: PaneScene): readonly PaneLine[] {
  if (!config?.ok) return [unknownField('options', config, scene)];
  return [field('', [span('as its option files say:', 'dim')]), ...placeLines(config.value, scene.look)];
}

interface Places {
  readonly port?: number;
  readonly socket?: string;
  /** Absent: unknown. */
  readonly datadir?: string;
  readonly errorLog?: string;
}

function placeLines({ port, socket, datadir, errorLog }: Places, look: PaneScene['look']): readonly PaneLine[] {
  const listens = joined(look, port !== undefined && `port ${port}`, socket);
  return [
    ...(listens === '' ? [] : [field('listens', listens)]),
    field('datadir', datadir ?? '?'),
    field('error log', errorLog === undefined ? 'not named' : errorLog || 'its standard error'),
  ];
}
