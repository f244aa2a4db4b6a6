// Which of the runs that wait may begin now: none on a host that a job works on, and no more jobs than the inventory allows. Pure.
import type { ScheduleLimits } from '../inventory/settings.ts';

const defaultLimits = { jobs: 4, perDatacenter: 2 } as const satisfies Required<ScheduleLimits>;

/** A job of the journal that is not over. */
export interface OpenJob {
  /** `job 41 (seed db1 to db3)` */
  readonly words: string;
  readonly hosts: readonly string[];
  /** Of a proof of rows: the cluster whose servers it reads. It only reads, for hours, and takes no place of others. */
  readonly rowsOf?: string;
  /** Why nothing is known to work on it now, as `its runner has ended`; absent: it is at work. Its hosts are still locked. */
  readonly still?: string;
}

interface Waiting {
  readonly id: number;
  /** All hosts that its job would work on: of a seed the donor too. */
  readonly hosts: readonly string[];
  /** `nightly` */
  readonly schedule: string;
  /** As of a job. */
  readonly rowsOf?: string;
}

export interface Place {
  readonly jobs: readonly OpenJob[];
  readonly limits: ScheduleLimits;
  readonly datacenterOf: (host: string) => string | undefined;
}

/** Why each waits; undefined: it may begin. The first of `waiting` comes first. */
export function queued(
  waiting: readonly Waiting[],
  { jobs, limits, datacenterOf }: Place,
): ReadonlyMap<number, string | undefined> {
  const open = [...jobs];
  const most = { ...defaultLimits, ...limits };
  const datacentersOf = (hosts: readonly string[]) =>
    new Set(hosts.map(datacenterOf).filter((name) => name !== undefined));
  const whyNot = ({ hosts, rowsOf }: Waiting): string | undefined => {
    const other = open.find((job) => job.hosts.some((host) => hosts.includes(host)));
    if (other) {
      const host = hosts.find((name) => other.hosts.includes(name));
      return `${host}: ${other.words} ${other.still === undefined ? 'works there' : `holds it, and ${other.still}`}`;
    }
    if (rowsOf !== undefined) return whyNoRows(open, rowsOf);
    const atWork = open.filter((job) => job.still === undefined && job.rowsOf === undefined);
    if (atWork.length >= most.jobs) return `${countOf(atWork.length)} at work (scheduleLimits.jobs is ${most.jobs})`;
    for (const datacenter of datacentersOf(hosts)) {
      const there = atWork.filter((job) => datacentersOf(job.hosts).has(datacenter));
      if (there.length >= most.perDatacenter) {
        return `${countOf(there.length)} at work in ${datacenter} (scheduleLimits.perDatacenter is ${most.perDatacenter})`;
      }
    }
    return undefined;
  };
  return new Map(
    waiting.map((run) => {
      const why = whyNot(run);
      if (why === undefined) open.push(asJob(run));
      return [run.id, why];
    }),
  );
}

const asJob = ({ schedule, hosts, rowsOf }: Waiting): OpenJob => {
  const words = `schedule ${schedule}`;
  return rowsOf === undefined ? { words, hosts } : { words, hosts: [], rowsOf };
};

/** The replicas of a cluster mostly have one source, and that works for its users. */
function whyNoRows(open: readonly OpenJob[], cluster: string): string | undefined {
  const other = open.find((job) => job.still === undefined && job.rowsOf === cluster);
  const where = cluster === '' ? 'of hosts without a cluster' : `in ${cluster}`;
  return other && `${other.words} is at work: one proof of rows at a time ${where}`;
}

const countOf = (jobs: number) => (jobs === 1 ? '1 job is' : `${jobs} jobs are`);
