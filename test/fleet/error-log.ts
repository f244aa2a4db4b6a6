// The error log of a host, spoiled by tests.
import { printedOn } from './fleet.ts';

/** Gives what puts it back as it was: others look at it too. */
export async function keptErrorLog(host: string, path: string): Promise<() => Promise<string>> {
  await printedOn(host, `cp -p ${path} /root/error.log.before`);
  return () => printedOn(host, `cat /root/error.log.before >${path}; rm /root/error.log.before`);
}
