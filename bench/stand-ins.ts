// A process with one sshd of ssh2's on every address of loopback, which answers reseed's scripts from a recording. It
// measures only what many hosts cost here, and tests nothing about hosts. Arguments: the path of a private key, and
// whether answers change. Prints its port, then runs until its standard input ends.
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import ssh2, { type ServerChannel } from 'ssh2';
import { logLine, openedLog, replayed } from './replay.ts';

const changing = process.argv[3] === 'changing';
const onceCommand = 'probe';
const onceParts = ['system', 'service', 'server', 'replication', 'disk'];
const logLinesPerSecond = 1000;
const logTurnMs = 50;

const server = new ssh2.Server({ hostKeys: [readFileSync(process.argv[2] ?? '')] }, (client) => {
  client.on('error', () => undefined);
  client.on('authentication', (login) => (login.method === 'publickey' ? login.accept() : login.reject(['publickey'])));
  client.on('ready', () => {
    client.on('session', (accept) => {
      accept().on('exec', (acceptExec, _, { command }) => {
        if (command === onceCommand) answerOnce(acceptExec());
        else answer(acceptExec());
      });
    });
  });
});
server.listen(0, '0.0.0.0', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
process.stdin.on('end', () => process.exit()).resume();

/** A poll of a client that runs one command each time: the same answer, then the end. */
function answerOnce(channel: ServerChannel): void {
  channel.write(replayed('once', '1', onceParts, changing));
  channel.exit(0);
  channel.end();
}

/** Reads what the leash gets (src/remote/call/leash.ts): a header, the program, then requests. */
function answer(channel: ServerChannel): void {
  let read = '';
  let respond: ((line: string) => void) | undefined;
  channel.on('data', (chunk: Buffer) => {
    read += chunk.toString('latin1');
    respond ??= begun();
    for (let end = read.indexOf('\n'); respond && end >= 0; end = read.indexOf('\n')) {
      respond(read.slice(0, end));
      read = read.slice(end + 1);
    }
  });

  function begun() {
    const [header = '', mark = '', length] = /^(\S+) (\d+) .*\n/.exec(read) ?? [];
    if (header === '' || read.length < header.length + Number(length)) return undefined;
    const program = read.slice(header.length, header.length + Number(length));
    read = read.slice(header.length + Number(length));
    channel.write(`${mark}\n`);
    channel.stderr.write(`${mark}\n`);
    const word = /^set -- '(\w+)'/.exec(program)?.[1] ?? '';
    if (!program.includes('The error log:')) {
      return (line: string) => {
        const [id = '', ...parts] = line.split(' ');
        channel.write(replayed(word, id, parts, changing));
      };
    }
    channel.write(openedLog(word));
    let number = 0;
    const storm = setInterval(() => {
      const lines = Array.from({ length: (logLinesPerSecond * logTurnMs) / 1000 }, () => logLine(number++));
      channel.write(lines.join(''));
    }, logTurnMs);
    channel.on('close', () => clearInterval(storm));
    return () => undefined;
  }
}
