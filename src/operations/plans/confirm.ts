// What the environments of the hosts of a job ask a person to agree to. Pure.
import type { Host } from '../../inventory/settings.ts';
import type { Draft } from './draft.ts';

/** `environment production: db1, db2`; empty: none of the hosts is of an environment with `confirm`. */
export function confirmOf(hosts: readonly Pick<Host, 'name' | 'environment'>[]): Pick<Draft, 'confirm'> {
  const asked = hosts.flatMap(({ name, environment }) =>
    environment?.confirm ? [{ name, of: environment.name }] : [],
  );
  const byName = Map.groupBy(asked, ({ of }) => of);
  const confirm = [...byName].map(
    ([of, some]) => `environment ${of}: ${[...new Set(some.map(({ name }) => name))].join(', ')}`,
  );
  return confirm.length > 0 ? { confirm } : {};
}
