// The operator's identity, for the journal, the log and the lock on a host.
import { cleanLine } from '../text/clean.ts';
import type { Who } from './journal/record.ts';

/** `account` and `jumpHost` come from the system, the rest from the environment as sudo(8) and sshd(8) set it. */
export function whoAsks(environment: NodeJS.ProcessEnv, account: string, jumpHost: string): Who {
  const { SUDO_USER: sudoUser, SSH_CONNECTION: connection } = environment;
  const from = connection?.split(' ').slice(0, 2).join(':');
  return {
    account: cleanLine(account),
    jumpHost: cleanLine(jumpHost),
    ...(sudoUser && { sudoUser: cleanLine(sudoUser) }),
    ...(from && { from: cleanLine(from) }),
  };
}

/** `ops (sudo root)@jump1 from 10.0.0.7:51234`, `ops@jump1, schedule nightly`, `ops@jump1, rule broken` */
export function whoLine({ account, sudoUser, jumpHost, from, schedule, rule }: Who): string {
  const name = sudoUser ? `${sudoUser} (sudo ${account})` : account;
  const by = `${schedule === undefined ? '' : `, schedule ${schedule}`}${rule === undefined ? '' : `, rule ${rule}`}`;
  return `${name}@${jumpHost}${from ? ` from ${from}` : ''}${by}`;
}
