// A host behind a jump host that can't be reached: the message names the host, and the leg that failed.
import { expect, test } from 'vitest';
import { unreachable } from '../../src/remote/failure.ts';
import { troubleFromSsh } from '../../src/remote/openssh/errors.ts';
import { onLeg } from '../../src/remote/route/legs.ts';
import type { Hop, Route } from '../../src/remote/route/route.ts';

const hop = (hostname: string, name?: string): Hop => ({
  query: { host: hostname },
  ...(name !== undefined && { name }),
  settings: {
    hostname,
    port: 22,
    user: 'ops',
    identityFiles: [],
    identitiesOnly: false,
    knownHostsFiles: [],
    onlyOpenssh: [],
  } as never,
});
const [jump, db7] = [hop('10.0.0.1'), hop('10.77.0.17', 'db7')];
const route: Route = [jump, db7];

test('a jump host that is down is not told as the host behind it: "no SSH connection to 10.0.0.1" of db7', () => {
  const said = onLeg(unreachable('no SSH connection to 10.0.0.1:22: no answer', ''), route, jump);
  expect(said.message).toBe(
    'the jump host 10.0.0.1 of db7 (10.77.0.17) failed: no SSH connection to 10.0.0.1:22: no answer',
  );
});

test.each([
  ['ssh: connect to host 10.0.0.1 port 22: Connection refused\nConnection closed by UNKNOWN port 65535', 'jump'],
  ['Connection closed by 10.0.0.1 port 22', 'jump'],
  ['ops@10.0.0.1: Permission denied (publickey).', 'jump'],
  ['channel 0: open failed: connect failed: No route to host\nstdio forwarding failed', 'target'],
  ['ops@10.77.0.17: Permission denied (publickey).', 'neither'],
])('what the ssh client says names the leg: %s', (printed, leg) => {
  const { message } = onLeg(troubleFromSsh(printed, db7.settings), route);
  if (leg === 'jump') expect(message).toMatch(/^the jump host 10\.0\.0\.1 of db7 \(10\.77\.0\.17\) failed: /);
  else if (leg === 'target') expect(message).toMatch(/ \(db7 \(10\.77\.0\.17\), behind the jump host 10\.0\.0\.1\)$/);
  else expect(message).toMatch(/^10\.77\.0\.17 accepts none of the keys here for ops/);
});

test('a failure of a host without a jump host keeps its words', () => {
  const trouble = unreachable('no SSH connection to 10.77.0.17:22: no answer', '');
  expect(onLeg(trouble, [db7])).toBe(trouble);
});
