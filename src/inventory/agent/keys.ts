// Every key of orchestrator-agent's configuration, those of orchestrator that are about agents and seeds, and those of the agent's rewrite in
// TOML; and what becomes of each. The keys are those of orchestrator-agent 1.1 (go/config), orchestrator 3.2, and pull request 1120.

import { seedMethods } from '../settings.ts';
import { serviceCommand, stepCommand } from './commands.ts';
import { left, noCounterpart, type Outcome, taken, told } from './outcome.ts';

type Becomes = (text: string, all: ReadonlyMap<string, string>) => Outcome;

/** Whether its value decides what becomes of a key: then it has to be text. */
export const readsValue = (becomes: Becomes): boolean => becomes.length > 0;

const always =
  (text: string): Becomes =>
  () =>
    told(text);
const daemon: Becomes = () => noCounterpart;
const step =
  (name: string): Becomes =>
  (line) =>
    stepCommand(name, line);

function mountRoot(path: string): Outcome {
  if (!path.startsWith('/')) return left('it is no path from /: write snapshot.mountRoot');
  return taken('snapshot.mountRoot: reseed mounts each snapshot in a folder of its own below it', {
    path: ['snapshot', 'mountRoot'],
    value: path,
  });
}

function volumesFilter(part: string): Outcome {
  if (/[*?[\]]/.test(part)) return left('it has signs that a pattern has: write snapshot.filter yourself');
  const value = `*${part}*`;
  return taken(`snapshot.filter: ${value}`, { path: ['snapshot', 'filter'], value });
}

const sudo: Becomes = (text) =>
  text === 'true'
    ? taken('sudo: true', { path: ['sudo'], value: true })
    : told('reseed logs in by ssh: as root, or by sudo from another account (ssh.user, sudo)');

/** commands.receive gets the last port, and the job's own listener one before it. */
function seedPorts(port: string): Outcome {
  const value = `${Number(port) - 1}-${port}`;
  if (!/^\d{1,5}$/.test(port) || Number(port) < 2) return left('it is no port: write seed.ports');
  return taken(`seed.ports: ${value}: commands.receive gets ${port}, and reseed's own listener the other`, {
    path: ['seed', 'ports'],
    value,
  });
}

/** How the client prints: reseed has its own. */
const ofOutput = /^(-[sNBA]+|--silent|--batch|--skip-column-names|--no-auto-rehash)$/;

