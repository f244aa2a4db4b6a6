// The end of the error log: stat and tail -> ErrorLogTail.
import { cleanLine } from '../../text/clean.ts';
import type { ErrorLogTail, Known } from '../facts.ts';
import type { Section } from '../frame.ts';
import { known, unanswered, unknown, wholeNumber } from '../known.ts';
import { printedBy } from '../printed.ts';
import { isCorruption } from './corruption.ts';
import { parseLogLine } from './error-log.ts';

const linesAtMost = 200;
/** The same limit as in probe.sh. */
const tailBytes = 65_536;

const damageAtMost = 50;
const tooMany = `more than ${damageAtMost} of its lines look like reports of corrupt data, the last of them were judged`;

/** `before` is the last answer: a log that has not changed since is not sent again. */
export function readErrorLog(
  sections: ReadonlyMap<string, Section>,
  before?: Known<ErrorLogTail>,
): Known<ErrorLogTail> {
  const path = cleanLine(sections.get('logPath')?.text ?? '').trim();
  if (path === '') return unknown('no error log was found; hosts.yaml may name it: mysql: { errorLog: /path }');
  if (path === 'stderr') return unknown('the server logs to its standard error: look in the journal of its unit');
  const unit = /^journal (\S+)$/.exec(path)?.[1];
  if (unit !== undefined) return journalTail(unit, sections, before);
  const stat = printedBy('stat', sections.get('logSize'));
  if (!stat.ok) return stat;
  const [, size, kind = 'thing'] = /^(\d+) ([^,]+),/.exec(stat.value) ?? [];
  const sizeBytes = wholeNumber(size);
  if (sizeBytes === undefined)
    return stat.value.trim() === '' ? unanswered('stat gave no answer in its time') : unknown(stat.value.trim());
  const section = sections.get('logTail');
  if (!section) return unknown(`${path} is no file but a ${kind}`);
  if (section.status === 'same') return before ?? unknown('the end of the log came incomplete');
  const tail = printedBy('tail', section);
  if (!tail.ok) return tail;
  return known({ path, sizeBytes, lines: linesOf(tail.value, sizeBytes).map(parseLogLine), ...damageIn(sections) });
}

/** Reports of damaged data above the last lines, which probe.sh has searched for. */
function damageIn(sections: ReadonlyMap<string, Section>): Pick<ErrorLogTail, 'damage' | 'unsearched'> {
  const section = sections.get('damage');
  if (!section) return {};
  const found = printedBy('the search', section);
  if (!found.ok) return { unsearched: found.why };
  const damage = found.value.split('\n').map(parseLogLine).filter(isCorruption);
  const cut = sections.get('damageCut')?.text.trim() === 'yes' && damage.length < damageAtMost;
  return { ...(damage.length > 0 && { damage }), ...(cut && { unsearched: tooMany }) };
}

/** Lines as `journalctl -o short-unix` prints them. The journal's size would say nothing about this log. */
function journalTail(
  unit: string,
  sections: ReadonlyMap<string, Section>,
  before?: Known<ErrorLogTail>,
): Known<ErrorLogTail> {
  const section = sections.get('logTail');
  if (section?.status === 'same') return before ?? unknown('the end of the journal came incomplete');
  const tail = printedBy('journalctl', section);
  if (!tail.ok) return tail;
  const lines = linesOf(tail.value, tail.value.length).map(parseLogLine);
  if (lines.length === 0) return unknown(`the journal has nothing of ${unit}: is it kept, and may it be read?`);
  return known({ path: journalOf(unit), lines, ...damageIn(sections) });
}

/** The name of the log on screens. */
const journalOf = (unit: string): string => `journal of ${unit}`;

function linesOf(text: string, sizeBytes: number): string[] {
  const lines = (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
  // The first line is incomplete where the file has more than was read. It is shown only if it is the only one.
  if (lines.length > 1 && sizeBytes > tailBytes) lines.shift();
  return text === '' ? [] : lines.slice(-linesAtMost);
}
