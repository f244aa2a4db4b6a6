// The console on a real terminal, inside the fleet's network.
import { join } from 'node:path';
import { TestTerminal } from '../terminal.ts';
import { reseedWords, testEnvironment } from './fleet.ts';

const sample = join(import.meta.dirname, '../../hosts.yaml');

export function consoleOnFleet({ columns, rows }: { columns: number; rows: number }, inventory = sample): TestTerminal {
  const [node, script] = reseedWords;
  const { CI, NO_COLOR, ...environment }: NodeJS.ProcessEnv = testEnvironment;
  const inside = ['drill', 'exec', '--', node, script, 'console', '--inventory', inventory];
  return new TestTerminal(node, [script, ...inside], { columns, rows, environment });
}
