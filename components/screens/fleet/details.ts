// The job and the alerts of the host under the cursor in full: a row shows only the beginning of one. Pure.
import { lastProof } from '../../../src/proofs/last-proof.ts';
import { lastRows, rowsText } from '../../../src/proofs/rows/last-rows.ts';
import { restoresText } from '../../../src/snapshot/list.ts';
import { type Span, signsOf } from '../../base/theme.ts';
import { truncateSpans } from '../../base/width.ts';
import { alertLines } from '../../panes/alert-lines.ts';
import { briefAndAge } from '../../panes/job/job-words.ts';
import { alertsOf, type Scene } from './cells.ts';
import type { FleetRow } from './rows.ts';

/** How many lines the details of a host get, on a screen of `height` lines with `rows` hosts: more where the list leaves space. */
export const detailHeightOf = (height: number, rows: number): number =>
  height >= 18 ? Math.max(fewestDetailRows, Math.min(maxDetailRows, height - 1 - rows)) : 0;
const fewestDetailRows = 4;
const maxDetailRows = 12;

/** At most `height` lines; empty for a host without alert, job and proof. */
export function detailLines(
  row: FleetRow | undefined,
  height: number,
  scene: Scene,
  width: number,
): readonly (readonly Span[])[] {
  if (row?.kind !== 'host' || height < 2) return [];
  const { host } = row.picture;
  const alerts = alertsOf(row.picture, scene);
  const { ellipsis, rule } = signsOf(scene.look);
  const view = scene.jobs.get(host.name);
  const jobs = view ? [[{ text: '   ' }, ...briefAndAge(view, scene.nowMs, scene.look, host.name)]] : [];
  const proof = lastProof(host.name, row.picture.report, scene.proofs ?? []);
  const rows = lastRows(host.name, scene.proofs ?? []);
  if (alerts.length + jobs.length === 0 && !proof && !rows) return [];
  const proved = [
    ...(proof
      ? [
          `last restore ${restoresText({ agoMs: Math.max(0, scene.nowMs - proof.atMs), tookMs: proof.tookMs, percent: proof.percent })}`,
        ]
      : []),
    ...(rows ? [rowsText(rows, scene.nowMs)] : []),
  ].map((text) => [{ text: `   ${text}` }]);
  const room = height - 1 - jobs.length - proved.length;
  const all = alerts.flatMap((alert) => alertLines(alert, { ...scene, width }, { left: 3, right: 0 }));
  const lines = all.length > room ? all.slice(0, Math.max(0, room - 1)) : all;
  return [
    [{ text: ` ${rule.repeat(2)} `, tone: 'dim' } as const, { text: host.name, tone: 'strong' } as const],
    ...jobs,
    ...lines,
    ...proved,
    ...(all.length > lines.length ? [[{ text: `   ${ellipsis} enter: whole`, tone: 'dim' } as const]] : []),
  ].map((line) => truncateSpans(line, width, ellipsis));
}
