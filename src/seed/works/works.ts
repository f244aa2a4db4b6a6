// The works of a seed's steps, by the names that its plan has for them.
import type { StepWorks } from '../../job/step-work.ts';
import { accountIn } from '../attach/account.ts';
import { attachWorks } from '../attach/works.ts';
import { openChannel } from './channel.ts';
import { copyData } from './copy.ts';
import { beginUnit, listData, oneCommand, readStanding, releaseMade } from './simple.ts';
import { verifyData } from './verify.ts';

export const seedWorks: StepWorks = {
  'seed-command': oneCommand,
  'seed-begin': beginUnit,
  'seed-list': listData,
  'seed-channel': openChannel,
  'seed-copy': copyData,
  'seed-verify': verifyData,
  'seed-coordinates': readStanding,
  'seed-release': releaseMade,
  ...attachWorks(accountIn),
};
