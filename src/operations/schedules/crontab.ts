// The crontab of this account: read, and changed.
import { execa } from 'execa';
import { cleanLine } from '../../text/clean.ts';
import { given, type Result, refused } from '../result.ts';
import { ranHere } from './systemd.ts';

const noCrontab: Result<string> = refused({
  kind: 'failed',
  message: 'this machine has no crontab',
  advice: 'run reseed schedule daemon under its own supervisor',
});

/** `absent`: where the machine has no crontab. Its bytes, one sign each: other lines may have any encoding, and stay as they are. */
export async function crontabNow(absent: Result<string> = noCrontab): Promise<Result<string>> {
  const options = { reject: false, stdin: 'ignore', encoding: 'latin1', stripFinalNewline: false } as const;
  const { stdout, stderr, exitCode, code } = await execa('crontab', ['-l'], options);
  if (code === 'ENOENT') return absent;
  if (exitCode === 0) return given(stdout);
  // It ends with 1 where the account has none yet. What could not be read must not be replaced.
  if (/no crontab|no such file/i.test(stderr)) return given('');
  const message = `the crontab of this account can't be read: ${cleanLine(stderr)}`;
  return refused({ kind: 'failed', message, advice: 'crontab -l shows it' });
}

export const shown = (bytes: string) => Buffer.from(bytes, 'latin1').toString('utf8');
export const bytesOf = (text: string) => Buffer.from(text, 'utf8').toString('latin1');

/**
 * `change`: of its bytes, one sign each. `before`: as it was shown. Lines that were added while the operator read the question are not lost.
 */
export async function changeCrontab(before: string, change: (now: string) => string): Promise<Result<undefined>> {
  const read = await crontabNow();
  if (!read.ok) return read;
  if (shown(read.value) !== before) {
    const message = 'the crontab of this account is another than it was a moment ago: nothing was written';
    return refused({ kind: 'refused', message, advice: 'run it again' });
  }
  const text = change(read.value);
  return text === '' ? await ranHere(['crontab', '-r']) : await ranHere(['crontab', '-'], Buffer.from(text, 'latin1'));
}
