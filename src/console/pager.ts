// Shows a text in the operator's pager. The terminal has to be free for it.
import { execa } from 'execa';

/** Undefined when the pager has ended; else why it did not run. `PAGER` is a command line of the operator's own shell. */
export async function page(text: string, environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  const pager = environment.PAGER || 'less';
  const shown = await execa('sh', ['-c', pager], {
    input: text,
    stdout: 'inherit',
    stderr: 'inherit',
    env: environment,
    reject: false,
  });
  // A pager that is left before it has read all of a long text ends its input.
  const left = shown.code === 'EPIPE' || shown.exitCode === 0;
  return left ? undefined : `${pager} ended with ${shown.exitCode ?? shown.code}; PAGER says which program to use`;
}
