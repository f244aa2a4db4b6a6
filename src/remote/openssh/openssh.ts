// The system's ssh, for what ssh2 cannot do: certificates, sk- keys, GSSAPI, ProxyCommand, post-quantum-only servers.
// One shared connection a host (ControlMaster), each command a small ssh process that talks to it.
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { childChannel } from '../child.ts';
import { deadlineIn, type OwnWait } from '../deadline.ts';
import { bad, good, type Outcome } from '../failure.ts';
import type { Gate } from '../gate.ts';
import { type Chance, kept } from '../reconnect.ts';
import { onLeg } from '../route/legs.ts';
import type { Hop, Route } from '../route/route.ts';
import type { ChannelEnd, Transport } from '../transport.ts';
import { listedName } from '../trust/host-key.ts';
import { type ConfigPlace, hopLogs, removeConfigs, writeConfigs } from './config.ts';
import { troubleFromSsh } from './errors.ts';

export interface OpensshOptions {
  readonly environment: NodeJS.ProcessEnv;
  readonly place: ConfigPlace;
  readonly gate: Gate;
  readonly wait: OwnWait;
  readonly chance: Chance;
}

// ssh puts the shared connection's process in the background. It ends itself after so long without use, so that it does
// not outlive a console that was killed.
const lingerSeconds = 60;
const connectMs = 60_000;

interface Master {
  /** The arguments for every further ssh. */
  readonly args: readonly string[];
  readonly socket: string;
}

export function opensshTransport(route: Route, { environment, place, gate, wait, chance }: OpensshOptions): Transport {
  const target = route.at(-1) as Hop;
  const { host } = target.query;
  const run = async (args: readonly string[], closed?: AbortSignal) => {
    const late = new AbortController();
    // Counts only time in which this process could read: ssh may have had its answer while this process was not
    // scheduled.
    const deadline = deadlineIn(connectMs, () => late.abort());
    const done = await execa('ssh', [...args, '--', host], {
      reject: false,
      env: environment,
      extendEnv: false,
      stdin: 'ignore',
      cancelSignal: closed ? AbortSignal.any([closed, late.signal]) : late.signal,
    });
    deadline.cancel();
    return { ...done, late: late.signal.aborted };
  };

  const connect = async (closed: AbortSignal): Promise<Outcome<Master>> => {
    const socket = join(place.folder, place.stem);
    const config = await writeConfigs(route, place);
    if (!config.ok) return config;
    const args = ['-F', config.value, '-o', `ControlPath=${socket.replaceAll('%', '%%')}`];
    const master = ['-o', 'ControlMaster=yes', '-o', `ControlPersist=${lingerSeconds}`, '-o', 'LogLevel=DEBUG1', '-fN'];
    const { failed, late, stderr, shortMessage } = await run([...args, ...master], closed);
    if (failed) {
      const why = late ? `${stderr}\nssh did not connect within ${connectMs / 1000} s` : stderr || (shortMessage ?? '');
      const said = (await hopLogs(route, place)) + why;
      return bad(onLeg(troubleFromSsh(said, target.settings), route));
    }
    return good({ args, socket });
  };

  const connection = kept<Master>(
    {
      connect: (closed) => gate({ name: listedName(route[0]), wait }, () => connect(closed)),
      isAlive: ({ socket }) =>
        access(socket).then(
          () => true,
          () => false,
        ),
      end: async ({ args }) => {
        await run([...args, '-O', 'exit']);
        await removeConfigs(route, place);
      },
    },
    chance,
  );

  return {
    name: 'openssh',
    open: async (commandLine) => {
      const master = await connection.get();
      if (!master.ok) return master;
      const args = [
        ...master.value.args,
        '-o',
        'ControlMaster=no',
        '-o',
        'LogLevel=ERROR',
        '-T',
        '--',
        host,
        commandLine,
      ];
      const channel = childChannel('ssh', args, { environment, ownGroup: false });
      // ssh gives 255 for a lost connection and for a command that a signal ended. A script's status comes in band.
      const closed = channel.closed.then(async (end): Promise<ChannelEnd> => {
        const lost = end.code === 255 && (await run([...master.value.args, '-O', 'check'])).failed;
        return lost ? { lost: '' } : end;
      });
      return good({ ...channel, closed });
    },
    close: connection.close,
  };
}
