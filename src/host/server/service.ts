// The server's unit and process: `systemctl show` and /proc/PID/cgroup -> ServiceFacts.
import { cleanLine } from '../../text/clean.ts';
import type { Known, RestartLoop, ServiceFacts } from '../facts.ts';
import type { Section } from '../frame.ts';
import { known, present, unknown, wholeNumber } from '../known.ts';
import { printedBy } from '../printed.ts';
import { readUnwhole } from './unwhole.ts';

/** If systemd gives no answer, a process still shows that a server runs. No process says nothing about units. */
export function readService(sections: ReadonlyMap<string, Section>): Known<ServiceFacts> {
  const [pidText, ...cgroups] = (sections.get('process')?.text ?? '').split('\n');
  const pid = wholeNumber(pidText?.trim());
  const told = sections.get('unit');
  // Another server runs here, or no unit has the place of this one (why_untold of probe.sh).
  if (told?.status === 'untold') return unknown(cleanLine(told.text).trim());
  const shown = printedBy('systemctl', told);
  // Without systemd there are no units.
  if (!shown.ok && told?.status !== '127' && pid === undefined) return shown;
  const units = shown.ok ? readUnits(shown.value) : [];
  const unit = choose(units, unitOf(cgroups));
  if (!unit) return known({ state: 'unknown', subState: 'unknown', enabled: 'unknown', ...present('pid', pid) });
  return known({
    unit: unit.name,
    state: unit.get('ActiveState'),
    subState: unit.get('SubState'),
    enabled: unit.get('UnitFileState'),
    ...present('pid', pid ?? (wholeNumber(unit.get('MainPID')) || undefined)),
    ...present('unwhole', readUnwhole(sections.get('unwhole')?.text ?? '')),
    ...present('looping', loopOf(unit, sections.get('restarts'))),
    ...present('result', ['success', 'unknown'].includes(unit.get('Result')) ? undefined : unit.get('Result')),
  });
}

/** A server that stays up for so long between two restarts is not looping. Recovery of a large redo log takes minutes. */
const loopGapSeconds = 600;
/** A server that has stayed up for so long is not looping any more. */
const settledAfterSeconds = 300;

/** One restart after a crash is no loop. Two are a loop while the server is still not up; three are one in any case. */
function loopOf(unit: Unit, section: Section | undefined): RestartLoop | undefined {
  const count = wholeNumber(unit.get('NRestarts')) ?? 0;
  const isUp = unit.get('ActiveState') === 'active';
  const least = isUp ? 3 : 2;
  if (count < least || !['active', 'activating'].includes(unit.get('ActiveState'))) return undefined;
  const [now, ...seconds] = (section?.text ?? '').split('\n').map((line) => wholeNumber(line.trim()));
  // Restarts before systemd's last start request do not belong to this loop.
  const times = seconds.filter((time) => time !== undefined).slice(-count);
  const last = times.at(-1);
  // The count alone shows no loop: the restarts may be weeks apart.
  if (now === undefined || last === undefined) return undefined;
  if (now - last > (isUp ? settledAfterSeconds : loopGapSeconds)) return undefined;
  const before = times.findLastIndex((time, at) => at > 0 && time - (times[at - 1] ?? time) > loopGapSeconds);
  const loop = times.slice(Math.max(0, before));
  return loop.length < least ? undefined : { restarts: loop.length, overSeconds: last - (loop[0] ?? last) };
}

interface Unit {
  readonly name: string;
  readonly loadState: string;
  get(property: string): string;
}

/** One block of properties for each unit, with an empty line between. */
function readUnits(text: string): Unit[] {
  return text.split(/\n\s*\n/).map((block) => {
    const properties = new Map(block.split('\n').map((line) => halves(line)));
    const get = (property: string) => cleanLine(properties.get(property) ?? '').trim() || 'unknown';
    return { name: get('Id').replace(/\.service$/, ''), loadState: get('LoadState'), get };
  });
}

function halves(line: string): [string, string] {
  const at = line.indexOf('=');
  return [line.slice(0, Math.max(at, 0)), line.slice(at + 1)];
}

/** The unit that runs the process; else one that is up; else one that exists. `mysql` may be an alias of `mariadb`. */
function choose(units: readonly Unit[], running: string | undefined): Unit | undefined {
  const there = units.filter((unit) => unit.loadState !== 'not-found' && unit.loadState !== 'unknown');
  return (
    there.find((unit) => unit.name === running) ??
    there.find((unit) => unit.get('ActiveState') !== 'inactive') ??
    there[0]
  );
}

/** Those below user.slice, or below another unit, are not of the host's own systemd: each account may name units of its own as it likes. */
function unitOf(cgroups: readonly string[]): string | undefined {
  for (const line of cgroups) {
    if (/\/user\.slice\/|\.service\//.test(line)) continue;
    const name = /\/([^/]+)\.service$/.exec(line.trim())?.[1];
    if (name) return name;
  }
  return undefined;
}
