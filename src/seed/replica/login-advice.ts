// What is said when a server on copied data does not answer us: it may refuse our login.
import type { FailedStep } from '../../job/plan/step-work.ts';
import { notDone } from '../../job/runner/step-end.ts';
import { isLate } from '../../job/runner/until-reached.ts';
import type { RemoteFailure } from '../../remote/failure.ts';

const loginAdvice = (host: string) =>
  `the accounts on ${host} are those of the donor now: root@localhost, or what mysql.defaultsFile of ${host} names, has to log in`;

/** Where no answer came in time no login was tried. */
export const notLetIn = (answer: RemoteFailure, host: string): FailedStep => ({
  ...notDone(answer),
  ...(answer.kind === 'exit' && !isLate(answer) && { advice: loginAdvice(host) }),
});
