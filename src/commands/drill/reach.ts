// The verbs that reach into the fleet: ssh, and a command inside its network.
import type { Command } from 'commander';
import { requireHostNamed } from '../../drill/hosts.ts';
import { execInside, sshWords } from '../../drill/machine/ssh.ts';
import { requireHost, requireState } from '../../drill/state.ts';
import { insideDrill } from '../../inventory/inventory.ts';
import { type DrillOptions, inScene, verb } from './verb.ts';

export function sshVerb(): Command {
  return verb('ssh <host> [command...]', 'log in to a host, or run a command there', [
    'reseed drill ssh db1',
    "reseed drill ssh db3 -- mysql -e 'SHOW REPLICA STATUS'",
  ])
    .passThroughOptions()
    .action((name: string, command: string[], options: DrillOptions) =>
      inScene(
        options,
        async ({ places }) => {
          const host = requireHostNamed(name);
          requireHost(await requireState(places), host.name);
          return execInside(places, [...sshWords(places, host), ...afterDashes(command)], process.env);
        },
        true,
      ),
    );
}

export function execVerb(): Command {
  return verb('exec <command...>', 'run a command inside the network of the fleet', [
    'reseed drill exec -- bash',
    'reseed drill exec -- ssh-keyscan 10.77.0.11',
  ])
    .passThroughOptions()
    .action((command: string[], options: DrillOptions) =>
      inScene(
        options,
        async ({ places }) => {
          await requireState(places);
          return execInside(places, afterDashes(command), { ...process.env, [insideDrill]: '1' });
        },
        true,
      ),
    );
}

/** Removes the `--` that keeps commander from reading the words after it. */
function afterDashes(command: readonly string[]): readonly string[] {
  return command[0] === '--' ? command.slice(1) : command;
}
