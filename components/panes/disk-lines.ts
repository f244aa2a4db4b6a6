// The file system under the datadir, and the volume groups and thin pools behind it. Pure.
import { usedPercent } from '../../src/fleet/disk-use.ts';
import type { HostPicture } from '../../src/fleet/picture.ts';
import { thresholds } from '../../src/fleet/thresholds.ts';
import type { DatadirSize, DiskFacts, Known, LogicalVolume, LvmFacts, VolumeGroup } from '../../src/host/facts.ts';
import { shortSize } from '../../src/text/amounts.ts';
import { bar } from '../base/Bar.ts';
import type { Tone } from '../base/theme.ts';
import {
  aged,
  field,
  joined,
  type PaneLine,
  type PaneScene,
  type PaneText,
  span,
  unknownField,
  unknownText,
} from './fields.ts';

const barCells = 12;

export function diskPane(picture: HostPicture, scene: PaneScene): PaneText {
  const { disk, datadirSize, lvm } = picture.report;
  const lines = [
    ...aged(diskLines(disk, scene), 'disk', picture, scene),
    ...aged([sizeLine(datadirSize, scene)], 'datadirSize', picture, scene),
    ...aged(lvmLines(lvm, scene), 'lvm', picture, scene),
  ];
  return { title: 'disk', summary: summaryOf(disk, scene), lines };
}

function summaryOf(disk: Known<DiskFacts> | undefined, scene: PaneScene): string {
  if (!disk?.ok) return unknownText(disk, scene);
  const percent = usedPercent(disk.value);
  const used = percent === undefined ? '?' : `${Math.floor(percent)} % used`;
  return joined(scene.look, disk.value.mountPoint, used, `${shortSize(disk.value.freeBytes)} free`);
}

function diskLines(disk: Known<DiskFacts> | undefined, scene: PaneScene): readonly PaneLine[] {
  const { look } = scene;
  if (!disk?.ok) return [unknownField('mount', disk, scene)];
  const { mountPoint, device, fileSystem, sizeBytes, usedBytes, freeBytes, readOnly } = disk.value;
  const percent = usedPercent(disk.value);
  const tone = fullness(percent ?? 0, thresholds.diskPercent, thresholds.diskCriticalPercent);
  const words = joined(
    look,
    percent === undefined ? '? %' : `${Math.floor(percent)} %`,
    `${shortSize(usedBytes)} of ${shortSize(sizeBytes)}`,
    `${shortSize(freeBytes)} free`,
  );
  return [
    field('mount', `${mountPoint} (${fileSystem} on ${device})`),
    ...(readOnly ? [field('', [span('mounted read-only: the kernel does so after an error', 'bad')])] : []),
    field('used', [bar(percent, barCells, look, tone), span(` ${words}`, tone)]),
  ];
}

function sizeLine(size: Known<DatadirSize> | undefined, scene: PaneScene): PaneLine {
  return size?.ok ? field('datadir', `takes ${shortSize(size.value.usedBytes)}`) : unknownField('datadir', size, scene);
}

function lvmLines(lvm: Known<LvmFacts> | undefined, scene: PaneScene): readonly PaneLine[] {
  if (!lvm?.ok) return [unknownField('LVM', lvm, scene)];
  const { groups, volumes, datadirVolume } = lvm.value;
  const volume = datadirVolume ? `${datadirVolume.group}/${datadirVolume.volume}` : 'none: the datadir is on no volume';
  return [
    field('volume', volume),
    ...groups.map((group) => groupLine(group)),
    ...volumes.filter(({ kind }) => kind === 'thinPool').map((pool) => poolLine(pool, scene)),
  ];
}

function groupLine({ name, sizeBytes, freeBytes }: VolumeGroup): PaneLine {
  // Without room in the group no classic snapshot can be made.
  const words = `${name}: ${shortSize(freeBytes)} of ${shortSize(sizeBytes)} free`;
  return field('group', [span(words, freeBytes > 0 ? 'plain' : 'warning')]);
}

function poolLine({ group, volume, usedPercent: data, metadataPercent, valid }: LogicalVolume, { look }: PaneScene) {
  const worst = Math.max(data ?? 0, metadataPercent ?? 0);
  const tone = valid ? fullness(worst, thresholds.poolPercent, thresholds.poolCriticalPercent) : 'bad';
  const words = joined(
    look,
    `data ${percentText(data)}`,
    `metadata ${percentText(metadataPercent)}`,
    `${group}/${volume}`,
    !valid && 'FAILED',
  );
  return field('thin pool', [bar(data, barCells, look, tone), span(` ${words}`, tone)]);
}

export const percentText = (percent: number | undefined): string =>
  percent === undefined ? '?' : `${percent < 10 ? percent.toFixed(1) : Math.floor(percent)} %`;

/** More than `much` is a warning, more than `most` cannot wait. */
export function fullness(percent: number, much: number, most: number): Tone {
  if (percent > most) return 'bad';
  return percent > much ? 'warning' : 'plain';
}
