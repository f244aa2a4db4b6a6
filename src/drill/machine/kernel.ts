// The arguments of a user-mode kernel (user-mode-linux.sourceforge.net, and `linux.uml --help`). Its files are named as
// the kernel sees them: launch.sh mounts this machine's root at /mnt.
import { join } from 'node:path';
import { drillSources } from '../places.ts';
import { run } from '../run.ts';

export const launchScript = join(drillSources, 'image', 'launch.sh');

/** seccomp=auto: a filter catches system calls (three times faster than ptrace) where this machine allows it. */
export function memoryAndConsole(memoryMib: number): string[] {
  return [`mem=${memoryMib}M`, 'seccomp=auto', 'quiet', 'con=null', 'con0=null,fd:1', 'ssl=null', 'ssl0=fd:3,fd:4'];
}

/** ubda: the root image below a copy-on-write file; ubdb: the data disk; ubdc: a tar, read directly. */
export function blockDevices(files: { cow: string; root: string; disk: string; tar: string | undefined }): string[] {
  const devices = [`ubd0=${files.cow},/mnt${files.root}`, `ubd1=/mnt${files.disk}`, 'root=/dev/ubda', 'rw'];
  return files.tar ? [...devices, `ubd2r=/mnt${files.tar}`] : devices;
}

/** The two pipes that are the host's serial line. */
export async function makeSerialLine(folder: string): Promise<void> {
  const pipes = [join(folder, 'serial.in'), join(folder, 'serial.out')];
  await run('rm', ['-f', ...pipes, join(folder, 'serial.listens')]);
  await run('mkfifo', ['-m', '600', ...pipes]);
}
