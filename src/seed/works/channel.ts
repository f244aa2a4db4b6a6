// Opens the way from the donor to one target, and proves it by the very port that the data will take. Opened again, what stands
// is used on: after the restart of either host there is less of it.

import { notDone } from '../../job/step-end.ts';
import type { StepEnd, StepTools } from '../../job/step-work.ts';
import { pollUnit } from './unit-of.ts';

export async function openChannel(tools: StepTools): Promise<StepEnd> {
  return (await openWay(tools, String(tools.step.input.target))) ?? { ok: true };
}

/** undefined: it is open. */
export async function openWay(tools: StepTools, target: string): Promise<Extract<StepEnd, { ok: false }> | undefined> {
  const { run, note } = tools;
  const key = await run(`key ${target}`);
  if (!key.ok) return notDone(key);
  const door = await pollUnit(tools, `look ${target}`);
  if (door?.state.kind === 'died' || door?.state.kind === 'ended') {
    const gone = await run(`end ${target}`);
    if (!gone.ok) return notDone(gone);
  }
  const opened = await run(`open ${target}`, { stdin: `${key.stdout.trim()}\n` });
  if (!opened.ok) return notDone(opened);
  const started = await run(`start ${target}`);
  if (!started.ok) return notDone(started);
  const port = await run(`port ${target}`);
  if (!port.ok) return notDone(port);
  const met = await run(`meet ${target}`, { stdin: port.stdout });
  if (!met.ok) return notDone(met);
  const listed = await run(`list ${target}`);
  if (!listed.ok) return notDone(listed);
  note(`the channel to ${target} is open: port ${port.stdout.split(' ')[0]}`);
  return undefined;
}
