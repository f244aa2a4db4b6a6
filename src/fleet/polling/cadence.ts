// How often each part of a report is asked for. What is cheap and moves, at each poll; what is dear or stands still, seldom.
import type { ReportPart } from '../../host/facts.ts';

/** Of a console. The host does the work of one report in it, some 0.1 s of one core. */
export const pollIntervalMs = 5000;

/** What a row of the fleet shows: asked first, alone, so that the rows fill fast. */
export const cheapParts = ['system', 'service', 'server', 'replication', 'disk'] as const satisfies ReportPart[];

const minuteMs = 60_000;

/** 0: at each poll. */
const cadencesMs: Readonly<Record<ReportPart, number>> = {
  system: 0,
  service: 0,
  server: 0,
  replication: 0,
  disk: 0,
  errorLog: 0,
  // lvs takes a lock, and reads every device's label.
  lvm: minuteMs / 2,
  config: 10 * minuteMs,
  // du reads the inode of every table.
  datadirSize: 10 * minuteMs,
};

/** The option files stand in for a server that says nothing; an operator may be repairing them right now. */
const configOfSilentServerMs = minuteMs / 2;

/** The same for the part of a host whose server says nothing, or does. */
export function askEveryMs(part: ReportPart, intervalMs: number, serverSpeaks: boolean): number {
  const everyMs = part === 'config' && !serverSpeaks ? configOfSilentServerMs : cadencesMs[part];
  return Math.max(everyMs, intervalMs);
}

/** How long the value of a part is the newest there can be. */
export function cadenceMs(part: ReportPart, intervalMs: number): number {
  return Math.max(cadencesMs[part], intervalMs);
}

/**
 * When to ask next: the hosts' turns are spread over the interval (`turn` in [0, 1) is this host's place in it), so that
 * neither this machine nor a bastion does everything at one moment. A turn that is nearly now is left to the next.
 */
export function nextTurnMs(
  turn: number,
  { nowMs, intervalMs }: { readonly nowMs: number; readonly intervalMs: number },
) {
  const offsetMs = turn * intervalMs;
  const round = Math.ceil((nowMs + intervalMs / 2 - offsetMs) / intervalMs);
  return round * intervalMs + offsetMs;
}
