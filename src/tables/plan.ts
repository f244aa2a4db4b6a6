// The plan of named tables of a donor, put into a server that runs and keeps its others: they are dumped at known coordinates, loaded into a server of the
// job's own on the target, taken from there as tablespaces under other names, compared, and put in place by one statement. A replica is held, brought to exactly
// these coordinates before, and goes on from there.
import { lockHost } from '../job/lock-step.ts';
import type { Plan } from '../job/plan/plan.ts';
import type { StepDefinition } from '../job/plan/step-work.ts';
import { loadDump } from '../seed/methods/dump/load-dump.ts';
import { dumpedData, dumpSender } from '../seed/methods/dump/sender.ts';
import { mysqldumpTool } from '../seed/methods/dump/tools.ts';
import { copyData } from '../seed/transfer/steps/copy-data.ts';
import { listData } from '../seed/transfer/steps/list-data.ts';
import { openChannel } from '../seed/transfer/steps/open-channel.ts';
import { releaseDonor } from '../seed/transfer/steps/release-donor.ts';
import type { TablesJob } from './job.ts';
import { awaitDonor } from './steps/await-donor.ts';
import { bringTables } from './steps/bring-tables.ts';
import { catchUpTables } from './steps/catch-up-tables.ts';
import { dropOldTables } from './steps/drop-old-tables.ts';
import { goOn } from './steps/go-on.ts';
import { holdApplier } from './steps/hold-applier.ts';
import { openTables } from './steps/open-tables.ts';
import { prepareTables } from './steps/prepare-tables.ts';
import { reachPosition } from './steps/reach-position.ts';
import { swapTables } from './steps/swap-tables.ts';

export const tablesKinds: readonly StepDefinition[] = [
  prepareTables,
  holdApplier,
  awaitDonor,
  openTables,
  bringTables,
  reachPosition,
  swapTables,
  goOn,
  catchUpTables,
  dropOldTables,
];

/** `destroys`: the sentences of what is deleted at the end. */
export function planTables(tables: TablesJob, destroys: readonly string[]): Plan {
  const { request, target, names, donorSpeaker } = tables;
  const { donor, job, who } = request;
  const [from, to] = [donor.host.name, target.host.name];
  const replica = tables.replica && { ...tables, replica: tables.replica };
  const read = dumpedData(donor);
  const list = listData.plan({ request, read });
  const channel = openChannel.plan({ request, target, index: 0 });
  const copy = copyData.plan({
    request,
    ...read,
    isPart: true,
    sender: dumpSender(request, { tool: mysqldumpTool, speaker: donorSpeaker, tables: names }),
  });
  const load = loadDump.plan({ request, target, index: 0, tool: mysqldumpTool, tables: names });
  return {
    kind: 'tables',
    title: `tables ${from} → ${to}: ${namesText(names)}`,
    hosts: [from, to],
    destroys,
    steps: [
      lockHost.plan({ host: from, datadir: donor.facts.datadir, job, who }),
      lockHost.plan({ host: to, datadir: target.facts.datadir, job, who }),
      list,
      prepareTables.plan(tables),
      channel,
      ...(replica ? [holdApplier.plan(replica), awaitDonor.plan(tables)] : []),
      copy,
      load,
      releaseDonor.plan({ donor: from, made: [channel, load, copy, list] }),
      openTables.plan(tables),
      bringTables.plan(tables),
      ...(replica ? [reachPosition.plan(replica)] : []),
      swapTables.plan(tables),
      goOn.plan(tables),
      ...(replica ? [catchUpTables.plan(replica)] : []),
      dropOldTables.plan(tables),
    ],
  };
}

/** The first three. */
export const namesText = (names: readonly string[]): string =>
  names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
