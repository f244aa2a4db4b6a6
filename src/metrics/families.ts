// What is measured, in the order of the text. Times are seconds since 1970: how old a thing is, is time() less that.
import type { Family } from './openmetrics.ts';

const gauge = (name: string, help: string): Family => ({ name: `reseed_${name}`, type: 'gauge', help });
const ofUnit =
  (unit: NonNullable<Family['unit']>) =>
  (name: string, help: string): Family => ({ name: `reseed_${name}_${unit}`, type: 'gauge', unit, help });
const seconds = ofUnit('seconds');
const bytes = ofUnit('bytes');
const ratio = ofUnit('ratio');

const build: Family = { name: 'reseed_build', type: 'info', help: 'The version of reseed.' };

export const families = {
  build,
  lookedAt: seconds('looked_timestamp', 'When the hosts were asked.'),
  jobs: gauge('jobs', 'Jobs of the journal by state; died: the runner of an unfinished job has ended.'),
  jobDone: bytes('job_done', 'Bytes that the running steps of a job have done.'),
  jobTotal: bytes('job_total', 'Bytes that the running steps of a job have to do.'),
  jobRate: gauge('job_bytes_per_second', 'Bytes a second of the connections of a job.'),
  lastSeed: seconds('last_seed_timestamp', 'When the last seed of a host ended well.'),
  lastProof: seconds('last_proof_timestamp', 'When a snapshot of a host was last proved to restore.'),
  lastRowProof: seconds(
    'last_row_proof_timestamp',
    'When all rows of a replica that were compared with its source were last equal.',
  ),
  lastSnapshot: seconds(
    'last_snapshot_timestamp',
    'When the newest valid snapshot of the datadir of a host was taken, by its clock.',
  ),
  hostUp: gauge('host_up', '1: the host answers; 0: it does not.'),
  serverUp: gauge('server_up', '1: the server runs; 0: it is known not to.'),
  lag: seconds('replication_lag', 'How far a replica is behind; no sample where a thread is stopped.'),
  replicates: gauge('replication_running', '1: all threads of all channels of a replica run; 0: one does not.'),
  alerts: gauge('alerts', 'Alerts of a host by level.'),
  alert: gauge('alert', '1: the host has an alert of that kind.'),
  diskUsed: ratio('datadir_disk_used', 'The used part of the file system of the datadir.'),
  snapshots: gauge('snapshots', 'Snapshots of the datadir.'),
  snapshotUsed: ratio('snapshot_used', 'The used part of the space of a classic snapshot; a full one is lost.'),
  snapshotValid: gauge('snapshot_valid', '0: the snapshot overflowed, and its data is lost.'),
  poolUsed: ratio('pool_used', 'The used part of the data space of a thin pool.'),
  poolMetadata: ratio('pool_metadata_used', 'The used part of the metadata space of a thin pool.'),
  scheduleOn: gauge('schedule_on', '0: the schedule is switched off.'),
  scheduleNext: seconds('schedule_next_timestamp', 'When a schedule comes next.'),
  scheduleLooked: seconds('schedule_looked_timestamp', 'When a tick last looked at a schedule.'),
  scheduleOk: gauge(
    'schedule_last_ok',
    '1: the last run of a schedule ended well; 0: it failed, was missed or refused.',
  ),
  notifyFailing: gauge('notify_failing', '1: the last message to a receiver was not taken.'),
} as const satisfies Readonly<Record<string, Family>>;

export const allFamilies: readonly Family[] = Object.values(families);
