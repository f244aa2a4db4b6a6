// reseed status --watch in a pipe: a line for each change of a host, or of a job on it.

import type { FleetPicture, HostPicture } from '../../../fleet/picture.ts';
import {
  type JobsAtWork,
  type JobsHalfUndone,
  jobsAtWork,
  jobsHalfUndone,
} from '../../../operations/jobs/locks/at-work.ts';
import { knownProofs } from '../../../operations/proofs/past-proofs.ts';
import { jsonText } from '../../../text/json.ts';
import { dayText, isoTime } from '../../../text/times.ts';
import { withIsoTimes } from '../../json-times.ts';
import { changesIn, hostState, jobChangesOn, leftChangesOn } from './changes.ts';
import { hostJson } from './json.ts';

/** How `--watch` shows the picture. */
export interface Show {
  changed(picture: FleetPicture): void;
  end(): void;
}

interface Told {
  readonly state: string;
  readonly host: HostPicture;
  readonly jobs: JobsAtWork;
  readonly left: JobsHalfUndone;
}

/** Reads the journal at most once a second, however many hosts report. */
export function linesOfChanges(
  json: boolean,
  readJobs: () => JobsAtWork = jobsAtWork,
  readLeft: () => JobsHalfUndone = jobsHalfUndone,
  readProofs: typeof knownProofs = knownProofs,
): Show {
  const told = new Map<string, Told>();
  let jobs = readJobs();
  let left = readLeft();
  let proofs = json ? readProofs(Date.now()) : [];
  let hosts: readonly HostPicture[] = [];
  const lines = (host: HostPicture, at: string) => {
    if (json)
      return [jsonText(withIsoTimes({ kind: 'status-change', version: 1, at, ...hostJson(host, jobs, left, proofs) }))];
    const { name } = host.host;
    const before = told.get(name);
    const changes = [
      ...changesIn(before?.host, host),
      ...jobChangesOn(name, before?.jobs ?? [], jobs),
      ...leftChangesOn(name, before?.left ?? [], left),
    ];
    return changes.map((line) => `${at}  ${name}  ${line}`);
  };
  const tell = () => {
    const nowMs = Date.now();
    const at = json ? (isoTime(nowMs) ?? '') : dayText(new Date(nowMs));
    for (const host of hosts) {
      const state = hostState(host, jobs, left);
      if (state === undefined || state === told.get(host.host.name)?.state) continue;
      for (const line of lines(host, at)) process.stdout.write(`${line}\n`);
      told.set(host.host.name, { state, host, jobs, left });
    }
  };
  const clock = setInterval(() => {
    jobs = readJobs();
    left = readLeft();
    if (json) proofs = readProofs(Date.now());
    tell();
  }, 1000);
  return {
    changed: (picture) => {
      hosts = picture.hosts;
      tell();
    },
    end: () => clearInterval(clock),
  };
}
