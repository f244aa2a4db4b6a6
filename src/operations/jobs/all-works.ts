// Every kind of step.
import { clearAway } from '../../clean/clear-away.ts';
import { lookAgain } from '../../clean/look-again.ts';
import { awaitCommand } from '../../custom/await-command.ts';
import { endCommand } from '../../custom/end-command.ts';
import { startCommand } from '../../custom/start-command.ts';
import { checkPrograms } from '../../hooks/check-programs.ts';
import { runHookHere } from '../../hooks/run-here.ts';
import { runHookOnHost } from '../../hooks/run-on-host.ts';
import { fenceHost } from '../../job/fence-step.ts';
import type { JobRecord } from '../../job/journal/record.ts';
import { lockHost } from '../../job/lock-step.ts';
import { whyNotOurs } from '../../job/plan/foreign.ts';
import { type StepWorks, worksOf } from '../../job/plan/step-work.ts';
import { proofKinds } from '../../proofs/plan.ts';
import { rowsKinds } from '../../proofs/rows/plan.ts';
import { salvageKinds } from '../../salvage/plan.ts';
import { seedKinds } from '../../seed/steps.ts';
import { awaitRestart } from '../../service/await-restart.ts';
import { awaitServer } from '../../service/await-server.ts';
import { noteProcess } from '../../service/note-process.ts';
import { startServer } from '../../service/start-server.ts';
import { stopServer } from '../../service/stop-server.ts';
import { makeRoom } from '../../snapshot/make-room.ts';
import { mountSnapshot } from '../../snapshot/mount-snapshot.ts';
import { removeSnapshot } from '../../snapshot/remove-snapshot.ts';
import { stopApplier } from '../../snapshot/stop-applier.ts';
import { takeSnapshot } from '../../snapshot/take-snapshot.ts';
import { unmountSnapshot } from '../../snapshot/unmount-snapshot.ts';
import { tablesKinds } from '../../tables/plan.ts';

export const allWorks: StepWorks = worksOf([
  lockHost,
  fenceHost,
  startServer,
  awaitRestart,
  awaitServer,
  noteProcess,
  stopServer,
  takeSnapshot,
  stopApplier,
  mountSnapshot,
  unmountSnapshot,
  removeSnapshot,
  makeRoom,
  clearAway,
  lookAgain,
  startCommand,
  awaitCommand,
  endCommand,
  ...proofKinds,
  ...rowsKinds,
  ...salvageKinds,
  ...tablesKinds,
  checkPrograms,
  runHookHere,
  runHookOnHost,
  ...seedKinds,
]);

/** Why a runner of this build would not run the job; undefined: it would. Checked before one is started. */
export const whyNotCarriedOn = (job: JobRecord): string | undefined => whyNotOurs(job, allWorks);
