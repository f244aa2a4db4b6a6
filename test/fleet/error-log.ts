// The error log of a host, spoiled by tests.
import { printedOn } from './fleet.ts';

/** Returns a function that restores it: other tests read it too. */
export async function keptErrorLog(host: string, path: string): Promise<() => Promise<string>> {
  await printedOn(host, `cp -p ${path} /root/error.log.before`);
  return () => printedOn(host, `cat /root/error.log.before >${path}; rm /root/error.log.before`);
}
