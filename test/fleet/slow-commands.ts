// Commands of a host that reseed's scripts use, which wait for the test: so a test can act in the middle of one.
import { onHost, printedOn, until } from './fleet.ts';
import { anna } from './operators.ts';

const commands = { ln: '/usr/bin/ln', lvcreate: '/usr/sbin/lvcreate', lvchange: '/usr/sbin/lvchange' };
type Command = keyof typeof commands;
const wrapper = (command: string) => `/usr/local/bin/${command}`;
const word = '/run/reseed-go';

/** How reseed's scripts call a command: with these words first. */
export const commandAfter = (host: string, command: Command, words: string) =>
  printedOn(
    host,
    `rm -f ${word}
     printf "%s\\n" "#!/bin/sh" "${words}" "exec ${commands[command]} \\"\\$@\\"" >${wrapper(command)}
     chmod 755 ${wrapper(command)}`,
  );
/** It has begun, and waits for the test. */
export const held = (host: string, command: Command = 'lvcreate') =>
  commandAfter(host, command, `until [ -e ${word} ]; do sleep 0.2; done`);
/** It has begun. */
export const inTheMiddle = (host: string, command: Command = 'lvcreate') =>
  until(
    () => onHost(host, `pgrep -f '/usr/local/bin/[l]${command.slice(1)}'`),
    ({ exitCode }) => exitCode === 0,
  );
export const letGo = (host: string) => printedOn(host, `touch ${word}`);
/** The waiting command continues; later calls run the original command. */
export const healCommands = (host: string) =>
  printedOn(host, `cd /usr/local/bin && rm -f ${Object.keys(commands).join(' ')}; touch ${word}`);

/** As an operator leaves a host after an exercise. */
export async function tidied(host: string): Promise<void> {
  await healCommands(host);
  await anna().says('clean', host, '--snapshots', `--yes=${host}`);
}
