// reseed version: which reseed this is, and on what it runs.
import { Command } from 'commander';
import { version } from '../version.ts';
import { exampleText, printJson, printLine } from './answer.ts';

export const versionCommand = (): Command =>
  new Command('version')
    .description('which reseed this is, and on which Node it runs')
    .option('--json', 'answer in JSON')
    .action(({ json }: { readonly json?: boolean }) => {
      const { version: node, platform, arch } = process;
      if (json) printJson('version', { reseed: version, node: node.slice(1), platform, arch });
      else printLine(`reseed ${version} (Node ${node.slice(1)}, ${platform} ${arch})`);
    })
    .addHelpText('after', exampleText(['reseed version', 'reseed version --json | jq -r .reseed']));