/** Only paths are taken from it: a login belongs into an option file. */
function mysqlClient(line: string): Outcome {
  const words = line.trim().split(/\s+/);
  const pathOf = (option: string) => words.find((word) => word.startsWith(`${option}=/`))?.slice(option.length + 1);
  const [file, socket] = [pathOf('--defaults-file'), pathOf('--socket')];
  const gives = [
    ...(file === undefined ? [] : [{ path: ['mysql', 'defaultsFile'], value: file }]),
    ...(socket === undefined ? [] : [{ path: ['mysql', 'socket'], value: socket }]),
  ];
  const rest = words.slice(1).filter((word) => !/^--(?:defaults-file|socket)=\//.test(word) && !ofOutput.test(word));
  if (rest.length > 0) {
    const where =
      file === undefined
        ? 'an option file of the host, and its path as mysql.defaultsFile'
        : 'that file, which is mysql.defaultsFile here';
    const more = file === undefined ? '' : ' further';
    return {
      ...left(`its${more} options are not printed, since they may hold a password: write them into ${where}`),
      gives,
    };
  }
  const [program = ''] = words;
  if (!/^(\/usr(\/local)?\/bin\/)?(mysql|mariadb)$/.test(program)) {
    const where = `reseed runs mysql or mariadb of the PATH of its account: put a link to ${program} into /usr/local/bin of the host`;
    return { ...left([...gives.map(({ path, value }) => `${path.join('.')}: ${value}`), where].join('; ')), gives };
  }
  return gives.length > 0
    ? taken(gives.map(({ path, value }) => `${path.join('.')}: ${value}`).join(', '), ...gives)
    : told('not needed: reseed uses mysql or mariadb, with the option files of its account');
}

const ownWork = always('not needed: reseed does this itself');

const agentKeys: Readonly<Record<string, Becomes>> = {
  SnapshotMountPoint: mountRoot,
  CreateSnapshotCommand: step('createSnapshot'),
  AvailableLocalSnapshotHostsCommand: step('localSnapshotHosts'),
  AvailableSnapshotHostsCommand: step('snapshotHosts'),
  SnapshotVolumesFilter: volumesFilter,
  MySQLDatadirCommand: step('datadir'),
  MySQLPortCommand: step('port'),
  MySQLDeleteDatadirContentCommand: step('deleteDatadir'),
  MySQLServiceStopCommand: (line) => serviceCommand('stop', line),
  MySQLServiceStartCommand: (line) => serviceCommand('start', line),
  MySQLServiceStatusCommand: (line) => serviceCommand('status', line),
  ReceiveSeedDataCommand: step('receive'),
  SendSeedDataCommand: step('send'),
  PostCopyCommand: step('afterCopy'),
  MySQLClientCommand: mysqlClient,
  LogicalVolumesCommand: ownWork,
  GetMountCommand: ownWork,
  UnmountCommand: ownWork,
  MountLVCommand: ownWork,
  RemoveLVCommand: ownWork,
  GetLogicalVolumeFSTypeCommand: ownWork,
  MySQLTailErrorLogCommand: always(
    'not needed where reseed finds the error log (reseed log HOST); else write its path as mysql.errorLog',
  ),
  ExecWithSudo: sudo,
};

const agentDaemon = [
  'AgentsServer',
  'AgentsServerPort',
  'HTTPPort',
  'HTTPAuthUser',
  'HTTPAuthPassword',
  'UseSSL',
  'UseMutualTLS',
  'SSLSkipVerify',
  'SSLPrivateKeyFile',
  'SSLCertFile',
  'SSLCAFile',
  'SSLValidOUs',
  'StatusEndpoint',
  'StatusOUVerify',
  'StatusBadSeconds',
  'HttpTimeoutSeconds',
  'ContinuousPollSeconds',
  'ResubmitAgentIntervalMinutes',
  'TokenHintFile',
  'TokenHttpHeader',
  'ServeAgentsHttp',
  'AgentsUseSSL',
  'AgentsUseMutualTLS',
  'AgentSSLSkipVerify',
  'AgentSSLPrivateKeyFile',
  'AgentSSLCertFile',
  'AgentSSLCAFile',
  'AgentSSLValidOUs',
];

const orchestratorKeys: Readonly<Record<string, Becomes>> = {
  SeedAcceptableBytesDiff: always(
    'orchestrator never reads it; reseed compares checksums of all files, and no byte may differ',
  ),
  SeedWaitSecondsBeforeSend: always("reseed does not wait: it sends when the target's listener has answered"),
  StaleSeedFailMinutes: always(
    'a target of reseed is given up when it takes no data for 2 min, a host when it is away for 10 min',
  ),
  SeedBackupStaleFailMinutes: always(
    'a target of reseed is given up when it takes no data for 2 min, a host when it is away for 10 min',
  ),
  MaxRetriesForSeedStage: always('reseed tries a copy three times, and goes on from the last byte'),
  SeedDowntimeHours: always('reseed does not talk to orchestrator: begin and end the downtime there yourself'),
  AgentPollMinutes: always('reseed asks a host every few seconds while the console is open'),
  UnseenAgentForgetHours: always('a host of reseed stays until it is taken out of the inventory'),
};

const isMethod = (name: string) => seedMethods.some((known) => known === name);

/** `own`: its name as a method of reseed. */
const method =
  (name: string, own = name): Becomes =>
  (text) => {
    if (text !== 'true') return told('off');
    return isMethod(own)
      ? left(`reseed seeds by ${name} too: --method ${own}, or a place in the list seed.method`)
      : left(`seed.method: this reseed does not seed by ${name} yet`);
  };
const optionsOf = (tool: string, own = tool): Becomes =>
  always(
    isMethod(own)
      ? `options of ${tool}: reseed sets those that it needs itself`
      : `options of ${tool}, by which this reseed does not seed yet`,
  );
const tls = always('reseed encrypts by ssh, or by TLS with certificates of the job (seed.channel: tls)');

/** The rewrite in TOML, by `section.key`. */
const tomlKeys: Readonly<Record<string, Becomes>> = {
  'common.seed-port': seedPorts,
  'common.exec-with-sudo': sudo,
  'common.sudo-user': always("reseed's work needs root: sudo to another account is not used"),
  'common.backup-dir': (path, all) =>
    all.get('lvm.enabled') === 'true' ? mountRoot(path) : told('not needed: data goes from datadir to datadir'),
  'mysql.port': always('not needed: reseed finds the port itself'),
  'mysql.user': always('the login of reseed stands in an option file of the host: mysql.defaultsFile'),
  'mysql.seed-user': always('not needed: reseed makes the accounts of its jobs itself, and removes them'),
  'mysql.seed-password': always('never printed, and not needed: reseed makes the accounts of its jobs itself'),
  'mysql.password': always('never printed: it belongs into an option file of the host (mysql.defaultsFile)'),
  'mysql.service-status-command': (line) => serviceCommand('status', line),
  'mysql.service-start-command': (line) => serviceCommand('start', line),
  'mysql.service-stop-command': (line) => serviceCommand('stop', line),
  'lvm.enabled': (text) =>
    text === 'true' ? taken('seed.method: lvm', { path: ['seed', 'method'], value: 'lvm' }) : told('off'),
  'lvm.create-snapshot-command': step('createSnapshot'),
  'lvm.create-new-snapshot-for-seed': always(
    'reseed takes a new snapshot for each seed, unless one is named (seed --snapshot)',
  ),
  'lvm.available-local-snapshot-hosts-command': step('localSnapshotHosts'),
  'lvm.available-snapshot-hosts-command': step('snapshotHosts'),
  'lvm.snapshot-volumes-filter': volumesFilter,
  'lvm.snapshot-mount-point': mountRoot,
  'mysqldump.enabled': method('mysqldump'),
  'mydumper.enabled': method('mydumper'),
  'xtrabackup.enabled': method('xtrabackup'),
  'clone_plugin.enabled': method('the clone plugin', 'clone'),
};

const byLowerCase: ReadonlyMap<string, Becomes> = new Map(
  [
    ...Object.entries(agentKeys),
    ...agentDaemon.map((key): [string, Becomes] => [key, daemon]),
    ...Object.entries(orchestratorKeys),
  ].map(([key, becomes]) => [key.toLowerCase(), becomes]),
);

const sections: Readonly<Record<string, Becomes>> = {
  common: daemon,
  orchestrator: daemon,
  logging: daemon,
  mysqldump: optionsOf('mysqldump'),
  mydumper: optionsOf('mydumper'),
  xtrabackup: optionsOf('xtrabackup'),
  clone_plugin: optionsOf('the clone plugin', 'clone'),
};

/** Settings of orchestrator itself, of which it has some hundred. */
export const ofOrchestrator: Becomes = always(
  'a setting of orchestrator itself, and not about seeds: nothing was made of it',
);

/** Whether a file with such keys is orchestrator's, and not its agent's. */
export const isOrchestrators = (keys: readonly string[]): boolean =>
  keys.some((key) => /^MySQL(Topology|Orchestrator)[A-Za-z]+$/i.test(key));

/** Keys of JSON are read in any case, as the agent does. undefined: it is none of theirs. */
export function becomesOf(key: string, isToml: boolean): Becomes | undefined {
  if (!isToml) return byLowerCase.get(key.toLowerCase());
  if (Object.hasOwn(tomlKeys, key)) return tomlKeys[key];
  const [section = '', name = ''] = key.split('.');
  if (name === '') return byLowerCase.get(key.toLowerCase());
  if (/^socat-/.test(name)) return tls;
  return Object.hasOwn(sections, section) ? sections[section] : undefined;
}
