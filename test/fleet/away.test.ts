// What the verbs that look say of a host that is off, and of one whose key is another.
import { expect, test } from 'vitest';
import { hosts, status } from './asking-status.ts';
import { breaks, healsWhatIsBroken, mends } from './breaking.ts';
import { logOf } from './following.ts';
import { reader } from './operators.ts';
import { usesHosts } from './uses.ts';

// db3 only has to be up.
usesHosts('db3', 'db6');
healsWhatIsBroken();

test('a host that is off costs the others nothing, and status, check and log end with 4', async () => {
  await breaks('power-cut', 'db6');
  const [told, checked, log] = await Promise.all([
    status('db3', 'db6'),
    reader.says('check', 'db3', 'db6'),
    logOf('db6', '-f'),
  ]);
  expect(told.stdout).toMatch(/^db3 .*● up/m);
  expect(told.stdout).toMatch(/^✖ db6 {2}unreachable: /m);
  expect(checked.stdout).toMatch(/^db3 {2,}✔/m);
  expect(checked.stdout).toMatch(/^✖ db6 {2}ssh: .*10\.77\.0\.16/m);
  expect(log.stderr).toContain('10.77.0.16');
  expect([told, checked, log].map(({ exitCode }) => exitCode)).toEqual([4, 4, 4]);
});

test('a changed host key is refused, and status and check say so', async () => {
  const findings = async () =>
    JSON.parse((await reader.says('check', 'db6', '--json')).stdout).hosts[0].findings as {
      readonly ssh: { readonly verdict: string; readonly detail: string };
    };
  await breaks('rekey-ssh', 'db6');
  const [db6, { ssh }] = await Promise.all([hosts('db6').then((all) => all.get('db6')), findings()]);
  await mends('db6');
  expect(db6?.link.failure?.kind).toBe('hostKey');
  expect(db6?.alerts[0]?.text).toContain('shows another host key');
  expect(ssh.verdict).toBe('no');
  expect(ssh.detail).toMatch(
    /^10\.77\.0\.16 shows another host key than the one in .*known_hosts:\d+: ssh-ed25519 SHA256:/,
  );
  expect((await findings()).ssh.verdict).toBe('yes');
});
