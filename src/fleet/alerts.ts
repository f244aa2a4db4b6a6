// What is wrong with a host, in an operator's words, the worst first. Pure, and without the time of day: an alert that stands
// keeps its words, and who shows it adds its age.
import type { HostReport, ReportPart } from '../host/facts.ts';
import { replicationAlerts } from './alerts-replication.ts';
import { serviceAlerts } from './alerts-service.ts';
import { storageAlerts } from './alerts-storage.ts';
import { errorLogAlerts } from './error-log.ts';
import type { Alert, AlertKind, HostPicture } from './picture.ts';

/** Who is out of reach first, then what stops the service, what stops it soon, what is lost, what is to be read. */
const rank: readonly AlertKind[] = [
  'unreachable',
  'down',
  'noLogin',
  'diskReadOnly',
  'corruption',
  'diskFull',
  'poolFull',
  'replicationBroken',
  'noSource',
  'replicationStopped',
  'replicationLag',
  'silent',
  'snapshotInvalid',
  'snapshotFull',
  'errorLog',
  'probe',
];

export function alertsOf(picture: HostPicture): Alert[] {
  const alerts = [...linkAlerts(picture), ...factAlerts(picture)];
  const weight = ({ level, kind }: Alert) => (level === 'critical' ? 0 : rank.length) + rank.indexOf(kind);
  return alerts.toSorted((one, other) => weight(one) - weight(other));
}

function linkAlerts({ link }: HostPicture): Alert[] {
  if (link.state === 'silent') {
    const text = 'gives no answer; what is shown is old';
    return [{ kind: 'silent', level: 'warning', text, sinceMs: link.sinceMs }];
  }
  if (link.state !== 'failed') return [];
  const { kind, message } = link.failure;
  // A key, a login or a sudo that is refused is a host that is there: its message says what is wrong.
  const away = kind === 'unreachable' || kind === 'timeout';
  const text = away ? `unreachable: ${message}` : message;
  return [{ kind: 'unreachable', level: 'critical', text, sinceMs: link.sinceMs }];
}

/** What was found when the host last answered. It is shown while it is away as well: it may be why. */
function factAlerts(picture: HostPicture): Alert[] {
  return [
    ...serviceAlerts(picture),
    ...replicationAlerts(picture.report),
    ...storageAlerts(picture.report),
    ...errorLogAlerts(picture),
    ...probeAlerts(picture.report),
  ];
}

/** Parts whose failure another alert tells of, or that say themselves why they are not there. */
const spokenFor: ReadonlySet<ReportPart> = new Set<ReportPart>([
  'service',
  'server',
  'replication',
  'config',
  'errorLog',
]);

/** A host without LVM, say, is no fault of the moment: `reseed check` says what lacks where. */
const missingTool = /is not installed$/;

function probeAlerts(report: HostReport): Alert[] {
  return (Object.keys(report) as ReportPart[])
    .filter((part) => !spokenFor.has(part))
    .flatMap((part) => {
      const fact = report[part];
      if (!fact || fact.ok || missingTool.test(fact.why)) return [];
      return [{ kind: 'probe', level: 'warning', text: `${part}: ${fact.why}` } as const];
    });
}
