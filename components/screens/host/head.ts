// The top of a host's screen: the host, and its alerts. Pure.
import { hostBadge } from '../../../src/fleet/badges.ts';
import type { HostPicture } from '../../../src/fleet/picture.ts';
import { signsOf } from '../../base/theme.ts';
import { betweenEdges, truncateSpans } from '../../base/width.ts';
import { alertLines, type ShownAlert } from '../../panes/alert-lines.ts';
import { badgeSpan } from '../../panes/badge-span.ts';
import { agedSummary, joined, type PaneLine, type PaneScene, span } from '../../panes/fields.ts';

/** A line for the host, and its alerts: at most `most` lines. */
export function headLines(
  picture: HostPicture,
  { nowMs, look, width }: Omit<PaneScene, 'unasked'>,
  most: number,
  alerts: readonly ShownAlert[] = picture.alerts,
): readonly PaneLine[] {
  const { host, role, report } = picture;
  const { ellipsis } = signsOf(look);
  const system = report.system?.ok ? report.system.value : undefined;
  const words = joined(
    look,
    host.cluster,
    host.datacenter,
    role === 'unknown' ? 'role ?' : role,
    host.ssh.host === host.name ? undefined : host.ssh.host,
    host.readOnly && 'read-only',
  );
  const load = system && `load ${system.load[0].toFixed(2)} on ${system.cpus}`;
  const machine = system ? joined(look, system.os, agedSummary(load ?? '', ['system'], picture, { nowMs })) : '';
  const title = betweenEdges(
    [span(` ${host.name} `, 'strong'), badgeSpan(hostBadge(picture), look), span(`  ${words}`)],
    width >= 100 ? [span(`${machine} `, 'dim')] : [],
    width,
    ellipsis,
  );
  const room = Math.max(1, most - 1);
  const each = alerts.map((alert) => alertLines(alert, { nowMs, look, width }, { left: 1, right: 1 }));
  const all = each.flat().map((line) => truncateSpans(line, width, ellipsis));
  if (all.length <= room) return [title, ...all];
  const lines = all.slice(0, room - 1);
  // How many alerts are not shown in full.
  const whole = each.filter((_, at) => each.slice(0, at + 1).flat().length <= lines.length).length;
  const more = alerts.length - whole;
  const rest = [span(`   ${ellipsis} ${more} not whole here: reseed status ${host.name} has all`, 'dim')];
  return [title, ...lines, truncateSpans(rest, width, ellipsis)];
}
