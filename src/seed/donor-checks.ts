// Whether a host can give its datadir.

import { shortSize } from '../text/amounts.ts';
import { donorTools } from './channel-checks.ts';
import type { SeedFacts } from './facts.ts';
import { type Finding, judging } from './finding.ts';
import type { SeedWish, Side } from './wish.ts';

/** A replica further behind makes a target that has that to catch up. */
const worryingLagSeconds = 60;

const neededTools = ['tar', 'cksum'];

export function donorChecks(wish: SeedWish): Finding[] {
  const { donor, snapshot } = wish;
  const { facts } = donor;
  return [
    ...wholeness(donor),
    ...toolChecks(donor, [...neededTools, ...donorTools(wish)]),
    ...lagChecks(donor),
    ...engineChecks(donor),
    judging(donor).pass(
      `data: ${facts.dataBytes === undefined ? 'more than could be counted' : shortSize(facts.dataBytes)} in ${facts.datadir}`,
    ),
    ...(snapshot && !snapshot.valid
      ? [judging(donor).refuse(`${snapshot.group}/${snapshot.volume} is invalid: what it held is lost`, 'take another')]
      : []),
  ];
}

/** Two volumes are not snapshotted at one instant. */
function wholeness(donor: Side): Finding[] {
  const { links, datadir, variables, half } = donor.facts;
  const { pass, refuse } = judging(donor);
  const outside = outsideOf(datadir, variables);
  const findings = [
    ...outside.map(([name, value]) =>
      refuse(`${name} is ${value}, outside the datadir: the snapshot would not hold all`, 'move it into the datadir'),
    ),
    ...links.map((link) => refuse(`${link} leads out of the datadir`, 'move what it leads to into the datadir')),
    ...half.map((left) =>
      refuse(`the datadir was not whole when a seed ended: ${left}`, `reseed clean ${donor.host.name}`),
    ),
  ];
  return findings.length > 0 ? findings : [pass('the datadir is whole: nothing of it lies elsewhere')];
}

const folderVariables = [
  'innodb_data_home_dir',
  'innodb_log_group_home_dir',
  'innodb_undo_directory',
  'aria_log_dir_path',
  'innodb_directories',
];

function outsideOf(datadir: string, variables: SeedFacts['variables']): [string, string][] {
  return folderVariables.flatMap((name): [string, string][] => {
    const value = variables[name] ?? '';
    const inside = value === '' || !value.startsWith('/') || `${value}/`.startsWith(`${datadir}/`);
    return inside ? [] : [[name, value]];
  });
}

export function toolChecks(side: Side, needed: readonly string[]): Finding[] {
  const { pass, refuse } = judging(side);
  const missing = needed.filter((tool) => !side.facts.tools.includes(tool));
  if (missing.length === 0) return [pass(`tools: ${needed.join(', ')}`)];
  return [refuse(`${side.host.name} has no ${missing.join(', no ')}`, 'install them')];
}

function lagChecks(donor: Side): Finding[] {
  const { replication } = donor.report;
  const { pass, warn } = judging(donor);
  if (!replication?.ok) return [warn('its lag is not known: its server does not answer')];
  const [channel] = replication.value.channels;
  if (!channel) return [pass('it replicates from nobody: its data is the newest')];
  if (channel.sqlThread !== 'running') {
    return [
      warn(
        `its replication stands still: ${channel.error ?? 'the applier is stopped'}`,
        'the target starts from there',
      ),
    ];
  }
  const lag = channel.lagSeconds;
  if (lag === undefined) return [warn('its lag is not known', 'the target starts from where it stands')];
  return [
    lag > worryingLagSeconds ? warn(`it is ${lag} s behind`, 'the target starts from there') : pass(`lag ${lag} s`),
  ];
}

function engineChecks(donor: Side): Finding[] {
  const { foreignEngines } = donor.facts;
  const { warn } = judging(donor);
  return foreignEngines.map((engine) =>
    warn(`${engine} tables: the lock makes them consistent, no crash recovery does`),
  );
}
