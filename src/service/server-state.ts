// Whether a server runs, for plans that will change that.
import type { HostReport, ServiceFacts } from '../host/facts.ts';

/** `down`: no process, whatever systemd reports. `between`: starting or stopping. */
export function serverState({ state, pid }: ServiceFacts): 'up' | 'down' | 'between' {
  if (state === 'activating' || state === 'deactivating' || state === 'reloading') return 'between';
  if (pid !== undefined) return 'up';
  return state === 'active' ? 'between' : 'down';
}

/** False: it runs, or that is not known. */
export const isServerDown = ({ service }: Pick<HostReport, 'service'>): boolean =>
  service?.ok === true && serverState(service.value) === 'down';
