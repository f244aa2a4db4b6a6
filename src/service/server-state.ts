// Whether a server runs, for those who are about to change that.
import type { ServiceFacts } from '../host/facts.ts';

/** `down`: no process, whatever systemd thinks. `between`: on its way up or down. */
export function serverState({ state, pid }: ServiceFacts): 'up' | 'down' | 'between' {
  if (state === 'activating' || state === 'deactivating' || state === 'reloading') return 'between';
  if (pid !== undefined) return 'up';
  return state === 'active' ? 'between' : 'down';
}
