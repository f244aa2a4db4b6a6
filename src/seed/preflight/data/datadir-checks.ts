// Checks of a datadir, for donor and target alike: that it is a datadir, and that no other job works on it.

import type { Side } from '../../request.ts';
import type { Finding } from '../finding.ts';
import { judging } from '../finding.ts';

/** A seed deletes everything in a target's datadir, and snapshots everything around a donor's. */
const noDatadirs = new Set(['/', '/var', '/var/lib', '/home', '/usr', '/etc', '/root', '/srv', '/opt']);

export function datadirChecks(side: Side): Finding[] {
  const { datadir, strange, strangeCount, unseen, unread } = side.facts;
  const { refuse } = judging(side);
  if (unread !== undefined) {
    return [
      refuse(
        `which folder ${side.host.name}'s server would use is unknown: ${unread}`,
        `start the server, or mend its unit: reseed asks the program of the unit what it reads`,
      ),
    ];
  }
  const hidden = hiddenChecks(side);
  if (hidden.length > 0) return hidden;
  if (noDatadirs.has(datadir)) {
    return [refuse(`its datadir is ${datadir}: a seed never works on that`, 'give the server a folder of its own')];
  }
  if (strange.length === 0) {
    return unseen.includes('strange')
      ? [
          refuse(
            `whether files that are not the server's lie in ${datadir}: unknown, it was not looked through to its end`,
            'try it again; if it stays so, see what its disk does',
          ),
        ]
      : [];
  }
  const some =
    strangeCount > strange.length
      ? `${strange.join(', ')} and ${strangeCount - strange.length} more`
      : strange.join(', ');
  return [refuse(`in ${datadir} lies what no MySQL made: ${some}`, 'move it elsewhere: it is no data of the server')];
}

/** At this path the host has other data than the server: a command with the path would copy, move or check the wrong files. */
function hiddenChecks(side: Side): Finding[] {
  return side.facts.hidden.map(({ by, path }) =>
    judging(side).refuse(
      by === 'running'
        ? `its server has another folder at ${path} than this host, by mounts of its own: what this host has there is not its data`
        : `${by}= of its unit gives the server another folder at ${path} than this host has: what this host has there is not its data`,
      'mount it for the whole host (/etc/fstab), or set the datadir to where it lies on the host, and take BindPaths= and the like out of the unit',
    ),
  );
}

export function lockChecks(side: Side, openJobs: ReadonlyMap<string, number> = new Map()): Finding[] {
  const { locked } = side.facts;
  const { name } = side.host;
  if (!locked) return [];
  const id = openJobs.get(locked.job);
  if (id !== undefined) {
    const advice = `wait for it (reseed job attach ${id}), or abort it: reseed job abort ${id}`;
    return [judging(side).refuse(`${name} is locked by job ${id}`, advice)];
  }
  return [
    judging(side).refuse(
      `${name} is locked by job ${locked.job} of ${locked.who}`,
      `wait for it; if it will not come back: reseed unlock ${name}`,
    ),
  ];
}

export function toolChecks(side: Side, needed: readonly string[]): Finding[] {
  const { pass, refuse } = judging(side);
  const missing = needed.filter((tool) => !side.facts.tools.includes(tool));
  if (missing.length === 0) return [pass(`tools: ${needed.join(', ')}`)];
  return [refuse(`${side.host.name} has no ${missing.join(', no ')}`, 'install them')];
}
