// What has to be so for a donor to be cloned, by name.
import { atLeast } from '../../../snapshot/lock-words.ts';
import { limitText, shortSize } from '../../../text/amounts.ts';
import { mayBeEncrypted } from '../../preflight/data/keyring-checks.ts';
import { type Finding, judging } from '../../preflight/finding.ts';
import { versionOf } from '../../preflight/identity/versions.ts';
import { privilegeChecks } from '../../preflight/privilege-checks.ts';
import { lagChecks } from '../../preflight/replication/lag-checks.ts';
import { openTableChecks } from '../../preflight/replication/open-table-checks.ts';
import { placeChecks } from '../../preflight/replication/place-checks.ts';
import type { SeedRequest, Side } from '../../request.ts';
import { isSuperReadOnly } from './donor-command.ts';
import { slowestBytesPerSecond, wantedLimit } from './limit.ts';
import { whyNoClone } from './versions.ts';

/** What CLONE itself asks for. */
const smallestPacket = 2 * 1024 ** 2;
/** Measured, with MySQL 9.7. */
const serverBytes = 350 * 1024 ** 2;
/** Since 8.0.27 the donor allows DDL while it is cloned. */
const letsDdl = [8, 0, 27];

export const cloneChecks = (request: SeedRequest): Finding[] => [
  ...versionChecks(request),
  ...pluginChecks(request.donor),
  ...busyChecks(request.donor),
  ...accountChecks(request.donor),
  ...loginChecks(request.donor),
  ...ddlChecks(request.donor),
  ...packetChecks(request.donor),
  ...keyChecks(request.donor),
  ...placeChecks(request, 'a clone'),
  ...openTableChecks(request),
  ...limitChecks(request),
  ...request.targets.flatMap(memoryChecks),
  ...lagChecks(request),
];

/** Only a loaded plugin has variables. */
export const hasPlugin = ({ facts }: Side): boolean => facts.variables.clone_block_ddl !== undefined;

function versionChecks({ donor, targets }: SeedRequest): Finding[] {
  const given = versionOf(donor);
  const { server } = donor.report;
  if (!server?.ok) {
    return [
      judging(donor).refuse(
        `CLONE needs a server that runs: ${server?.why ?? 'not answered yet'}`,
        `reseed start ${donor.host.name}`,
      ),
    ];
  }
  if (given?.vendor !== 'mysql') return [judging(donor).refuse('only MySQL has CLONE', 'leave out --method clone')];
  return targets.flatMap((target) => {
    const taken = versionOf(target);
    const why = taken?.vendor === 'mysql' ? whyNoClone(given.version, taken.version) : undefined;
    return why === undefined ? [] : [judging(target).refuse(why, 'upgrade the older one, or leave out --method clone')];
  });
}

function pluginChecks(donor: Side): Finding[] {
  const { pass, warn } = judging(donor);
  return [
    hasPlugin(donor)
      ? pass('its plugin clone is loaded')
      : warn('it has no plugin clone: the job installs it, and removes it once the data is cloned'),
  ];
}

function busyChecks(donor: Side): Finding[] {
  const { cloning } = donor.facts;
  if (cloning === undefined) return [];
  return [
    judging(donor).refuse(
      `${cloning} clones ${donor.host.name} now, and MySQL allows one clone at a time`,
      'wait until it has ended',
    ),
  ];
}

/** Both servers of the target run, and Linux ends one of them where memory is short. */
function memoryChecks(target: Side): Finding[] {
  const { system } = target.report;
  const { pass, warn, unknown } = judging(target);
  const needs = `the server of the job needs about ${shortSize(serverBytes)}`;
  if (!system?.ok) return [unknown(`${needs} of memory: how much is free is not known`)];
  const free = system.value.memoryAvailableBytes;
  const text = `${needs} of memory beside its own: ${shortSize(free)} available`;
  return [
    free < serverBytes ? warn(text, 'or stop its own server first: reseed stop; it has no clients then') : pass(text),
  ];
}

