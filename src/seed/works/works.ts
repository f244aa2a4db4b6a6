// The works of a seed's steps, by the names that its plan has for them.
import type { StepWork, StepWorks } from '../../job/step-work.ts';
import { accountIn } from '../attach/account.ts';
import { attachWorks } from '../attach/works.ts';
import { openChannel, type SeedTools } from './channel.ts';
import { copyData } from './copy.ts';
import type { Relays } from './relays.ts';
import { beginUnit, holdStill, listData, oneCommand, readStanding, releaseMade } from './simple.ts';
import { verifyData } from './verify.ts';

/** `relays` are the runner's. */
export function seedWorks(relays: Relays): StepWorks {
  const overWays =
    (work: (tools: SeedTools) => ReturnType<StepWork>): StepWork =>
    (tools) =>
      work({ ...tools, relays });
  return {
    'seed-command': oneCommand,
    'seed-begin': beginUnit,
    'seed-hold': holdStill,
    'seed-list': listData,
    'seed-channel': overWays(openChannel),
    'seed-copy': overWays(copyData),
    'seed-verify': overWays(verifyData),
    'seed-coordinates': readStanding,
    'seed-go-on': releaseMade,
    'seed-release': overWays(releaseDonor),
    ...attachWorks(accountIn),
  };
}

/** Nobody needs the ways any more, and catching up may take hours. */
async function releaseDonor(tools: SeedTools): ReturnType<StepWork> {
  await tools.relays.close();
  return await releaseMade(tools);
}
