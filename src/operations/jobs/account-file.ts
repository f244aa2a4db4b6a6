// The file of an account that was typed for one job: for this account of the machine alone, and gone when the job is over.
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { accountText } from '../../seed/replica/source/account.ts';

/** Throws where there is a file already. */
export function keepAccount(path: string, account: Parameters<typeof accountText>[0]): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, accountText(account), { mode: 0o600, flag: 'wx' });
}

/** Without a job it is of no use. */
export function forgetAccount(path: string): void {
  if (existsSync(path)) rmSync(path);
}
