// A relay between two hosts that can't reach each other: from a port of one's loopback to a port of the other's, by two
// ssh of this machine (relay.sh). It ends with this process. The two ends encrypt what goes through it: this machine
// can't read it.

import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { deadlineIn } from '../deadline.ts';
import { bad, good, type Outcome, type RemoteFailure, refused, type Trouble } from '../failure.ts';
import type { Remote } from '../remote.ts';
import { onLeg } from '../route/legs.ts';
import type { Hop, Route } from '../route/route.ts';
import { type ConfigPlace, hopLogs, removeConfigs, writeConfigs } from './config.ts';
import { troubleFromSsh } from './errors.ts';

export interface RelayEnds {
  readonly from: RelayEnd;
  readonly to: RelayEnd;
  /** The port on the other host's loopback where it listens. */
  readonly toPort: number;
  /** The text of relay.sh. */
  readonly script: string;
}

export interface RelayEnd {
  readonly route: Route;
  readonly place: ConfigPlace;
}

export interface Relay {
  /** The relay's port on the first host's loopback. */
  readonly port: number;
  /** One of the two ssh has ended, and with it the relay. */
  readonly isOver: () => boolean;
  close(): Promise<void>;
}

/** Time for two connections, one after the other. */
const standsWithinMs = 60_000;
/** The exit codes of relay.sh. */
const ended = { to: 1, from: 2, refused: 3 } as const;

/** `here`: this machine. */
export async function openRelay(here: Remote, ends: RelayEnds): Promise<Outcome<Relay>> {
  const { from, to } = ends;
  const configs = [await writeConfigs(from.route, from.place), await writeConfigs(to.route, to.place)] as const;
  const folder = await mkdtemp(join(to.place.folder, 'relay-'));
  const clear = async () => {
    await Promise.all([removeConfigs(from.route, from.place), removeConfigs(to.route, to.place)]);
    await rm(folder, { recursive: true, force: true });
  };
  const opened = await begin(here, ends, configs, folder);
  if (!opened.ok) {
    await clear();
    return opened;
  }
  const { value: relay } = opened;
  return good({ ...relay, close: () => relay.close().then(clear) });
}

async function begin(
  here: Remote,
  { from, to, toPort, script }: RelayEnds,
  [fromConfig, toConfig]: readonly [Outcome<string>, Outcome<string>],
  folder: string,
): Promise<Outcome<Relay>> {
  if (!fromConfig.ok) return fromConfig;
  if (!toConfig.ok) return toConfig;
  const args = [folder, fromConfig.value, hostOf(from), toConfig.value, hostOf(to), String(toPort)];
  let said = '';
  let end: RemoteFailure | 'over' | undefined;
  const stream = await here.stream(script, args, {
    label: 'relay',
    onStdout: (chunk) => {
      said += chunk.toString();
    },
  });
  if (!stream.ok) return bad(stream);
  const over = stream.ended.then((how) => {
    end = how.ok ? 'over' : how;
  });
  let late = false;
  const deadline = deadlineIn(standsWithinMs, () => {
    late = true;
  });
  let port: number | undefined;
  while (port === undefined && !end && !late) {
    await Promise.race([over, sleep(50)]);
    port = portIn(said);
  }
  deadline.cancel();
  const close = async () => {
    stream.stop();
    await over;
  };
  if (port !== undefined && !end) return good({ port, isOver: () => end !== undefined, close });
  const failure = end;
  await close();
  return bad(await troubleOf(failure, from, to));
}

const lastHop = ({ route }: RelayEnd) => route.at(-1) as Hop;
const hostOf = (end: RelayEnd) => lastHop(end).query.host;

function portIn(said: string): number | undefined {
  const [, port] = /^port (\d+)$/m.exec(said) ?? [];
  return port === undefined ? undefined : Number(port);
}

async function troubleOf(failure: RemoteFailure | 'over' | undefined, from: RelayEnd, to: RelayEnd): Promise<Trouble> {
  const [one, other] = [hostOf(from), hostOf(to)];
  if (!failure || failure === 'over') {
    return refused(
      `the relay ${one} → ${other} through this machine was not ready within ${standsWithinMs / 1000} s`,
      'is the line very slow?',
    );
  }
  if (failure.kind !== 'exit') return failure;
  if (failure.code === ended.refused) {
    return refused(
      `a sshd of ${one} or ${other} does not forward: ${failure.stderr.trim().split('\n').at(-1) ?? ''}`,
      'its sshd_config has to allow it: AllowTcpForwarding yes',
      failure.stderr,
    );
  }
  const whose = failure.code === ended.from ? from : to;
  const logs = await hopLogs(whose.route, whose.place);
  return onLeg(troubleFromSsh(logs + failure.stderr, lastHop(whose).settings), whose.route);
}
