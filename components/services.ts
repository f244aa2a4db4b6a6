// What a screen may use: the stores it reads, and the few things that it can have done. src/console.ts makes it, and tests
// make their own; no screen knows what is behind.
import { createContext, use } from 'react';
import type { StoreApi } from 'zustand/vanilla';
import type { LogFollow } from '../src/fleet/log-follow.ts';
import type { FleetPicture } from '../src/fleet/picture.ts';
import type { ScreenStore } from './screen-store.ts';

export interface Services {
  readonly fleet: StoreApi<FleetPicture>;
  readonly screens: ScreenStore;
  /** `ops@jump1`: who is at the keyboard, and where. */
  readonly operator: string;
  /** As the operator named it. */
  readonly inventoryFile: string;
  /** No command that changes anything may be dispatched. */
  readonly readOnly: boolean;
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
  /** Asks every host now. */
  readonly refresh: () => void;
  /** Follows the error log of a host of the inventory, by name; whoever asked closes it. */
  readonly followLog: (host: string) => Promise<LogFollow>;
  /** The operator has looked at the host's error log: what is in it is no alert any more. */
  readonly markLooked: (host: string) => void;
  /** Shows `text` in $PAGER. The terminal has to be given away for it (useApp().suspendTerminal). Undefined, or why not. */
  readonly page: (text: string) => Promise<string | undefined>;
  /** Puts `text` into the operator's clipboard by OSC 52. What comes back is said: that it was sent, or why not. */
  readonly copy: (text: string) => string;
  /** Ends the console with this exit code. */
  readonly quit: (exitCode: number) => void;
}

export const ServicesContext = createContext<Services | undefined>(undefined);

export function useServices(): Services {
  const services = use(ServicesContext);
  if (!services) throw new Error('a screen needs a ServicesContext around it');
  return services;
}
