// What commands of the inventory say of a server: commands.status, datadir and port (probe.sh), and where that differs from what reseed sees. They
// may print anything.

import { filled, writtenValues } from '../../inventory/placeholders.ts';
import type { Host } from '../../inventory/settings.ts';
import { cleanLine } from '../../text/clean.ts';
import type { CommandFacts, HostReport, Known, ToldDatadir, ToldStatus } from '../facts.ts';
import { commandLooks, type FileLook, hookLooks, readLook } from '../file-looks.ts';
import type { Section } from '../frame.ts';
import { known, present, unanswered, unknown, wholeNumber } from '../known.ts';
import { withoutSlash } from '../paths.ts';

const names = ['status', 'datadir', 'port'] as const;
type Name = (typeof names)[number];

/** The words of probe.sh for them. On a host that may not be changed none is run: only its writer knows what it does. */
export const askingWords = (host?: Host): string[] => [
  ...names.flatMap((name) => listWords(`own_${name}`, host && !host.readOnly ? wordsOf(host, name) : [])),
  ...listWords('look', host ? looksOf(host) : []),
];

const listWords = (name: string, values: readonly string[]): string[] =>
  values.length === 0 ? [`${name}=`] : values.map((value) => `${name}=${value}`);

/** Of hooks that run on a host (where that is, only a job knows), and of its commands. */
const looksOf = (host: Host): string[] => [
  ...new Set([
    ...Object.values(host.hooks).flatMap((hook) => {
      if ((hook.on ?? 'jump') === 'jump') return [];
      const given = filled(hook, writtenValues(host));
      return hookLooks(given.ok ? given.words : hook.run);
    }),
    ...Object.entries(host.commands).flatMap(([name, command]) => {
      // It runs as the server's account, whose own it may be (seed-own.sh).
      if (name === 'receive') return [];
      const given = filled(command, writtenValues(host));
      if (given.ok) return commandLooks(given.line, given.words);
      return typeof command.run === 'string' ? [] : commandLooks(undefined, command.run);
    }),
  ]),
];

/** Whether the host has such a command. */
export const isAsked = ({ commands }: Pick<Host, 'commands'>): boolean =>
  names.some((name) => Object.hasOwn(commands, name));

function wordsOf(host: Host, name: Name): readonly string[] {
  const command = Object.hasOwn(host.commands, name) ? host.commands[name] : undefined;
  const given = command && filled(command, writtenValues(host));
  if (!given?.ok) return [];
  const looks = commandLooks(given.line, given.words);
  return [...looks, '--', ...(given.line === undefined ? ['list', ...given.words] : ['line', given.line])];
}

type Sections = ReadonlyMap<string, Section>;

export function readCommands(sections: Sections): Known<CommandFacts> {
  const pid = wholeNumber(sections.get('own_pid')?.text.trim());
  return known({
    ...present('status', statusIn(sections.get('own_status'), pid)),
    ...present('datadir', told(sections, 'datadir', datadirIn)),
    ...present('port', told(sections, 'port', portIn)),
    ...present('programs', programsIn(sections.get('own_programs')?.text)),
  });
}

function programsIn(text: string | undefined): Readonly<Record<string, FileLook>> | undefined {
  const looks = [...(text ?? '').matchAll(/^([^\t\n]+)\t(.+)$/gm)];
  return text === undefined
    ? undefined
    : Object.fromEntries(looks.map(([, look = '', found = '']) => [look, readLook(found)]));
}

/** Any status is an answer. */
function statusIn(section: Section | undefined, pid: number | undefined): Known<ToldStatus> | undefined {
  if (!section) return undefined;
  if (section.status === open) return unknown(openText('status', section));
  const code = wholeNumber(section.status);
  if (code === undefined || late.test(section.status)) return unanswered(lateText('status'));
  return known({ code, ...present('pid', pid) });
}

const late = /^(?:124|137|resting.*)$/;
/** Another account could change a file of it. */
const open = 'open';
const openText = (name: Name, { text }: Section) => `commands.${name} was not run: ${cleanLine(text.trim())}`;
const lateText = (name: Name) => `commands.${name} gave no answer within 3 s`;

function told<T>(
  sections: Sections,
  name: Name,
  read: (text: string, sections: Sections) => Known<T>,
): Known<T> | undefined {
  const section = sections.get(`own_${name}`);
  if (!section) return undefined;
  if (late.test(section.status)) return unanswered(lateText(name));
  if (section.status === open) return unknown(openText(name, section));
  if (section.status !== '0') return unknown(`commands.${name} ended with ${section.status}`);
  return read(section.text.replace(/\r?\n$/, ''), sections);
}

const shown = (text: string) => `"${cleanLine(text.slice(0, 200))}"`;

function datadirIn(text: string, sections: Sections): Known<ToldDatadir> {
  if (!/^\/[^\n]*$/.test(text) || cleanLine(text) !== text || text.length > 1024) {
    return unknown(`commands.datadir printed no path alone, but ${shown(text)}`);
  }
  const same = sections.get('own_same')?.text.trim();
  return known({ path: withoutSlash(text), ...(same && { isSame: same === 'yes' }) });
}

function portIn(text: string): Known<number> {
  const port = wholeNumber(text.trim());
  if (port !== undefined && port > 0 && port < 65_536) return known(port);
  return unknown(`commands.port printed no port, but ${shown(text)}`);
}

/** Sentences: what a command says, and what reseed sees, where the two differ; and commands that gave no answer. */
export function commandDifferences(report: HostReport): string[] {
  const { commands } = report;
  if (!commands?.ok) return [];
  const { status, datadir, port } = commands.value;
  const untold = [status, datadir, port].flatMap((one) => (one && !one.ok ? [one.why] : []));
  return [
    ...untold,
    ...(status?.ok ? statusDiffers(status.value, report) : []),
    ...(datadir?.ok ? datadirDiffers(datadir.value, datadirSeen(report)) : []),
    ...(port?.ok ? portDiffers(port.value, portSeen(report)) : []),
  ];
}

const datadirSeen = ({ server, disk, config }: HostReport) =>
  server?.ok ? server.value.datadir : disk?.ok ? disk.value.datadir : config?.ok ? config.value.datadir : undefined;

/** Of a server that does not answer, as its option files have it: it starts with that. */
const portSeen = ({ server, config }: HostReport) =>
  server?.ok ? server.value.port : config?.ok ? config.value.port : undefined;

function portDiffers(told: number, seen: number | undefined): string[] {
  if (seen === undefined || told === seen) return [];
  return [`commands.port says ${told}, and the port of its server is ${seen}`];
}

function datadirDiffers({ path, isSame }: ToldDatadir, seen: string | undefined): string[] {
  if (seen === undefined || isSame === true || withoutSlash(path) === withoutSlash(seen)) return [];
  return [`commands.datadir says ${path}, and the datadir of its server is ${withoutSlash(seen)}`];
}

/** An answer about another process, or from before its end, says nothing of now. */
function statusDiffers({ code, pid }: ToldStatus, { service, server }: HostReport): string[] {
  if (!service?.ok || service.value.pid !== pid) return [];
  const runs = server?.ok || pid !== undefined;
  if (runs === (code === 0)) return [];
  return [
    `commands.status ended with ${code}${code === 0 ? ' (it runs)' : ''}, and ${runs ? 'its server runs' : 'no server runs there'}`,
  ];
}
