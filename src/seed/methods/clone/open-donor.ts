// Opens the account on the donor for the target whose second server has chosen its password.
import type { FailedStep, StepTools } from '../../../job/plan/step-work.ts';
import { failed, notDone } from '../../../job/runner/step-end.ts';
import { isNoServer } from '../../no-server.ts';
import { certificatesIn } from './told.ts';

/** Five minutes. */
const openEveryMs = 5000;
const maxOpenTries = 60;

type Tools = StepTools<{ readonly donor: string }>;

/** undefined: the unit goes on. Otherwise it is ended. */
export async function openDonor(tools: Tools, hash: string): Promise<FailedStep | undefined> {
  const opened = await openedBy(tools, hash);
  const authority = opened.ok ? certificatesIn(opened.stdout) : '';
  const passed = opened.ok && authority !== '' ? await tools.run('pass', { stdin: authority }) : undefined;
  if (passed?.ok) return undefined;
  await tools.run('end');
  if (!opened.ok) return notDone(opened);
  if (passed && !passed.ok) return notDone(passed);
  return failed(
    `ssl_ca of ${tools.input.donor} names no file with a certificate`,
    'set ssl_ca there, or seed by another method',
  );
}

/** After a power cut the donor's server starts for a while. */
async function openedBy(tools: Tools, hash: string) {
  for (let tried = 1; ; tried++) {
    const opened = await tools.run('open', { stdin: hash });
    if (!isNoServer(opened) || tried === maxOpenTries || tools.signal.aborted) return opened;
    tools.progress({ text: `waiting for the server of ${tools.input.donor}` });
    await tools.pause(openEveryMs);
  }
}
