// The snapshots of the whole fleet, made by reseed or not. Those of the datacenter of the previous screen come first. A
// row's text is in list.ts.
import { type ReactNode, useMemo } from 'react';
import { useStore } from 'zustand';
import type { Subjects } from '../../../src/commands/dispatch.ts';
import { proposeJobs, proposeProofs } from '../../actions.ts';
import { useLook } from '../../base/theme.ts';
import type { Handlers } from '../../handlers.ts';
import { openScreen } from '../../screen-store.ts';
import { type Services, useServices } from '../../services.ts';
import { type Left, sayingLeft } from '../../several.ts';
import type { ScreenProps } from '../fleet/FleetScreen.tsx';
import { hostActions } from '../host/actions.ts';
import { cursorIndex } from '../list/cursor.ts';
import { ListScreen } from '../list/ListScreen.tsx';
import {
  type Listing,
  type SnapshotRow,
  snapshotColumns,
  snapshotDetails,
  snapshotRows,
  snapshotsSummary,
} from './list.ts';

interface SnapshotsScreenProps extends ScreenProps {
  readonly near: string | undefined;
}

export function SnapshotsScreen({ near, width, height }: SnapshotsScreenProps): ReactNode {
  const services = useServices();
  const look = useLook();
  const hosts = useStore(services.fleet, (picture) => picture.hosts);
  const jobs = useStore(services.jobs.store, (picture) => picture.jobs);
  const filter = useStore(services.screens, (state) => state.snapshots.filter);
  const listing = useMemo((): Listing => ({ hosts, jobs, near, filter }), [hosts, jobs, near, filter]);
  const rows = useMemo(() => snapshotRows(listing), [listing]);
  return (
    <ListScreen
      list="snapshots"
      width={width}
      height={height}
      rows={rows}
      rowsNow={() => snapshotsNow(services, near)}
      rowsWith={(words) => snapshotsNow(services, near, words)}
      columns={snapshotColumns(look)}
      summary={snapshotsSummary(listing, rows.length, width, look)}
      details={(row, lines) => snapshotDetails(row, lines, width, look)}
      handlers={snapshotHandlers(services, near)}
    />
  );
}

type Stores = Pick<Services, 'fleet' | 'jobs' | 'screens'>;

/** `filter`: another than that of the list. */
export const snapshotsNow = (
  { fleet, jobs, screens }: Stores,
  near: string | undefined,
  filter: string = screens.getState().snapshots.filter,
) =>
  snapshotRows({
    hosts: fleet.getState().hosts,
    jobs: jobs.store.getState().jobs,
    near,
    filter,
  });

/** The snapshot that is under the cursor now. */
function snapshotUnderCursor(stores: Stores, near: string | undefined): SnapshotRow | undefined {
  const rows = snapshotsNow(stores, near);
  return rows[cursorIndex(rows, stores.screens.getState().snapshots)];
}

function snapshotHandlers(services: Services, near: string | undefined): Handlers {
  const { screens, copy } = services;
  const onRow = (act: (row: SnapshotRow) => string | undefined) => () => {
    const row = snapshotUnderCursor(services, near);
    return row ? act(row) : 'no snapshot is under the cursor';
  };
  const rowsOf = ({ on }: Pick<Subjects, 'on'>) =>
    snapshotsNow(services, near).filter(({ id }) => on.some(({ row }) => row?.id === id));
  // Jobs of one host would wait for each other: those of one host are one job.
  const request = (verb: 'mount' | 'unmount' | 'remove') => (subjects: Subjects) =>
    proposeJobs(
      services,
      [...byHost(rowsOf(subjects))].map(([host, rows]) => ({
        request: { verb, snapshots: rows.map(({ snapshot }) => snapshot.volume.uuid) },
        host,
        rows: rows.map(({ id }) => id),
      })),
      subjects.left,
    );
  return {
    ...hostActions(services),
    'snapshot.mount': request('mount'),
    'snapshot.unmount': request('unmount'),
    'snapshot.remove': request('remove'),
    'proof.restore': (subjects) => {
      const [firsts, others] = firstOfEach(rowsOf(subjects));
      const wanted = firsts.map(({ id, snapshot: { host, volume } }) => {
        return { host: host.name, choice: { of: 'restore', snapshot: volume.uuid } as const, rows: [id] };
      });
      return proposeProofs(services, wanted, [...others, ...subjects.left]);
    },
    'host.open': onRow((row) => {
      openScreen(screens, { name: 'host', host: row.snapshot.host.name });
      return undefined;
    }),
    'text.copy': (subjects) => {
      const names = rowsOf(subjects).map(({ snapshot: { volume } }) => `${volume.group}/${volume.volume}`);
      return names.length === 0 ? 'no snapshot is under the cursor' : sayingLeft(copy(names.join('\n')), subjects);
    },
  };
}

const byHost = (rows: readonly SnapshotRow[]) => Map.groupBy(rows, ({ snapshot: { host } }) => host.name);

/** A host has one proof at a time. */
function firstOfEach(rows: readonly SnapshotRow[]): readonly [firsts: readonly SnapshotRow[], others: Left] {
  const groups = [...byHost(rows)];
  return [
    groups.flatMap(([, [first]]) => first ?? []),
    groups.flatMap(([host, [, ...others]]) =>
      others.map(({ name }) => ({ name, why: `${host} has one proof at a time` })),
    ),
  ];
}
