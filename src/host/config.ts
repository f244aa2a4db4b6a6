// What the option files say: my_print_defaults -> ConfigFacts.
import { cleanLine } from '../text/clean.ts';
import type { ConfigFacts, Known } from './facts.ts';
import type { Section } from './frame.ts';
import { known, present, unknown, wholeNumber } from './known.ts';
import { pathBelow, withoutSlash } from './paths.ts';
import { printedBy } from './printed.ts';

/** Where the packages of every distribution put it, and what both vendors' servers have compiled in. */
const vendorDatadir = '/var/lib/mysql';

export function readConfig(sections: ReadonlyMap<string, Section>): Known<ConfigFacts> {
  const printed = printedBy('my_print_defaults', sections.get('config'));
  if (!printed.ok) return printed;
  const options = new Map<string, string>();
  let complaint: string | undefined;
  for (const line of printed.value.split('\n')) {
    // Dashes and underscores are one to the server. The last one wins.
    const [, name, value] = /^--([a-z_-]+)=(.*)$/.exec(line) ?? [];
    if (name !== undefined && value) options.set(name.replaceAll('-', '_'), cleanLine(value).trim());
    else if (!line.startsWith('--') && line.trim() !== '') complaint ??= line;
  }
  if (options.size === 0 && complaint !== undefined) return unknown(complaint);
  const datadir = withoutSlash(options.get('datadir') ?? vendorDatadir);
  const errorLog = options.get('log_error');
  return known({
    datadir,
    ...present('socket', options.get('socket')),
    ...present('port', wholeNumber(options.get('port'))),
    ...(errorLog !== undefined && errorLog !== 'stderr' && { errorLog: pathBelow(datadir, errorLog) }),
  });
}
