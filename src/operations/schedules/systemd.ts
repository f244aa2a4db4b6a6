// Where units of this account are, and the commands about them.
import { existsSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { cleanLine } from '../../text/clean.ts';
import { given, type Result, refused } from '../result.ts';

/** sd_booted(3) */
export const hasSystemd = (): boolean => existsSync('/run/systemd/system');

export interface SystemdPlace {
  readonly folder: string;
  /** The command, as its first words. */
  readonly systemctl: readonly string[];
  readonly isRoot: boolean;
  readonly username: string;
}

export function systemdOf(): SystemdPlace {
  const { uid, username } = userInfo();
  const isRoot = uid === 0;
  const config = process.env.XDG_CONFIG_HOME?.startsWith('/')
    ? process.env.XDG_CONFIG_HOME
    : join(homedir(), '.config');
  return {
    folder: isRoot ? '/etc/systemd/system' : join(config, 'systemd', 'user'),
    systemctl: isRoot ? ['systemctl'] : ['systemctl', '--user'],
    isRoot,
    username,
  };
}

/** Runs a command of this machine, of which only its end matters. */
export async function ranHere(
  [program = '', ...words]: readonly string[],
  input: string | Uint8Array = '',
): Promise<Result<undefined>> {
  const { failed, shortMessage, stderr } = await execa(program, words, { reject: false, input });
  if (!failed) return given(undefined);
  return refused({ kind: 'failed', message: cleanLine([shortMessage, stderr].filter(Boolean).join(': ')), advice: '' });
}
