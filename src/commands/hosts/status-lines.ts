// reseed status --watch in a pipe: a line for each change of a host, or of a job that works on it.
import type { FleetPicture, HostPicture } from '../../fleet/picture.ts';
import { type JobsAtWork, jobsAtWork } from '../../operations/jobs/at-work.ts';
import { jsonText } from '../answer.ts';
import { changesIn, hostState, jobChangesOn } from './status-changes.ts';
import { hostJson, isoTime } from './status-json.ts';

/** How `--watch` shows the picture. */
export interface Show {
  changed(picture: FleetPicture): void;
  end(): void;
}

interface Told {
  readonly state: string;
  readonly host: HostPicture;
  readonly jobs: JobsAtWork;
}

/** The journal is read once a second, however many hosts report. */
export function linesOfChanges(json: boolean, readJobs: () => JobsAtWork = jobsAtWork): Show {
  const told = new Map<string, Told>();
  let jobs = readJobs();
  let hosts: readonly HostPicture[] = [];
  const lines = (host: HostPicture, at: string) => {
    if (json) return [jsonText({ kind: 'status-change', version: 1, at, ...hostJson(host, jobs) })];
    const { name } = host.host;
    const before = told.get(name);
    const changes = [...changesIn(before?.host, host), ...jobChangesOn(name, before?.jobs ?? [], jobs)];
    return changes.map((line) => `${at}  ${name}  ${line}`);
  };
  const tell = () => {
    const at = isoTime(Date.now()) ?? '';
    for (const host of hosts) {
      const state = hostState(host, jobs);
      if (state === undefined || state === told.get(host.host.name)?.state) continue;
      for (const line of lines(host, at)) process.stdout.write(`${line}\n`);
      told.set(host.host.name, { state, host, jobs });
    }
  };
  const clock = setInterval(() => {
    jobs = readJobs();
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
