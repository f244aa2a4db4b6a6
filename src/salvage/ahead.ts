// How many transactions a host has that another lacks, by what both told last. Pure.
import type { HostReport } from '../host/facts.ts';
import { lackedCount } from './gtids.ts';

/** 0: none, or that is not known. */
export function lackedBy(behind: HostReport, ahead: HostReport): number {
  const [here, there] = [behind.server, ahead.server];
  if (!here?.ok || !there?.ok || here.value.vendor !== there.value.vendor) return 0;
  const { vendor } = here.value;
  const join = (...gtids: readonly string[]) => gtids.filter((one) => one !== '').join(',');
  return lackedCount(
    vendor,
    join(there.value.gtidExecuted, ...channelsOf(ahead).flatMap(receivedIn)),
    join(here.value.gtidExecuted, ...channelsOf(behind).flatMap(({ gtidExecuted }) => gtidExecuted ?? [])),
  );
}

type Channels = Extract<NonNullable<HostReport['replication']>, { ok: true }>['value']['channels'];

const channelsOf = ({ replication }: HostReport): Channels => (replication?.ok ? replication.value.channels : []);
const receivedIn = ({ gtidRetrieved, gtidExecuted }: Channels[number]) => [
  ...(gtidRetrieved === undefined ? [] : [gtidRetrieved]),
  ...(gtidExecuted === undefined ? [] : [gtidExecuted]),
];
