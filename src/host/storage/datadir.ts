// A host's datadir, from its last answers. The whole program takes it from here: a guess could be another folder. Pure.
import type { HostReport } from '../facts.ts';

/**
 * From the server; else from the probe (its process's working folder, its last answer, its option files); else from the
 * option files; else from commands.datadir. undefined: unknown yet.
 */
export function datadirOf({ server, disk, config, commands }: HostReport): string | undefined {
  if (server?.ok) return server.value.datadir;
  if (disk?.ok) return disk.value.datadir;
  const named = config?.ok ? config.value.datadir : undefined;
  return named ?? (commands?.ok && commands.value.datadir?.ok ? commands.value.datadir.value.path : undefined);
}
