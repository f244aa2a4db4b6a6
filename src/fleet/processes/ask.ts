// The sessions of one host's server, asked while a screen or a verb shows them, and never with the polls of all hosts. ask.ts asks once, watch.ts again and
// again into a store.
import { type ProcessList, readProcesses } from '../../host/server/processes.ts';
import type { Host } from '../../inventory/settings.ts';
import { refused, type Trouble } from '../../remote/failure.ts';
import type { Remote } from '../../remote/remote.ts';
import { processesWords } from '../../scripts/processes-words.ts';

/** The most sessions that come; their count is whole. */
const maxSessions = 1000;

/** Longer than the script gives the server, and the option files, for two questions. */
const deadlineMs = 40_000;

export type ProcessAnswer =
  | { readonly ok: true; readonly list: ProcessList }
  | { readonly ok: false; readonly trouble: Trouble };

/** `script`: the text of processes.sh. */
export async function askProcesses(
  remote: Remote,
  { mysql }: Pick<Host, 'mysql'>,
  script: string,
  signal: AbortSignal,
): Promise<ProcessAnswer> {
  const told = await remote.exec(script, processesWords(mysql, maxSessions), {
    deadlineMs,
    signal,
    label: 'processes.sh',
  });
  if (!told.ok) return { ok: false, trouble: told };
  const list = readProcesses(told.stdout);
  if (list.ok) return { ok: true, list: list.value };
  return {
    ok: false,
    trouble: refused(`its server told no sessions: ${list.why}`, `look: reseed status ${remote.host}`),
  };
}
