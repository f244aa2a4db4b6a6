// Which channel a seed takes, what it needs, and where its listeners listen.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { SeedChannel } from '../../src/inventory/settings.ts';
import { readSeedFacts } from '../../src/seed/facts.ts';
import { preflight } from '../../src/seed/preflight/preflight.ts';
import type { SeedRequest, Side } from '../../src/seed/request.ts';
import { openChannel } from '../../src/seed/transfer/steps/open-channel.ts';
import { printed, stepTools } from '../job/step-tools.ts';
import { request, side } from './sides.ts';

/** A target whose inventory says so. */
function said(name: string, channel: SeedChannel): Side {
  const known = side(name);
  return { ...known, host: { ...known.host, seed: { ...known.host.seed, channel } } };
}
const listenerOf = (seed: SeedRequest) => {
  const [target] = seed.targets;
  if (!target) throw new Error('no target');
  const step = openChannel.plan({ request: seed, target, index: 0 });
  return { ...step, toTarget: step.targetCommands?.[target.host.name] ?? {} };
};
const words = (level: 'warn' | 'refuse', seed: SeedRequest) =>
  preflight(seed)
    .filter((finding) => finding.level === level)
    .map(({ host, text }) => `${host}: ${text}`);

describe('the channel of a seed', () => {
  test('is what the operator says, else what the inventory says of the target, else ssh', () => {
    const script = (seed: SeedRequest) => listenerOf(seed).toTarget.start?.program?.script;
    expect(script(request(side('db2'), [side('db3')]))).toBe('seed-ssh');
    expect(script(request(side('db2'), [said('db3', 'tls')]))).toBe('seed-socat');
    expect(script(request(side('db2'), [said('db3', 'tls')], { channel: 'ssh' }))).toBe('seed-ssh');
  });

  test('that goes through this machine ends at the loopback of both hosts, and nobody else can come', () => {
    const { toTarget, input, title } = listenerOf(request(side('db2'), [side('db3')], { channel: 'relay' }));
    expect(toTarget.start?.program?.args.slice(2)).toEqual([
      'address=127.0.0.1',
      'first=21000',
      'last=21099',
      'caller=127.0.0.1',
    ]);
    expect(toTarget.meet?.args.at(-1)).toBe('address=127.0.0.1');
    expect(input.relayed).toEqual(['db3']);
    expect(title).toContain('through this machine');
  });

  test('without a relay listens on the address that the donor calls, for the one that it comes from', () => {
    const { toTarget, input } = listenerOf(request(side('db2'), [side('db3')], { channel: 'tls' }));
    expect(toTarget.start?.program?.args.slice(2)).toEqual([
      'address=10.77.0.13',
      'first=21000',
      'last=21099',
      'caller=10.77.0.12',
      'kind=tls',
    ]);
    expect(input.relayed).toEqual([]);
  });

  test('to a second target accepts the first as well, which passes data on to it', () => {
    const listenerOfSecond = (second: Side, more: Partial<SeedRequest> = {}) => {
      const from = (address: string) => ({ routes: { '10.77.0.13': address } });
      const seed = request(side('db1', from('10.77.0.11')), [side('db2', from('10.77.0.12')), second], more);
      return openChannel
        .plan({ request: seed, target: second, index: 1 })
        .targetCommands?.db3?.start?.program?.args.slice(5);
    };
    const there = { ...side('db3').host, datacenter: 'ams' };
    const near = { ...side('db3'), host: there };
    expect(listenerOfSecond(near)).toEqual(['caller=10.77.0.11', 'caller=10.77.0.12']);
    expect(listenerOfSecond(side('db3'))).toEqual(['caller=10.77.0.11']);
    expect(listenerOfSecond(near, { channel: 'relay' })).toEqual(['caller=127.0.0.1']);
    expect(listenerOfSecond(near, { channel: 'tls' })).toEqual(['caller=10.77.0.11', 'kind=tls']);
  });

  test('a donor that answers its route with a command is reported, and the answer is not used', () => {
    const recorded = readFileSync(new URL('../fixtures/seed/facts-db2.txt', import.meta.url), 'utf8');
    const facts = readSeedFacts(recorded.replace(/^route 10\.77\.0\.13 .*$/m, 'route 10.77.0.13 !!SYSTEM:touch /x'));
    if (!facts) throw new Error('nothing recorded');
    const seed = request({ ...side('db2'), facts }, [side('db3')], { channel: 'tls' });
    expect(words('warn', seed)).toContainEqual(
      'db2: its route to db3 is no address, and is not used: !!SYSTEM:touch /x',
    );
    expect(JSON.stringify(listenerOf(seed).targetCommands)).not.toContain('SYSTEM');
  });

  test('is refused where a side lacks what it is made of', () => {
    const bare = (name: string) => side(name, { tools: ['tar', 'cksum', 'ssh', 'sshd', 'ssh-keygen'] });
    const tls = words('refuse', request(bare('db2'), [bare('db3')], { channel: 'tls' }));
    expect(tls).toEqual(['db2: db2 has no socat, no openssl', 'db3: db3 has no socat, no openssl']);
    expect(words('refuse', request(bare('db2'), [bare('db3')]))).toEqual([]);
  });

  test('that is not encrypted is warned of', () => {
    expect(words('warn', request(side('db2'), [said('db3', 'plain')])).join()).toContain(
      'db3: the inventory lets the data go',
    );
  });

  test('through this machine is refused where this machine is one of its ends', () => {
    const here = side('db3');
    const local = { ...here, host: { ...here.host, ssh: { ...here.host.ssh, transport: 'local' as const } } };
    expect(words('refuse', request(side('db2'), [local], { channel: 'relay' })).join()).toContain(
      'db3 is this machine',
    );
  });
});

test("a route that was refused is told in the job's log too, and not only in the plan", async () => {
  const donor = side('db2', { refusedRoutes: { [side('db3').host.ssh.host]: '!!SYSTEM:id' } });
  const step = listenerOf(request(donor, [side('db3')]));
  const { commands, targetCommands, input } = step;
  const { tools, notes } = stepTools({ commands, targetCommands, input, answer: () => printed('') });
  await openChannel.run({ ...tools, step });
  expect(notes).toContain('! db2: its route to db3 is no address, and is not used: !!SYSTEM:id');
});
