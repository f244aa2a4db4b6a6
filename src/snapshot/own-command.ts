// The command of the inventory that makes a host's snapshots, in place of lvcreate.
import { customText, type NamedCommand, stepCommandAt } from '../custom/named.ts';
import type { Host } from '../inventory/settings.ts';

/** Writes are blocked while it runs. */
const defaultDeadlineMs = 30_000;

export const snapshotCommandOf = (host: Pick<Host, 'commands'>): NamedCommand | undefined =>
  stepCommandAt(host, 'createSnapshot', defaultDeadlineMs);

/** `commands.createSnapshot makes it: /opt/snap.sh, as root; it is ended after 30 s` */
export const ownText = (command: NamedCommand, host: Host): string =>
  `commands.${command.name} makes it: ${customText(command, host)}`;
