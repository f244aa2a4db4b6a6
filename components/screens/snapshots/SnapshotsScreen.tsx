// The snapshots of the whole fleet, made by reseed or not. Those of the datacenter of the previous screen come first. A
// row's text is in list.ts.
import { type ReactNode, useMemo } from 'react';
import { useStore } from 'zustand';
import { proposeJob, proposeProof } from '../../actions.ts';
import { useLook } from '../../base/theme.ts';
import type { Handlers } from '../../handlers.ts';
import { openScreen } from '../../screen-store.ts';
import { type Services, useServices } from '../../services.ts';
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
      columns={snapshotColumns(look)}
      summary={snapshotsSummary(listing, rows.length, width, look)}
      details={(row, lines) => snapshotDetails(row, lines, width, look)}
      handlers={snapshotHandlers(services, near)}
    />
  );
}

type Stores = Pick<Services, 'fleet' | 'jobs' | 'screens'>;

export const snapshotsNow = ({ fleet, jobs, screens }: Stores, near: string | undefined) =>
  snapshotRows({
    hosts: fleet.getState().hosts,
    jobs: jobs.store.getState().jobs,
    near,
    filter: screens.getState().snapshots.filter,
  });

/** The snapshot that is under the cursor now. */
export function snapshotUnderCursor(stores: Stores, near: string | undefined): SnapshotRow | undefined {
  const rows = snapshotsNow(stores, near);
  return rows[cursorIndex(rows, stores.screens.getState().snapshots)];
}

function snapshotHandlers(services: Services, near: string | undefined): Handlers {
  const { screens, copy } = services;
  const onRow = (act: (row: SnapshotRow) => string | undefined) => () => {
    const row = snapshotUnderCursor(services, near);
    return row ? act(row) : 'no snapshot is under the cursor';
  };
  const request = (verb: 'mount' | 'unmount' | 'remove') =>
    onRow(({ snapshot: { host, volume } }) => proposeJob(services, { verb, snapshot: volume.uuid }, host.name));
  return {
    ...hostActions(services, () => snapshotUnderCursor(services, near)?.snapshot.host.name),
    'snapshot.mount': request('mount'),
    'snapshot.unmount': request('unmount'),
    'snapshot.remove': request('remove'),
    'proof.restore': onRow(({ snapshot: { host, volume } }) =>
      proposeProof(services, host.name, { of: 'restore', snapshot: volume.uuid }),
    ),
    'host.open': onRow((row) => {
      openScreen(screens, { name: 'host', host: row.snapshot.host.name });
      return undefined;
    }),
    'text.copy': onRow(({ snapshot: { volume } }) => copy(`${volume.group}/${volume.volume}`)),
  };
}
