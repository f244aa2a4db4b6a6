// Shows a text in the operator's pager, which needs the terminal.
import { execa } from 'execa';

/** Undefined when the pager has ended; otherwise why it did not run. `PAGER` is a command line for the operator's own shell. */
export async function page(text: string, environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  const pager = environment.PAGER || 'less';
  const shown = await execa('sh', ['-c', pager], {
    input: text,
    stdout: 'inherit',
    stderr: 'inherit',
    env: environment,
    reject: false,
  });
  // EPIPE: the operator left the pager before it had read all of a long text.
  const left = shown.code === 'EPIPE' || shown.exitCode === 0;
  return left ? undefined : `${pager} ended with ${shown.exitCode ?? shown.code}; PAGER says which program to use`;
}
