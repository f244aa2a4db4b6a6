// The LVM snapshots of a host, of whatever volume: how much of their room is used, where they are mounted. Pure.
import type { HostPicture } from '../../src/fleet/picture.ts';
import { thresholds } from '../../src/fleet/thresholds.ts';
import type { LogicalVolume, LvmFacts } from '../../src/host/facts.ts';
import { isSnapshot } from '../../src/host/snapshots.ts';
import { shortDuration, shortSize } from '../../src/text/amounts.ts';
import { bar } from '../base/Bar.ts';
import { type Span, signsOf, type Tone } from '../base/theme.ts';
import { fitSpans } from '../base/width.ts';
import { fullness, percentText } from './disk-lines.ts';
import {
  aged,
  joined,
  type PaneLine,
  type PaneScene,
  type PaneText,
  span,
  unknownField,
  unknownText,
} from './fields.ts';

export function snapshotPane(picture: HostPicture, scene: PaneScene): PaneText {
  const { lvm, system } = picture.report;
  const title = 'snapshots';
  if (!lvm?.ok) {
    return {
      title,
      summary: unknownText(lvm, scene),
      lines: aged([unknownField('LVM', lvm, scene)], 'lvm', picture, scene),
    };
  }
  const snapshots = snapshotsOf(lvm.value);
  // The host's own clock dated them; ours may be another.
  const behindMs = system?.ok ? (picture.partAtMs.system ?? scene.nowMs) - system.value.clockMs : 0;
  const hostNowMs = scene.nowMs - behindMs;
  const lines = snapshots.flatMap((snapshot) => snapshotLines(snapshot, hostNowMs, scene));
  const none: readonly PaneLine[] = [[span(' none', 'dim')]];
  return {
    title,
    summary: summaryOf(snapshots, hostNowMs, scene),
    lines: aged(lines.length > 0 ? lines : none, 'lvm', picture, scene),
  };
}

/** The newest first. */
function snapshotsOf({ volumes }: LvmFacts): readonly LogicalVolume[] {
  return volumes.filter(isSnapshot).sort((one, other) => (other.createdSeconds ?? 0) - (one.createdSeconds ?? 0));
}

function summaryOf(snapshots: readonly LogicalVolume[], hostNowMs: number, { look }: PaneScene): string {
  const invalid = snapshots.filter(({ valid }) => !valid).length;
  const [newest] = snapshots;
  if (!newest) return 'none';
  return joined(
    look,
    String(snapshots.length),
    `newest ${ageText(newest, hostNowMs)}`,
    invalid > 0 && `${signsOf(look).bad} ${invalid} invalid`,
  );
}

function ageText({ createdSeconds }: LogicalVolume, hostNowMs: number): string {
  return createdSeconds === undefined ? '?' : shortDuration(hostNowMs - createdSeconds * 1000);
}

/** Its name, kind, age, size and use; below it what it is of, where it is mounted and what it is tagged with. */
function snapshotLines(snapshot: LogicalVolume, hostNowMs: number, { look, width }: PaneScene): readonly PaneLine[] {
  const { group, volume, origin, kind, sizeBytes, valid, mountPoints, tags, active } = snapshot;
  const { ellipsis } = signsOf(look);
  const figures: readonly Span[] = [
    span(` ${kind === 'snapshot' ? 'classic' : 'thin   '}`, 'dim'),
    span(`${ageText(snapshot, hostNowMs).padStart(7)} ${shortSize(sizeBytes).padStart(5)}  `),
    ...usageSpans(snapshot, look),
  ];
  const nameCells = Math.max(10, width - figureCells);
  const below = joined(
    look,
    `of ${group}/${origin ?? '?'}`,
    mountPoints.length > 0 ? `mounted on ${mountPoints.join(', ')}` : 'not mounted',
    !active && 'not active',
    tags.length > 0 && `tags ${tags.join(', ')}`,
  );
  return [
    [span(' '), ...fitSpans([span(volume, valid ? 'strong' : 'bad')], nameCells, ellipsis), ...figures],
    [span(`   ${below}`, 'dim')],
  ];
}

const useCells = 8;
const figureCells = 1 + ' classic'.length + '100 min 1023M  '.length + useCells + ' 100 % '.length;

/** Of a classic snapshot, of its copy-on-write room: full, it is lost. */
function usageSpans({ kind, usedPercent: used, valid }: LogicalVolume, look: PaneScene['look']): readonly Span[] {
  if (!valid) return [span(`${signsOf(look).bad} invalid`, 'bad')];
  const tone: Tone =
    kind === 'snapshot' ? fullness(used ?? 0, thresholds.snapshotPercent, thresholds.diskCriticalPercent) : 'plain';
  return [bar(used, useCells, look, tone), span(` ${percentText(used)}`, tone)];
}
