// Paths on this machine as operators write them in shells, expanded against an environment that is passed in.
import type { Environment } from './settings.ts';
import type { Reading } from './values.ts';

const variable = /\$\{(\w+)(?::-([^{}]*))?\}|\$(\w+)|\$/g;

/**
 * `~`, `~/...`, `$NAME`, `${NAME}` and `${NAME:-default}` (the default may start with `~`), as in sh: for `:-`, an
 * empty variable counts as unset. An unset variable is refused, because it would make a path like `/id_ed25519`.
 */
export function localPath(environment: Environment): Reading<string> {
  return (text) => {
    let instead: string | undefined;
    const withHome = (path: string) => {
      if (!/^~(\/|$)/.test(path)) return path;
      if (!environment.HOME) instead = 'write the path in full: $HOME is not set';
      return `${environment.HOME}${path.slice(1)}`;
    };
    const path = withHome(text).replace(variable, (_, braced?: string, fallback?: string, bare?: string) => {
      const name = braced ?? bare;
      if (name === undefined) instead = `write variables as $NAME or \${NAME:-default}`;
      const value = name === undefined ? undefined : environment[name];
      if (value) return value;
      if (fallback !== undefined) return withHome(fallback);
      instead ??= `set ${name} or write \${${name}:-default}: it is not set`;
      return '';
    });
    if (instead !== undefined) return { instead };
    return path.startsWith('/') ? { value: path } : { instead: 'write the whole path, from / or from ~/' };
  };
}
