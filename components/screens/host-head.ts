// The top of a host's screen: who it is, and all that is wrong with it. Pure.
import type { HostPicture } from '../../src/fleet/picture.ts';
import { shortDuration } from '../../src/text/amounts.ts';
import { signsOf } from '../base/theme.ts';
import { betweenEdges, truncateSpans } from '../base/width.ts';
import { joined, type PaneLine, type PaneScene, span } from '../panes/fields.ts';
import { stateOf, stateSpan } from './host-state.ts';

/** A line, and one for each alert: `most` lines at the most. */
export function headLines(
  picture: HostPicture,
  { nowMs, look, width }: Omit<PaneScene, 'unasked'>,
  most: number,
): readonly PaneLine[] {
  const { host, role, alerts, report } = picture;
  const { ellipsis, bad, warning } = signsOf(look);
  const system = report.system?.ok ? report.system.value : undefined;
  const words = joined(
    look,
    host.cluster,
    host.datacenter,
    role === 'unknown' ? 'role ?' : role,
    host.ssh.host === host.name ? undefined : host.ssh.host,
    host.readOnly && 'read-only',
  );
  const machine = system ? joined(look, system.os, `load ${system.load[0].toFixed(2)} on ${system.cpus}`) : '';
  const title = betweenEdges(
    [span(` ${host.name} `, 'strong'), stateSpan(stateOf(picture), look), span(`  ${words}`)],
    width >= 100 ? [span(`${machine} `, 'dim')] : [],
    width,
    ellipsis,
  );
  const room = Math.max(1, most - 1);
  const shown = alerts.slice(0, alerts.length > room ? room - 1 : room);
  const more = alerts.length - shown.length;
  return [
    title,
    ...shown.map(({ level, text, sinceMs }) => {
      const critical = level === 'critical';
      const age = sinceMs === undefined ? '' : `${shortDuration(nowMs - sinceMs)} `;
      const line = [
        span(` ${critical ? bad : warning} `, critical ? 'bad' : 'warning'),
        span(age, 'dim'),
        span(text, critical ? 'bad' : 'warning'),
      ];
      return truncateSpans(line, width, ellipsis);
    }),
    ...(more > 0 ? [[span(`   and ${more} more`, 'dim')]] : []),
  ];
}
