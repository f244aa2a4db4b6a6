// The command lines of a configuration -> commands of the inventory.
import { commandName } from '../commands.ts';
import { codePointOf, firstUnprintable } from '../problem.ts';
import { isStepRun, purposeOf, stepCommandOf } from '../step-commands.ts';
import type { CommandValue } from './config.ts';
import { left, notOf, type Outcome, taken, told } from './outcome.ts';

/** A line that can't be printed into an inventory: why, and what to do. */
function unprintableLine(line: string): string | undefined {
  const character = firstUnprintable(line);
  if (character === undefined) return undefined;
  return `its line holds ${codePointOf(character)}, which an inventory can't: keep it in a script on the host, and write the path of that`;
}

const onlyPrints = /^(?:(?:\/usr)?\/bin\/)?(?:true|:|echo((?:\s+(?:'[^']*'|"[^"$`\\]*"|[^\s'"`$&|;<>()\\]+))*))$/;

/** The agent's sample has such a line for every command: `echo 'no action'`, and `echo '~/tmp'` for the datadir. */
function isPlaceholder(name: string, line: string): boolean {
  const [all, printed = ''] = onlyPrints.exec(line.trim()) ?? [];
  if (all === undefined) return false;
  const words = printed.replaceAll(/['"]/g, '').trim();
  // That of the sample, which names no hosts.
  if (words === 'no action') return true;
  if (name === 'datadir') return !words.startsWith('/');
  if (name === 'port') return !/^\d+$/.test(words);
  if (name === 'snapshotHosts' || name === 'localSnapshotHosts')
    return words.split(/\s+/).every((word) => ['', 'localhost', '127.0.0.1'].includes(word));
  return true;
}

const placeholder = (name: string): Outcome =>
  left(`commands.${name} is left out: its line does nothing, as the placeholders of the agent's sample`);

/** A command that takes the place of a step of reseed's own. */
export function stepCommand(name: string, line: string): Outcome {
  if (isPlaceholder(name, line)) return placeholder(name);
  const kept = unprintableLine(line);
  if (kept !== undefined) return left(`commands.${name}: ${kept}`);
  const { toDecide, ...step } = stepCommandOf(name) ?? { insteadOf: '' };
  if (isStepRun(name)) {
    const outcome = taken(`commands.${name}: ${purposeOf(step)}`, { path: ['commands', name], value: line });
    return toDecide === undefined ? outcome : { ...outcome, text: `${outcome.text}; ${toDecide}`, isLeft: true };
  }
  return {
    text: `commands.${name}: written as a comment, since this reseed does not run it yet; reseed's own step is ${step.insteadOf}`,
    later: { name, line },
    isLeft: true,
  };
}

const service =
  /^(?:sudo )?(?:(?:\/usr)?\/bin\/|\/usr\/sbin\/|\/sbin\/)?(?:systemctl (?:start|stop|status|check|is-active) ([\w@.-]+)|service ([\w@.-]+) (?:start|stop|status)|\/etc\/init\.d\/([\w@.-]+) (?:start|stop|status))$/;

/** `systemctl stop mysqld`, `service mysqld stop` and `/etc/init.d/mysqld stop` are what reseed does with the service. */
export function serviceCommand(name: 'start' | 'stop' | 'status', line: string): Outcome {
  const [, ...units] = service.exec(line.trim().replaceAll(/\s+/g, ' ')) ?? [];
  const unit = units.find((one) => one !== undefined)?.replace(/\.service$/, '');
  if (unit === undefined) return name === 'status' ? stepCommand(name, line) : ownService(name, line);
  return taken(`mysql.service: ${unit}; reseed does the rest by systemd`, { path: ['mysql', 'service'], value: unit });
}

/** Left as a comment: with it seeds of the host are refused, and the operator decides. */
function ownService(name: 'start' | 'stop', line: string): Outcome {
  if (isPlaceholder(name, line)) return placeholder(name);
  const kept = unprintableLine(line);
  if (kept !== undefined) return left(`commands.${name}: ${kept}`);
  return {
    text: `commands.${name}: written as a comment; with it reseed ${name} runs it, and seeds to that host are refused, since they need the server's unit`,
    later: { name, line },
    isLeft: true,
  };
}

/** `CustomCommands` of the agent: the buttons of its page. */
export function customCommands(
  commands: ReadonlyMap<string, CommandValue>,
): readonly (readonly [name: string, Outcome])[] {
  const used = new Set<string>();
  return [...commands].map(([name, value]) => {
    if (value.kind !== 'text') return [name, notOf(value.kind, 'text')];
    const own = nameOf(name);
    if (used.has(own))
      return [name, left(`commands.${own} is written for another one already: write this one yourself`)];
    used.add(own);
    return [name, customCommand(name, own, value.text)];
  });
}

/** The blank in `purge logs` can't be in a name; `restart` would be a step's. */
function nameOf(name: string): string {
  const bare = name.replaceAll(/[^\w.-]+/g, '-').replace(/^[^A-Za-z]+/, '');
  return stepCommandOf(bare) ? `custom-${bare}` : bare;
}

function customCommand(name: string, own: string, line: string): Outcome {
  if (line.trim() === '') return told('empty: nothing to take');
  const kept = unprintableLine(line);
  if (!commandName.test(own)) return left('its name is none for a command: write it with letters');
  if (kept !== undefined) return left(`commands.${own}: ${kept}`);
  const renamed = own === name ? '' : ', under another name';
  return taken(`commands.${own}${renamed}: reseed run HOST ${own}`, { path: ['commands', own], value: line });
}
