// Whether a host's server runs and accepts our login, and why not. Pure.
import type { HostReport, ServiceFacts, UnwholeData } from '../../host/facts.ts';
import { present } from '../../host/known.ts';
import { loopReason, loopText, messageOf, reasonOfStop } from '../../host/log/stop-reason.ts';
import { lineBrief } from '../../host/server/error-brief.ts';
import { unwholeAdvice, unwholeText } from '../../host/server/unwhole.ts';
import type { Alert, HostPicture } from '../picture.ts';
import { serviceState } from '../service-state.ts';

export function serviceAlerts(picture: HostPicture): Alert[] {
  const { report } = picture;
  const { service, server } = report;
  const state = serviceState(picture);
  if (state === 'unknown') {
    return service && !service.ok ? [unknownAlert(service)] : [];
  }
  if (!service?.ok || state === 'up') return [];
  const loop = loopText(report);
  if (loop !== undefined)
    return [{ kind: 'down', level: 'critical', text: loop, ...present('reason', loopReason(report)) }];
  if (state === 'starting' || state === 'stopping') {
    return [{ kind: 'down', level: 'warning', text: `${service.value.unit ?? 'mysql'} is ${state}` }];
  }
  if (state === 'closed') return server && !server.ok ? [closedAlert(server.why)] : [];
  if (state === 'blank') return [{ kind: 'down', level: 'warning', text: blankText(service.value) }];
  return [downAlert(service.value, report, picture.host.name)];
}

/** Neither systemd nor the server said whether it runs. */
const unknownAlert = ({ why }: { readonly why: string }): Alert => ({
  kind: 'unanswered',
  level: 'warning',
  text: `service: ${why}`,
});

/**
 * Access denied (1045, 1698) is about reseed's account. Any other refusal, such as too many connections, affects other
 * clients too.
 */
function closedAlert(why: string): Alert {
  if (/\b1129\b|is blocked because of many connection errors/i.test(why)) {
    const text = `mysql blocks this host after too many failed connections: ${why}; unblock it by its socket: FLUSH HOSTS (MariaDB), TRUNCATE TABLE performance_schema.host_cache (MySQL)`;
    return { kind: 'noLogin', level: 'warning', text };
  }
  const denied = /\b(?:1045|1698|1130)\b|access denied/i.test(why);
  return denied
    ? { kind: 'noLogin', level: 'warning', text: `mysql refuses the login of reseed: ${why}` }
    : { kind: 'noLogin', level: 'critical', text: `mysql runs and does not answer: ${why}` };
}

function blankText({ unit, enabled }: ServiceFacts): string {
  if (unit === undefined) return 'no MySQL or MariaDB was found';
  return `empty datadir: ${unit} is stopped and ${enabled}, and was never set up`;
}

function downAlert(service: ServiceFacts, { errorLog }: HostReport, host: string): Alert {
  if (service.unwhole) return unwholeAlert(service.unwhole, host);
  const line = errorLog?.ok ? reasonOfStop(errorLog.value) : undefined;
  const message = line && messageOf(line);
  const text = downText(service, message);
  return { kind: 'down', level: 'critical', text, ...present('reason', message && lineBrief(message)) };
}

/** What its log says last is of the server before that. */
function unwholeAlert(unwhole: UnwholeData, host: string): Alert {
  return { kind: 'down', level: 'critical', text: `${unwholeText(unwhole)}; ${unwholeAdvice(unwhole, host)}` };
}

function downText({ unit = 'mysql', state, subState, enabled }: ServiceFacts, message: string | undefined): string {
  if (message) return `${unit} is down: ${message}`;
  if (state === 'inactive') return `${unit} is stopped${enabled === 'enabled' ? '' : ` and ${enabled}`}`;
  return `${unit} is down (${state}, ${subState})`;
}
