// The actions on a host: the opened one, the one under the cursor, or those that are marked.
import type { Handler, Subjects } from '../../../src/commands/dispatch.ts';
import type { Context } from '../../../src/commands/list.ts';
import type { JobRequest } from '../../../src/operations/plans/draft.ts';
import type { ProofChoice } from '../../../src/operations/proofs/draft.ts';
import { proposeJobs, proposeProofs, proposeRecovery, proposeSalvage } from '../../actions.ts';
import type { Handlers } from '../../handlers.ts';
import { openScreen, showOverlay } from '../../screen-store.ts';
import type { Services } from '../../services.ts';
import { hostsOf, sayingLeft } from '../../several.ts';

const noHost = 'no host of the inventory is under the cursor';

export function hostActions(
  services: Pick<Services, 'jobs' | 'screens' | 'fleet' | 'schedules' | 'markSeen'>,
): Handlers {
  const { screens } = services;
  const onHosts =
    (act: (hosts: readonly string[], subjects: Subjects) => string | undefined): Handler =>
    (subjects) => {
      const hosts = hostsOf(subjects);
      return hosts.length === 0 ? noHost : act(hosts, subjects);
    };
  const onHost = (act: (host: string) => string | undefined) => onHosts(([host]) => (host ? act(host) : noHost));
  const request = (wanted: JobRequest) =>
    onHosts((hosts, { on, left }) =>
      proposeJobs(
        services,
        hosts.map((host) => ({ request: wanted, host, rows: rowsOf(host, on) })),
        left,
      ),
    );
  const proof = (choice: ProofChoice) =>
    onHosts((hosts, { on, left }) =>
      proposeProofs(
        services,
        hosts.map((host) => ({ choice, host, rows: rowsOf(host, on) })),
        left,
      ),
    );
  return {
    'seed.open': onHosts(([target = '', ...also], subjects) => {
      openScreen(screens, { name: 'seed', target, ...(also.length > 0 && { also }) });
      return subjects.left.length === 0 ? undefined : sayingLeft(`targets: ${[target, ...also].join(', ')}`, subjects);
    }),
    'recovery.plan': onHost((host) => proposeRecovery(services, host)),
    'log.markSeen': onHosts((hosts, subjects) => {
      const whys = hosts.map((host) => services.markSeen(host));
      const why = whys.find((one) => one !== undefined);
      const marked = `${hosts.join(', ')}: errors in ${hosts.length > 1 ? 'their logs' : 'its log'} are marked as seen`;
      return sayingLeft(why === undefined ? marked : `marked until you leave: ${why}`, subjects);
    }),
    'command.run': () => {
      showOverlay(screens, { kind: 'palette', text: '', cursor: undefined, own: true });
      return undefined;
    },
    'salvage.apply': onHost((host) => proposeSalvage(services, host)),
    'proof.restore': proof({ of: 'restore' }),
    'proof.rows': proof({ of: 'rows' }),
    'snapshot.create': request({ verb: 'snapshot' }),
    'snapshot.prune': request({ verb: 'prune' }),
    'mysql.start': request({ verb: 'start' }),
    'mysql.stop': request({ verb: 'stop' }),
    'mysql.restart': request({ verb: 'restart' }),
  };
}

/** The ids of a host's rows in the list. */
const rowsOf = (name: string, on: readonly Context[]): readonly string[] =>
  on.flatMap(({ host, row }) => (host?.name === name && row ? [row.id] : []));
