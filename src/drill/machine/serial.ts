// A host's serial line: root on the host, with no network in between. It makes and heals faults that take the network
// or sshd away. `status` asks by it too, so that it tells the truth about a host that can't be reached.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { execa } from 'execa';
import { DrillFailure } from '../failure.ts';
import type { DrillHost } from '../host.ts';
import { drillSources, hostFolder, type Places } from '../places.ts';

/** ask-serial.sh's own status: the host did not answer (sysexits(3), EX_TEMPFAIL). */
const noAnswer = 75;

/** The script's output, or undefined where the host did not answer in time. A script that fails is a DrillFailure. */
export async function askSerial(
  places: Places,
  host: DrillHost,
  script: string,
  deadlineMs = 60_000,
): Promise<string | undefined> {
  const id = randomBytes(8).toString('hex');
  const seconds = String(Math.max(1, Math.ceil(deadlineMs / 1000)));
  const asked = await execa(join(drillSources, 'ask-serial.sh'), [hostFolder(places, host.name), id, seconds], {
    input: script,
    reject: false,
  });
  if (asked.exitCode === noAnswer) return undefined;
  if (asked.failed) {
    throw new DrillFailure(
      'failed',
      `${host.name}: a command on its serial line ended with ${asked.exitCode}:\n  ${asked.stdout}`,
    );
  }
  return asked.stdout;
}

/** As askSerial, but a host that does not answer is a DrillFailure too. */
export async function tellSerial(
  places: Places,
  host: DrillHost,
  script: string,
  deadlineMs = 60_000,
): Promise<string> {
  const answer = await askSerial(places, host, script, deadlineMs);
  if (answer !== undefined) return answer;
  throw new DrillFailure(
    'unreachable',
    `${host.name} does not answer on its serial line`,
    `see reseed drill status; reseed drill reset ${host.name} gives it its first state`,
  );
}
