// The works of a seed's steps, by the names that its plan has for them.
import { z } from 'zod';
import { defineStep, type StepEnd, type StepTools, type StepWorks } from '../job/step-work.ts';
import { accountIn } from './replica/source/account.ts';
import { attachWorks } from './replica/works.ts';
import {
  beginUnit,
  commandInput,
  coordinatesInput,
  heldInput,
  holdStill,
  listData,
  madeInput,
  oneCommand,
  readStanding,
  releaseMade,
} from './simple-steps.ts';
import { channelInput, openChannel, type SeedTools } from './transfer/channel.ts';
import { copyData, copyInput } from './transfer/copy.ts';
import type { Relays } from './transfer/relays.ts';
import { verifyData } from './transfer/verify.ts';

/** `relays` are the runner's. */
export function seedWorks(relays: Relays): StepWorks {
  const overWays = <Input>(input: z.ZodType<Input>, work: (tools: SeedTools<Input>) => Promise<StepEnd>) =>
    defineStep(input, (tools: StepTools<Input>) => work({ ...tools, relays }));
  return {
    'seed-command': defineStep(commandInput, oneCommand),
    'seed-begin': defineStep(z.strictObject({}), beginUnit),
    'seed-hold': defineStep(heldInput, holdStill),
    'seed-list': defineStep(z.strictObject({}), listData),
    'seed-channel': overWays(channelInput, openChannel),
    'seed-copy': overWays(copyInput, copyData),
    'seed-verify': overWays(copyInput, verifyData),
    'seed-coordinates': defineStep(coordinatesInput, readStanding),
    'seed-go-on': defineStep(madeInput, releaseMade),
    'seed-release': overWays(madeInput, releaseDonor),
    ...attachWorks(accountIn),
  };
}

/** The channels are not needed any more, and catching up may take hours. */
async function releaseDonor(tools: SeedTools<z.infer<typeof madeInput>>): Promise<StepEnd> {
  await tools.relays.close();
  return await releaseMade(tools);
}
