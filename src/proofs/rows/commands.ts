// The commands of a proof of rows: each side is read by one, whatever is asked. Nothing of them is left on a host.
import type { Host } from '../../inventory/settings.ts';
import type { PlannedCommand } from '../../job/plan/plan.ts';
import { rowsWords } from '../../scripts/rows-words.ts';
import { replicaWords, type Speaker, serverWords } from '../../seed/replica/words.ts';
import { dataWords } from './data-id.ts';

export interface Spoken {
  readonly host: Host;
  readonly speaker: Speaker;
}

export interface SpokenSides {
  readonly source: Spoken;
  readonly replica: Spoken;
}

/** Of one statement. A range takes half a second; a table without a key is read as a whole. */
const limitMs = 20_000;
/** Two statements, a wait for GTIDs, and the way there and back. */
const deadlineMs = 120_000;

const sideCommand = ({ host, speaker }: Spoken): PlannedCommand => ({
  host: host.name,
  script: 'rows',
  args: rowsWords({
    ...host.mysql,
    vendor: speaker.vendor === 'mariadb' ? 'mariadb' : 'mysql',
    limitMs,
    state: `${serverWords} ${replicaWords(speaker)} ${dataWords(speaker)}`,
  }),
  deadlineMs,
});

export const sideCommands = ({ source, replica }: SpokenSides) => ({
  source: sideCommand(source),
  replica: sideCommand(replica),
});