function accountChecks(donor: Side): Finding[] {
  const { warn, refuse } = judging(donor);
  const { super_read_only: only, ssl_ca: authority } = donor.facts.variables;
  return [
    // Of a server that is down it is not known.
    ...(donor.report.server?.ok && !authority
      ? [
          refuse(
            `${donor.host.name} has no ssl_ca: a target could not tell it from another server`,
            'give it certificates (ssl_ca, ssl_cert, ssl_key), or leave out --method clone',
          ),
        ]
      : []),
    ...(isSuperReadOnly(only)
      ? [
          warn(
            'super_read_only is ON: the job switches it OFF and ON again for the statements that make its account and remove it; read_only stays ON',
          ),
        ]
      : []),
  ];
}

/** For what seed-clone-donor.sh does. */
function loginChecks(donor: Side): Finding[] {
  if (versionOf(donor)?.vendor !== 'mysql') return [];
  const ofVariables = isSuperReadOnly(donor.facts.variables.super_read_only)
    ? 'SYSTEM_VARIABLES_ADMIN|SUPER'
    : 'SESSION_VARIABLES_ADMIN|SYSTEM_VARIABLES_ADMIN|SUPER';
  const ofPlugin = hasPlugin(donor) ? [] : ['INSERT', 'DELETE'];
  const needed = ['CREATE USER', 'BACKUP_ADMIN', 'PROCESS', 'CONNECTION_ADMIN|SUPER', ofVariables, ...ofPlugin];
  return privilegeChecks(donor, needed, { may: 'make the account that clones', needs: '--method clone' });
}

function ddlChecks(donor: Side): Finding[] {
  const { warn } = judging(donor);
  const blocks = donor.facts.variables.clone_block_ddl;
  const version = versionOf(donor)?.version ?? '';
  if (!atLeast(version, letsDdl)) return [warn('DDL on it waits until the data is cloned: its version allows none')];
  return isSuperReadOnly(blocks) ? [warn('DDL on it waits until the data is cloned: clone_block_ddl is ON')] : [];
}

function packetChecks(donor: Side): Finding[] {
  const bytes = Number(donor.facts.variables.max_allowed_packet ?? smallestPacket);
  if (!(bytes < smallestPacket)) return [];
  return [
    judging(donor).refuse(
      `max_allowed_packet of ${donor.host.name} is ${shortSize(bytes)}: CLONE needs 2 MiB`,
      `SET GLOBAL max_allowed_packet = ${smallestPacket}; there`,
    ),
  ];
}

function keyChecks(donor: Side): Finding[] {
  if (!mayBeEncrypted(donor)) return [];
  return [
    judging(donor).refuse(
      `${donor.host.name} has a keyring or encrypted data: the server of the job, which takes the clone, has no keyring`,
      'leave out --method clone',
    ),
  ];
}

function limitChecks(request: SeedRequest): Finding[] {
  const bytes = wantedLimit(request);
  if (bytes === 0 || bytes >= slowestBytesPerSecond) return [];
  return [judging(request.donor).warn(`CLONE has no limit below ${limitText(slowestBytesPerSecond)}: that is used`)];
}

/** For above the prompt, and to be agreed to: rows that the targets will lack. */
export function emptySentences({ donor, targets }: Pick<SeedRequest, 'donor' | 'targets'>): string[] {
  const { foreignEngines, unanswered } = donor.facts;
  const untold = unanswered.includes('foreign_engine');
  return targets.flatMap(({ host }) => [
    ...foreignEngines.map((line) => {
      const [engine = '', count = '', ...tables] = line.split(' ');
      const some = tables.length > 0 ? ` (${tables.join(' ')}${Number(count) > 3 ? ', …' : ''})` : '';
      return `${host.name} gets ${count} ${engine} table${count === '1' ? '' : 's'} of ${donor.host.name}${some} without rows: CLONE copies InnoDB only`;
    }),
    ...(untold
      ? [
          `${host.name} gets tables of ${donor.host.name} that are not InnoDB's without rows: whether it has some is unknown`,
        ]
      : []),
  ]);
}
