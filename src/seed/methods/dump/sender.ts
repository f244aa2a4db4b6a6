// What is read on the donor for a dump, and the script that sends its rows through the job's channel.
import { dumpWords } from '../../../scripts/seed-dump-words.ts';
import { lockWords } from '../../../snapshot/lock-words.ts';
import { patienceSeconds as lockPatience } from '../../../snapshot/take-snapshot.ts';
import { donorFolder, targetWord } from '../../place.ts';
import type { Speaker } from '../../replica/words.ts';
import type { SeedRequest, Side } from '../../request.ts';
import { besideWords } from '../../target/state-places.ts';
import { patienceSeconds } from '../../transfer/moving-plan.ts';
import { blockedSeconds, type DumpTool } from './tools.ts';

export const dumpedData = ({ facts }: Side) => ({
  root: facts.datadir,
  reader: facts.owner ?? 'mysql:mysql',
  beside: besideWords(facts),
});

/** `tables`: the only ones that are dumped; absent: all. `speaker`: the server of the donor. */
export function dumpSender(
  { donor, job, compression }: SeedRequest,
  {
    tool,
    speaker,
    tables,
  }: { readonly tool: DumpTool; readonly speaker: Speaker; readonly tables?: readonly string[] },
) {
  const { lock, unlock, coordinates, source } = lockWords(speaker);
  return {
    script: 'seed-dump',
    args: dumpWords({
      ...donor.host.mysql,
      tool: tool.name,
      vendor: speaker.vendor === 'mariadb' ? 'mariadb' : 'mysql',
      busySeconds: lockPatience(donor.host),
      blockedSeconds,
      ...{ lock, unlock, coordinates, source },
      folder: donorFolder(job),
      compression,
      patienceSeconds,
      target: targetWord(0),
      ...(tables && { tables }),
    }),
  } as const;
}
