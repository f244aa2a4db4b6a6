// The datadir's file system, and the volume groups and thin pools below it. Pure.

import { thresholds } from '../../src/fleet/alerts/thresholds.ts';
import { usedPercent } from '../../src/fleet/disk-use.ts';
import type { HostPicture } from '../../src/fleet/picture.ts';
import type { DatadirSize, DiskFacts, Known } from '../../src/host/facts.ts';
import { shortSize } from '../../src/text/amounts.ts';
import { bar } from '../base/Bar.ts';
import {
  aged,
  agedSummary,
  field,
  joined,
  type PaneLine,
  type PaneScene,
  type PaneText,
  span,
  unknownField,
  unknownText,
} from './fields.ts';
import { fullness } from './fullness.ts';
import { agedTable, amid, tabled } from './pane-table.ts';
import { volumeColumns, volumeRows } from './volume-rows.ts';

const barCells = 12;

export function diskPane(picture: HostPicture, scene: PaneScene): PaneText {
  const { disk, datadirSize, lvm } = picture.report;
  const lines = [
    ...aged(diskLines(disk, scene), 'disk', picture, scene),
    ...aged([sizeLine(datadirSize, scene)], 'datadirSize', picture, scene),
  ];
  const title = 'disk';
  const summary = agedSummary(summaryOf(disk, scene), ['disk'], picture, scene);
  if (!lvm?.ok)
    return { title, summary, lines: [...lines, ...aged([unknownField('LVM', lvm, scene)], 'lvm', picture, scene)] };
  const { datadirVolume } = lvm.value;
  const none = field('volume', 'none: the datadir is on no volume');
  const above = datadirVolume ? lines : [...lines, ...aged([none], 'lvm', picture, scene)];
  const rows = volumeRows(lvm.value);
  if (rows.length === 0) return { title, summary, lines: above };
  const table = tabled(volumeColumns(rows, scene), rows, scene);
  return { title, summary, ...amid(above, agedTable(table, 'lvm', picture, scene)) };
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
