// What is wrong with the file system of the datadir, the snapshots and the thin pools of a host. Pure.
import type { DiskFacts, HostReport, LogicalVolume } from '../../host/facts.ts';
import { shortSize } from '../../text/amounts.ts';
import { usedPercent } from '../disk-use.ts';
import type { Alert } from '../picture.ts';
import { thresholds } from './thresholds.ts';

export function storageAlerts({ disk, lvm }: HostReport): Alert[] {
  return [...(disk?.ok ? diskAlerts(disk.value) : []), ...(lvm?.ok ? lvm.value.volumes.flatMap(volumeAlerts) : [])];
}

function diskAlerts(disk: DiskFacts): Alert[] {
  const alerts: Alert[] = [];
  if (disk.readOnly) {
    const text = `${disk.mountPoint} is read-only: the kernel does that after an error of the disk`;
    alerts.push({ kind: 'diskReadOnly', level: 'critical', text });
  }
  const percent = usedPercent(disk);
  if (percent !== undefined && percent > thresholds.diskPercent) {
    const level = percent >= thresholds.diskCriticalPercent ? 'critical' : 'warning';
    const text = `disk ${Math.floor(percent)} % full: ${shortSize(disk.freeBytes)} free on ${disk.mountPoint}`;
    alerts.push({ kind: 'diskFull', level, text });
  }
  return alerts;
}

function volumeAlerts(volume: LogicalVolume): Alert[] {
  if (volume.kind === 'snapshot') return snapshotAlerts(volume);
  return volume.kind === 'thinPool' ? poolAlerts(volume) : [];
}

function snapshotAlerts({ volume, valid, usedPercent: used }: LogicalVolume): Alert[] {
  if (!valid) {
    const text = `snapshot ${volume} is invalid: its room overflowed, and what it held is lost`;
    return [{ kind: 'snapshotInvalid', level: 'warning', text }];
  }
  if (used === undefined || used <= thresholds.snapshotPercent) return [];
  return [
    { kind: 'snapshotFull', level: 'warning', text: `snapshot ${volume} has used ${Math.floor(used)} % of its room` },
  ];
}

function poolAlerts({ volume, valid, usedPercent: data, metadataPercent: metadata }: LogicalVolume): Alert[] {
  if (!valid) return [{ kind: 'poolFull', level: 'critical', text: `thin pool ${volume} has failed` }];
  return [['data', data] as const, ['metadata', metadata] as const].flatMap(([of, percent]): Alert[] => {
    if (percent === undefined || percent <= thresholds.poolPercent) return [];
    const level = percent >= thresholds.poolCriticalPercent ? 'critical' : 'warning';
    const text = `thin pool ${volume} has used ${Math.floor(percent)} % of its ${of}: full, it stops every write`;
    return [{ kind: 'poolFull', level, text }];
  });
}
