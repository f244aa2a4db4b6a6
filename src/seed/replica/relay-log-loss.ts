// A MariaDB that replicates by GTID deletes all its relay logs at any start of a thread while neither runs (sql/slave.cc, start_slave_threads):
// what its source has sent and it has not applied is gone. A receiver that tries to connect counts as running. Pure.
import type { ReplicationChannel, Vendor } from '../../host/facts.ts';

/** How a host applies what it has received; or where that would delete it, what can be done. Clean words, of a host's name. */
export function applyReceived(vendor: Vendor, host: string, channel: ReplicationChannel | undefined): string {
  if (vendor !== 'mariadb') {
    return `START REPLICA SQL_THREAD on ${host} applies them (START SLAVE SQL_THREAD before MySQL 8.0.22), and plan again`;
  }
  if (channel && channel.ioThread !== 'stopped')
    return `START SLAVE SQL_THREAD on ${host} applies them, and plan again`;
  return `do not start its replication: a MariaDB whose threads both stand deletes its relay logs at the next start. reseed salvage ${host} HOST applies them to another host, which has all of them then`;
}
