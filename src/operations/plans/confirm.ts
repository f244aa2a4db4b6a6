// What the environments of the hosts of a job ask a person to agree to. Pure.
import type { Host } from '../../inventory/settings.ts';
import type { Draft } from './draft.ts';

/** `db1, db2 are of the environment production: ...`; empty: none of the hosts is of an environment with `confirm`. */
export function confirmOf(hosts: readonly Pick<Host, 'name' | 'environment'>[]): Pick<Draft, 'confirm'> {
  const asked = hosts.flatMap(({ name, environment }) =>
    environment?.confirm ? [{ name, of: environment.name }] : [],
  );
  const byName = Map.groupBy(asked, ({ of }) => of);
  const confirm = [...byName].map(([of, some]) => {
    const names = [...new Set(some.map(({ name }) => name))];
    return `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} of the environment ${of}, which asks a person for the name`;
  });
  return confirm.length > 0 ? { confirm } : {};
}
