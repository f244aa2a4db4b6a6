// Every kind of step of a seed. Each one's plan, work and result are in a file of its own.
import type { StepDefinition } from '../job/plan/step-work.ts';
import { awaitPrimary } from './alone/await-primary.ts';
import { detach } from './alone/detach.ts';
import { proveAlone } from './alone/prove-alone.ts';
import { proveReach } from './alone/prove-reach.ts';
import { readData } from './alone/read-data.ts';
import { restartAlone } from './alone/restart.ts';
import { methods } from './methods/methods.ts';
import { attachReplica } from './replica/steps/attach-replica.ts';
import { catchUp } from './replica/steps/catch-up.ts';
import { checkSource } from './replica/steps/check-source.ts';
import { holdBack } from './replica/steps/hold-back.ts';
import { proveAccount } from './replica/steps/prove-account.ts';
import { proveData } from './replica/steps/prove-data.ts';
import { proveFiles } from './replica/steps/prove-files.ts';
import { readPosition } from './replica/steps/read-position.ts';
import { startOnData } from './replica/steps/start-on-data.ts';
import { clearOld } from './target/clear-old.ts';
import { deleteByCommand } from './target/delete-by-command.ts';
import { dropOld } from './target/drop-old.ts';
import { freeStart } from './target/free-start.ts';
import { holdStart } from './target/hold-start.ts';
import { noteReplication } from './target/note-replication.ts';
import { prepareFolder } from './target/prepare-folder.ts';
import { rememberServer } from './target/remember-server.ts';
import { swapData } from './target/swap-data.ts';
import { copyData } from './transfer/steps/copy-data.ts';
import { listData } from './transfer/steps/list-data.ts';
import { makeSums } from './transfer/steps/make-sums.ts';
import { openChannel } from './transfer/steps/open-channel.ts';
import { releaseDonor } from './transfer/steps/release-donor.ts';
import { verifyData } from './transfer/steps/verify-data.ts';

export const seedKinds: readonly StepDefinition[] = [
  ...methods.flatMap(({ kinds }) => kinds),
  listData,
  makeSums,
  openChannel,
  copyData,
  verifyData,
  releaseDonor,
  rememberServer,
  prepareFolder,
  holdStart,
  noteReplication,
  deleteByCommand,
  clearOld,
  swapData,
  freeStart,
  dropOld,
  proveAccount,
  checkSource,
  holdBack,
  proveFiles,
  startOnData,
  proveData,
  readPosition,
  attachReplica,
  catchUp,
  readData,
  detach,
  restartAlone,
  proveAlone,
  proveReach,
  awaitPrimary,
];
