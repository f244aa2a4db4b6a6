// A Remote whose connection can be lost: its commands end, and the next call reaches the host again.
import type { RemoteFailure } from '../../src/remote/failure.ts';
import type { Remote, RemoteStream } from '../../src/remote/remote.ts';

export function lostRemote(remote: Remote): Remote & { readonly lose: () => void } {
  const running = new Set<() => void>();
  return {
    get host() {
      return remote.host;
    },
    get transport() {
      return remote.transport;
    },
    exec: (...call) => remote.exec(...call),
    stream: async (...call) => {
      const stream = await remote.stream(...call);
      if (!stream.ok) return stream;
      let isLost = false;
      const lose = () => {
        isLost = true;
        stream.stop();
      };
      running.add(lose);
      const ended = stream.ended.then((end): Awaited<RemoteStream['ended']> => {
        running.delete(lose);
        return isLost ? lost(remote.host) : end;
      });
      return { ...stream, ended };
    },
    close: () => remote.close(),
    lose: () => {
      for (const one of running) one();
    },
  };
}

const lost = (host: string): RemoteFailure => ({
  ok: false,
  kind: 'unreachable',
  lostWhileRunning: true,
  host,
  command: 'follow-log',
  message: `the connection to ${host} was lost while it ran`,
  advice: '',
  printed: '',
});
