// Whether commands of the inventory can carry the data of a seed, and what is to be known of them beforehand.
import { customText, type NamedCommand } from '../../../custom/named.ts';
import { placeholderIn } from '../../../inventory/placeholders.ts';
import { portsOf } from '../../place.ts';
import { cellChecks } from '../../preflight/cell-checks.ts';
import { type Finding, judging } from '../../preflight/finding.ts';
import { channelTo, type SeedRequest, type Side } from '../../request.ts';
import { besidePlaces } from '../../target/state-places.ts';
import { givenBoth, portOf, receiverOf, senderOf } from './commands.ts';

export function ownChecks(request: SeedRequest): Finding[] {
  const { donor, targets } = request;
  const [target] = targets;
  const { refuse, warn, pass } = judging(donor);
  if (!target) return [];
  const [send, receive] = [senderOf(donor.host), receiverOf(target.host)];
  const lacking = [...lacks(donor, 'send', send), ...lacks(target, 'receive', receive)];
  if (!send || !receive) return lacking;
  const given = givenBoth(request, '/');
  return [
    ...lacking,
    ...(given.ok ? [] : [refuse(given.message, given.advice)]),
    ...insecureChecks(target, receive),
    ...portChecks(target),
    ...cellChecks(target),
    ...besideChecks(donor),
    ...channelChecks(request, target),
    pass(`commands.send: ${customText(send, donor.host)}`),
    judging(target).pass(
      `commands.receive: ${receive.run}, as the account of the server, which can write the new data alone (/mnt)`,
    ),
    warn(
      'what commands carry is not resumed: after a break or a restart of a host, the job fails, and is begun anew',
      'where a copy takes hours over a bad line, a copy by reseed itself (--method lvm) is the better one',
    ),
  ];
}

const wanted = { send: ['targetHost', 'port'], receive: ['port'] } as const;

function lacks({ host, ...side }: Side, name: keyof typeof wanted, command: NamedCommand | undefined): Finding[] {
  const { refuse } = judging({ host, ...side });
  const words = name === 'send' ? '"{directory}", "{targetHost}", "{port}"' : '"{directory}", "{port}"';
  const instead = `write commands: { ${name}: { run: [PROGRAM, ${words}] } } for ${host.name}`;
  if (!command) return [refuse(`the inventory has no commands.${name} for ${host.name}`, instead)];
  const { run } = command;
  if (typeof run === 'string') return [];
  const given = run.map((word) => placeholderIn(word));
  const missing = wanted[name].filter((one) => !given.includes(one));
  return missing.length === 0
    ? []
    : [refuse(`commands.${name} is not told ${missing.map((one) => `{${one}}`).join(', ')}`, instead)];
}

/** reseed opens no port without authentication by itself; this one is the operator's decision, once and in writing. */
function insecureChecks(target: Side, { insecure }: NamedCommand): Finding[] {
  const { refuse, warn } = judging(target);
  const what = `commands.receive opens port ${portOf(target)} of ${target.host.name}: any host that reaches it can send other data, and the network sees what is sent`;
  if (insecure !== true) {
    return [
      refuse(
        what,
        'if that network is trusted, write insecure: true beside its run; else seed by --method lvm, over ssh',
      ),
    ];
  }
  return [
    warn(
      `${what} (agreed to by insecure: true). The data is compared by checksums before it is used`,
      'a copy by ssh needs no such port: --method lvm',
    ),
  ];
}

function portChecks(target: Side): Finding[] {
  const { first, last } = portsOf(target.host);
  if (first < last) return [];
  return [
    judging(target).refuse(
      `seed.ports has port ${first} alone, and commands.receive needs one besides that of the job's listener`,
      `write a range of two ports or more: seed: { ports: ${first - 1}-${first} } gives commands.receive ${first}`,
    ),
  ];
}

function besideChecks(donor: Side): Finding[] {
  const beside = besidePlaces(donor.facts).map(({ path }) => path);
  if (beside.length === 0) return [];
  return [
    judging(donor).refuse(
      `commands.send is given one folder, and its server has data in ${beside.join(', ')} too`,
      'seed by --method lvm',
    ),
  ];
}

function channelChecks(request: SeedRequest, target: Side): Finding[] {
  if (channelTo(request, target) !== 'relay') return [];
  return [
    judging(target).refuse(
      'the channel relay is for hosts that do not reach each other, and commands.send connects to the target itself',
      'seed by --method lvm',
    ),
  ];
}
