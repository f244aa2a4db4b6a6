// The actions on a host, opened or under the cursor.
import type { JobRequest } from '../../../src/operations/plans/draft.ts';
import type { ProofChoice } from '../../../src/operations/proofs/draft.ts';
import { proposeJob, proposeProof, proposeRecovery, proposeSalvage } from '../../actions.ts';
import type { Handlers } from '../../handlers.ts';
import { openScreen, showOverlay } from '../../screen-store.ts';
import type { Services } from '../../services.ts';

/** `host`: gives the host's present name; undefined: no host of the inventory. */
export function hostActions(
  services: Pick<Services, 'jobs' | 'screens' | 'schedules' | 'markSeen'>,
  host: () => string | undefined,
): Handlers {
  const request = (wanted: JobRequest) => () => {
    const name = host();
    return name === undefined ? 'no host of the inventory is under the cursor' : proposeJob(services, wanted, name);
  };
  const proof = (choice: ProofChoice) => () => {
    const name = host();
    return name === undefined ? 'no host of the inventory is under the cursor' : proposeProof(services, name, choice);
  };
  return {
    'seed.open': () => {
      const name = host();
      if (name === undefined) return 'no host of the inventory is under the cursor';
      openScreen(services.screens, { name: 'seed', target: name });
      return undefined;
    },
    'recovery.plan': () => {
      const name = host();
      return name === undefined ? 'no host of the inventory is under the cursor' : proposeRecovery(services, name);
    },
    'log.markSeen': () => {
      const name = host();
      if (name === undefined) return 'no host of the inventory is under the cursor';
      const why = services.markSeen(name);
      return why === undefined ? `${name}: errors in its log are marked as seen` : `marked until you leave: ${why}`;
    },
    'command.run': () => {
      showOverlay(services.screens, { kind: 'palette', text: '', cursor: undefined, own: true });
      return undefined;
    },
    'salvage.apply': () => {
      const name = host();
      return name === undefined ? 'no host of the inventory is under the cursor' : proposeSalvage(services, name);
    },
    'proof.restore': proof({ of: 'restore' }),
    'proof.rows': proof({ of: 'rows' }),
    'snapshot.create': request({ verb: 'snapshot' }),
    'snapshot.prune': request({ verb: 'prune' }),
    'mysql.start': request({ verb: 'start' }),
    'mysql.stop': request({ verb: 'stop' }),
    'mysql.restart': request({ verb: 'restart' }),
  };
}
