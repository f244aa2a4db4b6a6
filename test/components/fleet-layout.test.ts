// What the rows of the fleet promise at any width, with any facts: no text is cut beside room, no line is longer than
// the screen, and no ✖ of a host is hidden.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fullLook } from '../../components/base/theme.ts';
import { spansWidth } from '../../components/base/width.ts';
import { leftByHost, unfinishedByHost } from '../../components/panes/job/job-words.ts';
import { withPlanned } from '../../components/panes/planned.ts';
import { inventoryOrder, worstFirst } from '../../components/screen-store.ts';
import type { Scene } from '../../components/screens/fleet/cells.ts';
import { columns, formsOf } from '../../components/screens/fleet/columns.ts';
import { headLine, layoutOf, rowLine } from '../../components/screens/fleet/layout.ts';
import { jobColumns, jobRows } from '../../components/screens/jobs/list.ts';
import { listRow, placedList } from '../../components/screens/list/layout.ts';
import { plainRow } from '../../components/screens/list/margin.ts';
import type { Alert, HostPicture } from '../../src/fleet/picture.ts';
import { recorded } from './console.tsx';
import { changedJob, recordedJobs, seedInCopy, withTargets } from './jobs.ts';

const { picture, recordedAtMs } = recorded('trouble');
const { views, recordedAtMs: jobsAtMs } = recordedJobs();
const gap = 2;
const marginCells = 3;

const words = fc.oneof(
  fc.constantFrom(
    '1062 duplicate key 1312 in drill.ledger',
    'mysql is stopped',
    '10.77.0.16 did not finish the SSH handshake within 15 s',
    '漢字のエラー',
  ),
  fc.lorem({ maxCount: 30 }),
);
const alert = fc.record({
  kind: fc.constantFrom<Alert['kind']>('down', 'noSource', 'diskFull', 'errorLog'),
  level: fc.constantFrom<Alert['level']>('critical', 'warning'),
  text: words,
  sinceMs: fc.option(
    fc.integer({ min: 0, max: 90_000_000 }).map((agoMs) => recordedAtMs - agoMs),
    { nil: undefined },
  ),
});

/** A recorded host with other names, figures and alerts. */
const host = fc
  .record({
    like: fc.constantFrom(...picture.hosts),
    name: fc.oneof(fc.constantFrom('db1', 'db2', '東京-db'), fc.stringMatching(/^[a-z0-9.-]{1,40}$/)),
    cluster: fc.constantFrom('shop', 'crm', undefined, 'a-cluster-with-a-long-name'),
    lagSeconds: fc.integer({ min: 0, max: 200_000 }),
    lateMs: fc.constantFrom(0, 0, 13 * 60_000),
    freeBytes: fc.integer({ min: 0, max: 2 ** 40 }),
    alerts: fc.array(alert, { maxLength: 3 }),
  })
  .map(({ like, name, cluster, lagSeconds, lateMs, freeBytes, alerts }): HostPicture => {
    const { replication, disk } = like.report;
    return {
      ...like,
      host: { ...like.host, name, ...(cluster !== undefined && { cluster }) },
      alerts: alerts
        .map(({ sinceMs, ...one }) => ({ ...one, ...(sinceMs !== undefined && { sinceMs }) }))
        .toSorted((one, other) => one.level.localeCompare(other.level)),
      partAtMs: Object.fromEntries(Object.entries(like.partAtMs).map(([part, atMs]) => [part, (atMs ?? 0) - lateMs])),
      report: {
        ...like.report,
        ...(disk?.ok && { disk: { ...disk, value: { ...disk.value, freeBytes } } }),
        ...(replication?.ok && {
          replication: {
            ...replication,
            value: {
              ...replication.value,
              channels: replication.value.channels.map((channel) => ({ ...channel, lagSeconds })),
            },
          },
        }),
      },
    };
  });

const fleets = fc.uniqueArray(host, {
  minLength: 1,
  maxLength: 8,
  selector: ({ host: { name } }) => name,
});
const widths = fc.integer({ min: 60, max: 240 });

/** A job of the first two hosts, some of whose progress may be trouble. */
function sceneOf(
  hosts: readonly HostPicture[],
  hasJob: boolean,
  stalledMs: number | undefined,
  hasPlan: boolean,
): Scene {
  const [donor, target] = hosts.map(({ host: { name } }) => name);
  const progress = { text: '', doneBytes: 27, totalBytes: 100, ...(stalledMs !== undefined && { stalledMs }) };
  const seed = withTargets(seedInCopy({ progress }), target ?? donor ?? '');
  const of = changedJob(seed, { plan: { ...seed.job.plan, hosts: [donor ?? '', target ?? ''] } });
  const jobs = unfinishedByHost(hasJob ? [of] : []);
  // What a rule has planned stands beside the alerts of its host.
  const planned = hosts.map(({ host: { name } }) => ({ host: name, text: 'recovery is planned: seed db2 → db3' }));
  const left = withPlanned(leftByHost([]), hasPlan ? planned : []);
  return { nowMs: Math.max(recordedAtMs, jobsAtMs), look: fullLook, jobs, left };
}

const drawn = fc.record({
  hosts: fleets,
  width: widths,
  hasJob: fc.boolean(),
  stalledMs: fc.constantFrom(undefined, 125_000),
  hasPlan: fc.boolean(),
  sort: fc.constantFrom(worstFirst, inventoryOrder),
});
const textOf = (spans: readonly { readonly text: string }[]) => spans.map(({ text }) => text).join('');

