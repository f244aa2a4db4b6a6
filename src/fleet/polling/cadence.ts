// How often each part of a report is asked for. Cheap parts that change are asked for at each poll; costly or constant
// ones seldom.
import type { ReportPart } from '../../host/facts.ts';

/** For a console. One report costs the host some 0.1 s of one core. */
export const pollIntervalMs = 5000;

/** The parts that a row of the fleet shows. They are asked for first, alone, so that the rows fill fast. */
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
  // Programs of the operator's, and their answers seldom change.
  commands: minuteMs,
  // du reads the inode of every table file.
  datadirSize: 10 * minuteMs,
};

/** For a server that does not answer, its option files are read instead; an operator may be repairing them right now. */
const configOfSilentServerMs = minuteMs / 2;

/** How often to ask for the part, depending on whether the host's server answers. */
export function askEveryMs(part: ReportPart, intervalMs: number, serverSpeaks: boolean): number {
  const everyMs = part === 'config' && !serverSpeaks ? configOfSilentServerMs : cadencesMs[part];
  return Math.max(everyMs, intervalMs);
}

/** For how long a value of the part counts as current. */
export function cadenceMs(part: ReportPart, intervalMs: number): number {
  return Math.max(cadencesMs[part], intervalMs);
}

/**
 * When to ask next. The hosts' turns are spread over the interval (`turn` in [0, 1) is this host's place in it), so
 * that neither this machine nor a bastion does everything at one moment. A turn that is nearly now is skipped.
 */
export function nextTurnMs(
  turn: number,
  { nowMs, intervalMs }: { readonly nowMs: number; readonly intervalMs: number },
) {
  const offsetMs = turn * intervalMs;
  const round = Math.ceil((nowMs + intervalMs / 2 - offsetMs) / intervalMs);
  return round * intervalMs + offsetMs;
}
