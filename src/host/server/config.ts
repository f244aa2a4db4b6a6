// What the option files say: my_print_defaults -> ConfigFacts.
import { cleanLine } from '../../text/clean.ts';
import type { ConfigFacts, Known } from '../facts.ts';
import type { Section } from '../frame.ts';
import { known, present, unknown, wholeNumber } from '../known.ts';
import { pathBelow, withoutSlash } from '../paths.ts';
import { printedBy } from '../printed.ts';

export function readConfig(sections: ReadonlyMap<string, Section>): Known<ConfigFacts> {
  const printed = printedBy('my_print_defaults', sections.get('config'));
  if (!printed.ok) return printed;
  const options = new Map<string, string>();
  let complaint: string | undefined;
  for (const line of printed.value.split('\n')) {
    // The server treats dashes and underscores alike, and takes the last value.
    const [, name, value] = /^--([a-z_-]+)=(.*)$/.exec(line) ?? [];
    if (name !== undefined && value) options.set(name.replaceAll('-', '_'), cleanLine(value).trim());
    else if (!line.startsWith('--') && line.trim() !== '') complaint ??= line;
  }
  if (options.size === 0 && complaint !== undefined) return unknown(complaint);
  // A datadir that no option names is compiled into the program: no path is guessed.
  const named = options.get('datadir');
  const datadir = named === undefined ? undefined : withoutSlash(named);
  const errorLog = options.get('log_error');
  return known({
    ...present('datadir', datadir),
    ...present('socket', options.get('socket')),
    ...present('port', wholeNumber(options.get('port'))),
    ...present('errorLog', errorLog === undefined ? undefined : logPath(errorLog, datadir)),
  });
}

/** Absolute. Undefined where it is not named, or is relative and the datadir is unknown. */
function logPath(named: string, datadir: string | undefined): string | undefined {
  if (named === 'stderr') return undefined;
  if (named.startsWith('/')) return named;
  return datadir === undefined ? undefined : pathBelow(datadir, named);
}
