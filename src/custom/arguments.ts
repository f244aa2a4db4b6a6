// What a command of the inventory is given on a host: its placeholders become facts of the host. Pure.
import type { HostReport } from '../host/facts.ts';
import { filled, type HostPlaceholder, type PlaceholderValues, safeValues } from '../inventory/placeholders.ts';
import type { CommandSettings, Host } from '../inventory/settings.ts';

/**
 * A value that is not known is left out, and one that a program would take for an option. Paths are those of the option
 * files, which root reads: the command runs as root, and the server's account could name /etc for its datadir.
 */
export function hostValues({ name, ssh, cluster, datacenter, mysql }: Host, report: HostReport): PlaceholderValues {
  const { service, config } = report;
  const port = portOf(report);
  const paths = config?.ok ? config.value : {};
  const values: Record<HostPlaceholder, string | undefined> = {
    host: name,
    address: ssh.host,
    cluster,
    datacenter,
    service: mysql.service ?? (service?.ok ? service.value.unit : undefined),
    datadir: paths.datadir,
    socket: mysql.socket ?? paths.socket,
    mysqlPort: port === undefined ? undefined : String(port),
  };
  return safeValues(values);
}

/** Of a server that is down, as its option files have it, or else commands.port. */
export function portOf({ server, config, commands }: HostReport): number | undefined {
  if (server?.ok) return server.value.port;
  const named = config?.ok ? config.value.port : undefined;
  return named ?? (commands?.ok && commands.value.port?.ok ? commands.value.port.value : undefined);
}

/** For a plan: the words with their values, where all are known; a program as root is agreed to by what it gets. */
export function shownRun(
  command: Pick<CommandSettings, 'run'>,
  host: Host,
  report: HostReport,
): CommandSettings['run'] {
  const given = filled(command, hostValues(host, report));
  const [program, ...rest] = given.ok && given.line === undefined ? given.words : [];
  return program === undefined ? command.run : [program, ...rest];
}
