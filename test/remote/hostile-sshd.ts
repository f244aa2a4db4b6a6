// ssh servers that delay a caller, each in its own way: none ever gives a complete answer.
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import ssh2 from 'ssh2';

export interface HostileSshd {
  readonly port: number;
  readonly end: () => void;
}

/** What a server does: before the login, at the login, or after it has received the probe. */
export type Way = 'silent' | 'slow greeting' | 'endless greeting' | 'no login' | 'floods' | 'drips';
export const ways: readonly Way[] = ['silent', 'slow greeting', 'endless greeting', 'no login', 'floods', 'drips'];

export async function hostileSshd(way: Way, hostKey: string): Promise<HostileSshd> {
  const held = new Set<Socket>();
  const server: Pick<Server, 'listen' | 'address' | 'close'> =
    way === 'no login' || way === 'floods' || way === 'drips'
      ? sshServer(way, hostKey, held)
      : createServer((socket) => {
          held.add(socket.resume().on('error', () => undefined));
          greet(way, socket);
        });
  await new Promise<void>((listening) => void server.listen(0, '127.0.0.1', listening));
  const end = () => {
    for (const socket of held) socket.destroy();
    server.close();
  };
  return { port: (server.address() as AddressInfo).port, end };
}

const every = (ms: number, socket: NodeJS.EventEmitter, act: () => void) => {
  const timer = setInterval(act, ms);
  socket.once('close', () => clearInterval(timer));
};

/** Lines may come before a server's `SSH-2.0-...` (RFC 4253, 4.2). */
function greet(way: Way, socket: Socket): void {
  if (way === 'slow greeting') every(500, socket, () => socket.write('x'));
  if (way === 'endless greeting')
    every(20, socket, () => socket.write(`${'\u001b]0;x\u0007welcome '.repeat(500)}\r\n`));
}

function sshServer(way: Way, hostKey: string, held: Set<Socket>) {
  return new ssh2.Server({ hostKeys: [hostKey] }, (client) => {
    held.add((client as unknown as { _sock: Socket })._sock);
    client.on('error', () => undefined);
    client.on('authentication', (login) => {
      if (way !== 'no login') login.accept();
    });
    client.on('session', (accept) => {
      accept().on('exec', (take) => answer(way, take()));
    });
  });
}

function answer(way: Way, channel: ssh2.ServerChannel): void {
  channel.on('error', () => undefined);
  channel.once('data', (header: Buffer) => {
    // As the leash does, so that the script has begun.
    const mark = /^(\w+) \d+ /m.exec(header.toString())?.[1] ?? '';
    channel.write(`${mark}\n`);
    channel.stderr.write(`${mark}\n`);
    if (way === 'drips') every(500, channel, () => channel.write('\n.'));
    if (way === 'floods') every(50, channel, () => channel.write('\u001b[2J not what was asked for\n'.repeat(2000)));
  });
  channel.resume();
}
