// Commands of a host that reseed's scripts use, made to wait for our word: what happens in the middle of one of them.
import { onHost, printedOn, until } from './fleet.ts';
import { anna } from './operators.ts';

const commands = { ln: '/usr/bin/ln', lvcreate: '/usr/sbin/lvcreate', lvchange: '/usr/sbin/lvchange' };
type Command = keyof typeof commands;
const wrapper = (command: string) => `/usr/local/bin/${command}`;
const word = '/run/reseed-go';

/** What a command is for reseed's scripts: these words first. */
export const commandAfter = (host: string, command: Command, words: string) =>
  printedOn(
    host,
    `rm -f ${word}
     printf "%s\\n" "#!/bin/sh" "${words}" "exec ${commands[command]} \\"\\$@\\"" >${wrapper(command)}
     chmod 755 ${wrapper(command)}`,
  );
/** It begins, and waits for our word. */
export const held = (host: string, command: Command = 'lvcreate') =>
  commandAfter(host, command, `until [ -e ${word} ]; do sleep 0.2; done`);
/** It has begun. */
export const inTheMiddle = (host: string, command: Command = 'lvcreate') =>
  until(
    () => onHost(host, `pgrep -f '/usr/local/bin/[l]${command.slice(1)}'`),
    ({ exitCode }) => exitCode === 0,
  );
export const letGo = (host: string) => printedOn(host, `touch ${word}`);
/** What has begun goes on; what begins now is the command as it was. */
export const healCommands = (host: string) =>
  printedOn(host, `cd /usr/local/bin && rm -f ${Object.keys(commands).join(' ')}; touch ${word}`);

/** As an operator who is through with an exercise leaves a host. */
export async function tidied(host: string): Promise<void> {
  await healCommands(host);
  await anna().says('clean', host, '--snapshots', `--yes=${host}`);
}
