// The host key that a server shows to the system's ssh, for those that ssh2 cannot talk to.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { execa } from 'execa';
import { endedWithin } from '../deadline.ts';
import { bad, good, type Outcome } from '../failure.ts';
import { type ConfigPlace, hopLogs, removeConfigs, writeConfigs } from '../openssh/config.ts';
import { troubleFromSsh } from '../openssh/errors.ts';
import { onLeg } from '../route/legs.ts';
import { type Hop, hostKeyName, type Route } from '../route/route.ts';
import { fingerprint } from './known-hosts.ts';
import { readKnownHosts } from './known-hosts-file.ts';
import type { ShownKeys } from './trust.ts';

const connectMs = 60_000;
const verified = /^debug1: SSH2_MSG_NEWKEYS received\r?$/m;

/**
 * Lets ssh write the target's key to a file of ours, without any login method. Options of the command line override the
 * configuration and do not reach the hops: their keys are verified as usual.
 */
export async function shownKeyBySsh(
  route: Route,
  place: ConfigPlace,
  environment: NodeJS.ProcessEnv,
): Promise<Outcome<ShownKeys>> {
  const target = route.at(-1) as Hop;
  const scratch = join(place.folder, `known-${randomUUID()}`);
  const config = await writeConfigs(route, place);
  if (!config.ok) return config;
  const only = ['StrictHostKeyChecking=accept-new', `UserKnownHostsFile=${scratch}`, 'GlobalKnownHostsFile=none'];
  const said = [...only, 'HashKnownHosts=no', 'PreferredAuthentications=none', 'ControlPath=none', 'LogLevel=DEBUG1'];
  const child = execa(
    'ssh',
    ['-F', config.value, ...said.flatMap((option) => ['-o', option]), '-T', '--', target.query.host, 'exit'],
    { reject: false, env: environment, extendEnv: false, stdin: 'ignore' },
  );
  const { stderr } = await endedWithin(child, connectMs);
  // ssh writes a key down before it verifies the host's signature; it prints NEWKEYS only after.
  const seen = verified.test(stderr) ? await readKnownHosts([scratch]) : [];
  const logs = await hopLogs(route, place);
  await removeConfigs(route, place);
  if (seen.length === 0) return bad(onLeg(troubleFromSsh(logs + stderr, target.settings), route));
  const keys = seen.map(({ keyType, key }) => ({ keyType, key, fingerprint: fingerprint(key) }));
  const files = target.settings.knownHostsFiles;
  return good({ file: files[0] ?? '', files, ...hostKeyName(target), keys });
}
