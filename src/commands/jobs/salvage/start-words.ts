// --from of salvage: a host of the inventory, GTIDs, or a place in a log.
import type { Inventory } from '../../../inventory/settings.ts';
import type { Start } from '../../../operations/salvage/look.ts';
import { readGtidPosition, readGtidSet } from '../../../seed/replica/gtid-set.ts';

export type StartWords = Exclude<Start, { by: 'host' }> | { readonly by: 'host'; readonly host: string };

/** A text says what is wrong with it. */
export function readStart(from: string, { hosts }: Pick<Inventory, 'hosts'>): StartWords | string {
  if (hosts.some(({ name }) => name === from)) return { by: 'host', host: from };
  const [, file, position] = /^([A-Za-z0-9_.@+-]+\.\d{6,}):(\d{1,15})$/.exec(from) ?? [];
  if (file !== undefined && position !== undefined) {
    const at = Number(position);
    return at < 4 ? `${file} has no event before its byte 4` : { by: 'file', file, position: at };
  }
  const isGtid = from !== '' && (readGtidSet(from) !== undefined || readGtidPosition(from) !== undefined);
  if (isGtid) return { by: 'gtid', gtid: from.replaceAll(/\s/g, '') };
  return `--from ${from}: no host of the inventory, no GTIDs, and no FILE:POSITION`;
}
