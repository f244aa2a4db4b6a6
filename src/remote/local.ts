// This machine: the leashed command line as a child, leader of a session of its own as sshd would make it.
import { childChannel } from './child.ts';
import { good } from './failure.ts';
import type { Channel, Transport } from './transport.ts';

export function localTransport(environment: NodeJS.ProcessEnv): Transport {
  const running = new Set<Channel>();
  return {
    name: 'local',
    open: async (commandLine) => {
      const channel = childChannel('/bin/sh', ['-c', commandLine], { environment, ownGroup: true });
      running.add(channel);
      void channel.closed.then(() => running.delete(channel));
      return good(channel);
    },
    close: async () => {
      await Promise.all(
        [...running].map((channel) => {
          channel.close();
          return channel.closed;
        }),
      );
    },
  };
}
