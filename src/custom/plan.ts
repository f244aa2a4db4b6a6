// The job of a command of the inventory on one host.
//
// This room has which commands there are (named.ts), what one is given (arguments.ts), its job, and its steps, one a file. The command runs as a unit on the host
// (job/unit/): it goes on while its runner is away, and is never started twice.
import type { HostReport } from '../host/facts.ts';
import { commandLooks, pathIn, toldLook, whyIn } from '../host/file-looks.ts';
import { datadirOf } from '../host/storage/datadir.ts';
import { filled, type PlaceholderValues } from '../inventory/placeholders.ts';
import type { Host } from '../inventory/settings.ts';
import { purposeOf, stepCommandOf } from '../inventory/step-commands.ts';
import type { Who } from '../job/journal/record.ts';
import { lockHost } from '../job/lock-step.ts';
import type { PlannedStep } from '../job/plan/plan.ts';
import { type Planned, readOnlyRefusal, refusal } from '../job/plan/refusal.ts';
import { hostValues } from './arguments.ts';
import { awaitCommand } from './await-command.ts';
import { type NamedCommand, namedCommands } from './named.ts';
import { type CustomUnit, startCommand } from './start-command.ts';

export interface CustomRequest {
  /** The name of the command. */
  readonly command: string;
  readonly host: Host;
  readonly report: HostReport;
  /** The job's key. */
  readonly job: string;
  readonly who: Who;
}

export function planCustom({ command: name, host, report, job, who }: CustomRequest): Planned {
  const command = commandOf(host, name);
  if ('ok' in command) return command;
  const steps = commandSteps({ command, host, report, job });
  if (!steps.ok) return steps;
  return {
    ok: true,
    plan: {
      kind: 'run',
      title: `run ${name} on ${host.name}`,
      hosts: [host.name],
      destroys: [],
      steps: [lockHost.plan({ host: host.name, datadir: datadirOf(report) ?? '', job, who }), ...steps.steps],
    },
  };
}

/** The command, or why the inventory alone refuses it: that needs no connection. */
export function commandOf(host: Host, name: string): NamedCommand | Refused {
  const commands = namedCommands(host);
  const command = commands.find((one) => one.name === name);
  return readOnlyRefusal(host) ?? command ?? noSuchCommand(host, name, commands);
}

interface StepsRequest extends Pick<CustomRequest, 'host' | 'report' | 'job'>, Pick<CustomUnit, 'lane' | 'role'> {
  readonly command: NamedCommand;
  /** Of placeholders that are no facts of the host. */
  readonly values?: PlaceholderValues;
}

type Refused = Extract<Planned, { ok: false }>;
type Steps = { readonly ok: true; readonly steps: readonly PlannedStep[]; readonly unit: CustomUnit } | Refused;

/** The two steps that run a command. */
export function commandSteps({ job, lane, role, ...request }: StepsRequest): Steps {
  const given = givenTo(request);
  if (!given.ok) return given;
  const { line, words, seconds } = given;
  const { command, host } = request;
  const place = { ...(lane !== undefined && { lane }), ...(role !== undefined && { role }) };
  const unit = { host: host.name, job, name: command.name, line, words, seconds, ...place };
  return { ok: true, steps: [startCommand.plan(unit), awaitCommand.plan(unit)], unit };
}

/** What a command is given on a host; refused where a placeholder has no value. */
export function givenTo({
  command,
  host,
  report,
  values,
}: Pick<StepsRequest, 'command' | 'host' | 'report' | 'values'>): Given | Refused {
  const { name, deadlineMs } = command;
  const given = filled(command, { ...hostValues(host, report), ...values });
  if (!given.ok) return unfilled(`commands.${name}`, host, given.unknown);
  const { line, words } = given;
  const open = openFile(commandLooks(line, words), report);
  if (open === undefined) return { ok: true, line, words, seconds: Math.ceil(deadlineMs / 1000) };
  return refusal(
    `commands.${name} can't be run on ${host.name}: ${open}`,
    "it and the folders on the way to it have to be root's, and closed to other accounts",
  );
}

/** `/opt/pin: why`, of the first file that the probe saw open to another account, or not there; it is looked at again when it is run (custom.sh). */
function openFile(looks: readonly string[], report: HostReport): string | undefined {
  return looks.flatMap((asked) => {
    const why = whyIn(toldLook(report, asked) ?? 'none');
    return why === undefined ? [] : [`${pathIn(asked)}: ${why}`];
  })[0];
}

/** `setting`: where the inventory has what can't be filled in. */
export function unfilled(setting: string, { name }: Pick<Host, 'name'>, unknown: readonly string[]): Refused {
  const words = unknown.map((one) => `{${one}}`).join(', ');
  return refusal(
    `${setting} needs ${words}, which is not known of ${name}`,
    `reseed status ${name} tells why; or write the value itself into the inventory`,
  );
}

type Given = { readonly ok: true } & Pick<CustomUnit, 'line' | 'words' | 'seconds'>;

function noSuchCommand({ name: host, commands: own }: Host, name: string, commands: readonly NamedCommand[]): Refused {
  const step = stepCommandOf(name);
  if (step) {
    const isThere = Object.hasOwn(own, name);
    const type = step.typed.replace('HOST', host);
    return refusal(
      `commands.${name} is not a command to run by itself: it is ${purposeOf(step)}`,
      isThere ? `${type}; or write the same command under another name` : type,
    );
  }
  const known = commands.map((one) => one.name).join(', ');
  return refusal(
    `${host} has no command ${name}`,
    known === '' ? 'write it into the inventory, under commands' : `it has ${known}`,
  );
}
