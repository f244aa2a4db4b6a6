// Strangers on the network who open connections, say nothing, and open them again when they are closed.
import { connect, type Socket } from 'node:net';

/** As many connections as `count`, kept up until `end`. `from`: the address of this machine that they come from; absent: any. */
export function silent(where: { readonly host: string; readonly port: number; readonly from?: string }, count: number) {
  let over = false;
  let opened = 0;
  const sockets = new Set<Socket>();
  const open = () => {
    if (over) return;
    const { host, port, from } = where;
    const socket = connect({ host, port, ...(from !== undefined && { localAddress: from }) });
    sockets.add(socket);
    socket.on('connect', () => {
      opened++;
    });
    socket.on('error', () => undefined);
    socket.on('data', () => undefined);
    socket.on('close', () => {
      sockets.delete(socket);
      setTimeout(open, 20);
    });
  };
  for (let n = 0; n < count; n++) open();
  return {
    /** So far, all of them. */
    opened: () => opened,
    /** Now. */
    standing: () => [...sockets].filter((socket) => !socket.connecting && !socket.destroyed).length,
    end: () => {
      over = true;
      for (const socket of sockets) socket.destroy();
    },
  };
}
