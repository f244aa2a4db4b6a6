// The plan of a salvage: transactions of one host's logs, applied on another as what they were. Its order: the logs come in parts, are compared with the plan by the
// target's own programs, are applied, and the GTIDs are compared.
import { lockHost } from '../job/lock-step.ts';
import type { Plan } from '../job/plan/plan.ts';
import type { StepDefinition } from '../job/plan/step-work.ts';
import { applyLogs, awaitApply } from './apply-logs.ts';
import { bringLogs } from './bring-logs.ts';
import { checkLogs } from './check-logs.ts';
import { confirmSalvage } from './confirm.ts';
import type { SalvageJob } from './job.ts';
import { countText } from './lines.ts';
import { openServer } from './open-server.ts';
import type { LogFile, Tail } from './tail.ts';

export const salvageKinds: readonly StepDefinition[] = [
  bringLogs,
  checkLogs,
  openServer,
  applyLogs,
  awaitApply,
  confirmSalvage,
];

/** Logs with a transaction; the magic number of a log goes before its parts. */
export function logsToBring({ logs, transactions }: Tail): LogFile[] {
  const used = new Set(transactions.map(({ log }) => log));
  return logs
    .filter((_, at) => used.has(at))
    .map(({ parts, ...log }) => ({ ...log, parts: [{ at: 0, end: 4 }, ...parts] }));
}

export function planSalvage(salvage: SalvageJob): Plan {
  const { from, to, tail, job, who } = salvage;
  return {
    kind: 'salvage',
    title: `salvage ${from.name} → ${to.name}: ${countText(tail.count)}`,
    hosts: [to.name, from.name],
    destroys: [],
    steps: [
      lockHost.plan({ host: to.name, datadir: to.datadir, job, who }),
      bringLogs.plan(salvage),
      checkLogs.plan(salvage),
      openServer.plan(salvage),
      applyLogs.plan(salvage),
      awaitApply.plan(salvage),
      confirmSalvage.plan(salvage),
    ],
  };
}
