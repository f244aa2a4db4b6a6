// What a client says of a server that does not run, or not yet. Pure.
import type { RemoteFailure } from '../remote/failure.ts';
import type { ExecResult } from '../remote/remote.ts';

/** 2002 and 2003, before the statement; 2006 and 2013, in it. */
export const noServer = /ERROR (2002|2003|2006|2013)\b|Can't connect/i;

export const isNoServer = (answer: ExecResult | RemoteFailure): boolean =>
  !answer.ok && answer.kind === 'exit' && noServer.test(`${answer.message} ${answer.printed}`);
