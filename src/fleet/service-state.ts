// Whether a host's server runs: one word from its process, its unit and its own answer. Pure.
import type { ServiceFacts } from '../host/facts.ts';
import { isStart } from '../host/log/stop-reason.ts';
import type { HostPicture } from './picture.ts';

export type ServiceState = 'up' | 'crash-looping' | 'starting' | 'stopping' | 'down' | 'blank' | 'closed' | 'unknown';

/**
 * `closed`: a process runs and did not accept our login. `blank`: a server that is not meant to run yet: not enabled,
 * not failed, and without data. `crash-looping`: systemd starts it again and again, and it may be up for a moment.
 * `down`: any other server that does not run.
 */
export function serviceState({ report }: Pick<HostPicture, 'report'>): ServiceState {
  const { service, server } = report;
  if (service?.ok && service.value.looping) return 'crash-looping';
  if (server?.ok) return 'up';
  if (!service?.ok) return 'unknown';
  const { state, pid } = service.value;
  if (state === 'activating' || state === 'reloading') return 'starting';
  if (state === 'deactivating') return 'stopping';
  if (pid !== undefined) return server ? 'closed' : 'up';
  return !service.value.unwhole && isBlank(service.value, report) ? 'blank' : 'down';
}

/**
 * A cluster manager's server is disabled too, and its log may have been rotated. So a server counts as unused only
 * where no start of it is logged, on a file system with next to nothing on it.
 */
function isBlank({ state, enabled, unit }: ServiceFacts, { errorLog, disk }: HostPicture['report']): boolean {
  if (unit === undefined) return true;
  if (state !== 'inactive' || !/^(?:disabled|masked|static)/.test(enabled)) return false;
  if (!disk?.ok) return disk !== undefined;
  const { mountPoint, datadir, sizeBytes, usedBytes } = disk.value;
  // Without a file system of its own, the figures say nothing about the datadir.
  const holdsData = datadir.startsWith(mountPoint) && mountPoint !== '/' && usedBytes > sizeBytes * blankShare;
  const everStarted = errorLog?.ok === true && errorLog.value.lines.some(({ text }) => isStart(text));
  return !holdsData && !everStarted;
}

/** The share that XFS itself uses; the smallest datadir is some 200 MB. */
const blankShare = 0.03;
