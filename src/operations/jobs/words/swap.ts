// Whether a seed may have moved a target's old data, as far as its journal knows. Pure.
import type { JobRecord } from '../../../job/journal/record.ts';
import type { Ran } from './deletion.ts';

/** False: the swap was not begun, or was refused before it moved anything. The words are seed-stage.sh's. */
export function isMoved({ steps }: JobRecord, commands: Ran, host: string): boolean {
  const name = `switch ${host}`;
  const state = steps.find((step) => step.name === name)?.state;
  if (state !== 'running' && state !== 'done' && state !== 'failed') return false;
  const last = commands.findLast(({ step, key }) => step === name && key === 'run');
  const refused = state === 'failed' && last?.said.includes('Nothing was moved');
  const undone = commands.some(({ step, said }) => step === `prepare ${host}` && said.includes('it was not moved'));
  return !refused && !undone;
}