describe('rows of the fleet, at 60 to 240 columns, with any facts', () => {
  test('are as wide as the screen at most', () => {
    fc.assert(
      fc.property(drawn, ({ hosts, width, hasJob, stalledMs, hasPlan, sort }) => {
        const scene = sceneOf(hosts, hasJob, stalledMs, hasPlan);
        const layout = layoutOf({ rows: hosts, scene, sort, width });
        for (const one of hosts) expect(spansWidth(rowLine(layout, one, plainRow, scene))).toBeLessThanOrEqual(width);
        expect(spansWidth(headLine(layout, sort, fullLook, width))).toBe(width);
      }),
    );
  });

  test('cut no text beside room: then every column is as narrow as its texts, and none says nothing', () => {
    fc.assert(
      fc.property(drawn, ({ hosts, width, hasJob, stalledMs, hasPlan, sort }) => {
        const scene = sceneOf(hosts, hasJob, stalledMs, hasPlan);
        const layout = layoutOf({ rows: hosts, scene, sort, width });
        const wholeOf = (name: (typeof layout)[number]['name'], one: HostPicture) =>
          spansWidth(formsOf(name, one, scene).at(0) ?? []);
        const cut = layout.filter(({ name, width: cells }) => hosts.some((one) => wholeOf(name, one) > cells));
        if (cut.length === 0) return;
        const used = layout.reduce((sum, { width: cells }) => sum + cells + gap, marginCells - gap);
        expect(used).toBe(width);
        for (const { name, width: cells } of layout) {
          const texts = hosts.flatMap((one) => formsOf(name, one, scene).map(spansWidth));
          const arrow = name === sort.column ? 1 : 0;
          expect(cells, name).toBeLessThanOrEqual(Math.max(columns[name].title.length + arrow, ...texts));
        }
      }),
    );
  });

  test('show the ✖ of a host before its job and before any count', () => {
    fc.assert(
      fc.property(drawn, ({ hosts, width, hasJob, stalledMs, hasPlan, sort }) => {
        const scene = sceneOf(hosts, hasJob, stalledMs, hasPlan);
        const layout = layoutOf({ rows: hosts, scene, sort, width });
        const alertCells = layout.at(-1)?.width ?? 0;
        for (const one of hosts.filter(({ alerts }) => alerts.some(({ level }) => level === 'critical'))) {
          const cell = textOf(rowLine(layout, one, plainRow, scene)).trimEnd();
          const last = [...cell].slice(-alertCells).join('');
          expect(layout.at(-1)?.name).toBe('alert');
          expect(last, cell).toContain('✖ ');
          expect(last.slice(0, last.indexOf('✖')), cell).not.toMatch(/▶|\+\d/);
        }
      }),
    );
  });

  test('of different hosts look different, also where their names differ in the middle alone', () => {
    const place = fc.constantFrom('ams', 'fra', 'lon', 'nyc-east', '東京');
    const number = fc.integer({ min: 1, max: 20 });
    const long = fc
      .tuple(place, number)
      .map(([where, at]) => `mysql-${where}-${String(at).padStart(2, '0')}-replica-a`);
    const named = fc
      .tuple(fleets, fc.uniqueArray(long, { minLength: 8, maxLength: 8 }))
      .map(([hosts, names]) =>
        hosts.map((one, at): HostPicture => ({ ...one, host: { ...one.host, name: names[at] ?? '' } })),
      );
    fc.assert(
      fc.property(named, widths, (hosts, width) => {
        const scene = sceneOf(hosts, false, undefined, false);
        const layout = layoutOf({ rows: hosts, scene, sort: worstFirst, width });
        const cells = layout.find(({ name }) => name === 'host')?.width ?? 0;
        const drawnNames = hosts.map((one) => textOf(rowLine(layout, one, plainRow, scene)).slice(0, cells));
        expect(new Set(drawnNames).size).toBe(hosts.length);
      }),
    );
  });

  test('never have fewer columns on a wider screen', () => {
    fc.assert(
      fc.property(fleets, widths, (hosts, width) => {
        const scene = sceneOf(hosts, false, undefined, false);
        const namesAt = (cells: number) =>
          layoutOf({ rows: hosts, scene, sort: worstFirst, width: cells }).map(({ name }) => name);
        expect(namesAt(width + 1)).toEqual(expect.arrayContaining(namesAt(width)));
      }),
    );
  });
});

test('rows of the jobs cut no text beside room, at 60 to 240 columns', () => {
  const error = fc.option(fc.lorem({ maxCount: 40 }), { nil: undefined });
  fc.assert(
    fc.property(fc.array(error, { minLength: 1, maxLength: views.length }), widths, (errors, width) => {
      const some = errors.map((text, at) =>
        changedJob(views[at] ?? seedInCopy({}), text === undefined ? {} : { error: text, state: 'failed' }),
      );
      const rows = jobRows({ jobs: some }, '');
      const placed = placedList(jobColumns({ nowMs: jobsAtMs, look: fullLook }), rows, width);
      const used = placed.slots.reduce((sum, slot) => sum + slot.width + gap, marginCells - gap);
      expect(used).toBeLessThanOrEqual(width);
      for (const row of rows) expect(spansWidth(listRow(placed, row, plainRow, width, fullLook))).toBe(width);
      const isCut = placed.columns.some(({ cell }, at) =>
        rows.some((row) => spansWidth(cell(row, Number.POSITIVE_INFINITY)) > (placed.slots[at]?.width ?? 0)),
      );
      if (isCut) expect(used).toBe(width);
    }),
  );
});
