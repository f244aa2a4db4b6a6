// What is wrong with a host, in an operator's words, the worst first. Pure, and without the time of day: while an alert
// lasts its words stay the same, and the screen adds its age.
import type { HostReport, ReportPart } from '../../host/facts.ts';
import { commandDifferences, isAsked } from '../../host/server/commands.ts';
import type { Alert, AlertKind, HostPicture } from '../picture.ts';
import { serviceState } from '../service-state.ts';
import { errorLogAlerts } from './error-log.ts';
import { replicationAlerts } from './replication.ts';
import { serviceAlerts } from './service.ts';
import { storageAlerts } from './storage.ts';

/** Order of alerts: the host is unreachable, the service stopped, the service will stop soon, data is lost, lines to read. */
const rank: readonly AlertKind[] = [
  'unreachable',
  'noSudo',
  'down',
  'noLogin',
  'diskReadOnly',
  'corruption',
  'diskFull',
  'poolFull',
  'replicationBroken',
  'noSource',
  'replicationStopped',
  'replicationMissing',
  'replicationLag',
  'silent',
  'unanswered',
  'snapshotInvalid',
  'snapshotFull',
  'errorLog',
  'probe',
];

export function alertsOf(picture: HostPicture): Alert[] {
  const alerts = [...linkAlerts(picture), ...factAlerts(picture)];
  return alerts.toSorted((one, other) => rankOf(one) - rankOf(other));
}

/** The lowest is the worst. */
export const rankOf = ({ level, kind }: Pick<Alert, 'level' | 'kind'>): number =>
  (level === 'critical' ? 0 : rank.length) + rank.indexOf(kind);

function linkAlerts({ link }: HostPicture): Alert[] {
  if (link.state === 'silent') {
    const text = 'does not answer; what is shown is old';
    return [{ kind: 'silent', level: 'warning', text, sinceMs: link.sinceMs }];
  }
  if (link.state !== 'failed') return [];
  const { kind, message } = link.failure;
  // A host that refuses a key, a login or sudo is reachable: its message says what is wrong.
  const away = kind === 'unreachable' || kind === 'timeout';
  const text = away ? `unreachable: ${message}` : message;
  const reason = away ? { reason: message } : {};
  return [
    { kind: kind === 'sudo' ? 'noSudo' : 'unreachable', level: 'critical', text, ...reason, sinceMs: link.sinceMs },
  ];
}

/** Alerts from the host's last answer. They are shown while the host is unreachable too: they may be the reason. */
function factAlerts(picture: HostPicture): Alert[] {
  return [
    ...serviceAlerts(picture),
    ...replicationAlerts(picture),
    ...storageAlerts(picture.report),
    ...errorLogAlerts(picture),
    ...probeAlerts(picture),
  ];
}

const partWords: Readonly<Record<ReportPart, string>> = {
  system: 'system',
  service: 'service',
  server: 'server',
  config: 'options',
  replication: 'replication',
  disk: 'disk',
  datadirSize: 'size of the datadir',
  lvm: 'lvm',
  errorLog: 'error log',
  commands: 'commands of the inventory',
};

/** Whether another alert already says why the part is unknown, or the part does not apply. */
function isSpokenFor(part: ReportPart, picture: HostPicture): boolean {
  const state = serviceState(picture);
  switch (part) {
    case 'service':
      return state === 'unknown';
    case 'server':
    case 'config':
      return true;
    case 'replication':
      return !picture.report.server?.ok;
    case 'errorLog':
      return state === 'blank';
    case 'commands':
      return !isAsked(picture.host);
    default:
      return false;
  }
}

/** Facts that are unknown, and why. Parts with the same reason share one alert. */
function probeAlerts(picture: HostPicture): Alert[] {
  return [...partAlerts(picture), ...searchAlerts(picture.report), ...commandAlerts(picture.report)];
}

/** Commands of the inventory that say something else than reseed sees: both are told. */
const commandAlerts = (report: HostReport): Alert[] =>
  commandDifferences(report).map((text) => ({ kind: 'probe', level: 'warning', text }));

/** Only the last lines were read; the lines above them were not searched. */
function searchAlerts({ errorLog }: HostReport): Alert[] {
  if (!errorLog?.ok || errorLog.value.unsearched === undefined) return [];
  const text = `error log: ${errorLog.value.unsearched}; corrupt data that it reports above its last lines is unknown`;
  return [{ kind: 'unanswered', level: 'warning', text }];
}

/** The inventory has to name a log that reseed could not find. `reseed check` says so; it is no missing answer. */
const noLogToRead = /^no error log was found|^the server logs to its standard error/;

function partAlerts(picture: HostPicture): Alert[] {
  const { report } = picture;
  const untold = new Map<string, { readonly parts: ReportPart[]; readonly late: boolean }>();
  for (const part of Object.keys(report) as ReportPart[]) {
    const fact = report[part];
    // A missing tool is no sudden fault (a host without LVM, say): `reseed check` says what each host lacks.
    if (!fact || fact.ok || fact.missing || isSpokenFor(part, picture)) continue;
    const same = untold.get(fact.why) ?? { parts: [], late: fact.late === true };
    same.parts.push(part);
    untold.set(fact.why, same);
  }
  return [...untold].map(([why, { parts, late }]) => {
    const names = parts.map((part) => partWords[part]).join(', ');
    const unseen = parts.includes('errorLog') ? '; errors and corrupt data that it reports are unknown' : '';
    const untoldLog = parts.includes('errorLog') && !noLogToRead.test(why);
    return { kind: late || untoldLog ? 'unanswered' : 'probe', level: 'warning', text: `${names}: ${why}${unseen}` };
  });
}
