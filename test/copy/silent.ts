// Strangers on the network: they open connections, send nothing or a byte now and then, and reconnect when they are
// closed.
import { connect, type Socket } from 'node:net';

interface Where {
  readonly host: string;
  readonly port: number;
  /** The address of this machine that they come from; absent: any. */
  readonly from?: string;
  /** They say a byte every so often, of a greeting that never ends; absent: nothing. */
  readonly dripMs?: number;
}

/** Keeps `count` connections open until `end`. */
export function silent(where: Where, count: number) {
  let over = false;
  let opened = 0;
  const sockets = new Set<Socket>();
  const open = () => {
    if (over) return;
    const { host, port, from, dripMs } = where;
    const socket = connect({ host, port, ...(from !== undefined && { localAddress: from }) });
    sockets.add(socket);
    socket.on('connect', () => {
      opened++;
      if (dripMs === undefined) return;
      const timer = setInterval(() => socket.write('S'), dripMs);
      socket.once('close', () => clearInterval(timer));
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
