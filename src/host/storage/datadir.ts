// Where a host's data lies, from what it last said of itself. The one answer for all: a guess would lead to another folder. Pure.
import type { HostReport } from '../facts.ts';

/**
 * What the server says; else what the probe found (where its process works, what it said last, its option files); else the option
 * files. undefined: unknown yet.
 */
export function datadirOf({ server, disk, config }: HostReport): string | undefined {
  if (server?.ok) return server.value.datadir;
  if (disk?.ok) return disk.value.datadir;
  return config?.ok ? config.value.datadir : undefined;
}
