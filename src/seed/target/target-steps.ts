// The steps on one target: its folder for the new data, its stopped server, the swap of old and new data. Each one is
// in a file of its own.
import { stopServer } from '../../service/stop-server.ts';
import { clearOld } from './clear-old.ts';
import { dropOld } from './drop-old.ts';
import { freeStart } from './free-start.ts';
import { holdStart } from './hold-start.ts';
import { noteReplication } from './note-replication.ts';
import { prepareFolder } from './prepare-folder.ts';
import { rememberServer } from './remember-server.ts';
import { swapData } from './swap-data.ts';
import { mayRun, type TargetPlan } from './target-plan.ts';

export function targetSteps(plan: TargetPlan) {
  const { host, report } = plan.target;
  const runs = mayRun(plan);
  return {
    remember: runs ? [rememberServer.plan(plan)] : [],
    prepare: prepareFolder.plan(plan),
    hold: holdStart.plan(plan),
    stop: runs ? [noteReplication.plan(plan), stopServer.plan({ host, report, unit: plan.unit, lane: host.name })] : [],
    clear: clearOld.plan(plan),
    change: swapData.plan(plan),
    free: freeStart.plan(plan),
    drop: dropOld.plan(plan),
  };
}
