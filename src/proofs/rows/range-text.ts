// A range of a key in words, for the report and the log. Pure.
import type { KeyPart } from './definition.ts';
import { nameOf, shownName } from './names.ts';
import type { Key, Range } from './statements.ts';

/** `after id 4, up to id 5` */
export function rangeText(parts: readonly KeyPart[], { from, to }: Range): string {
  if (!from && !to) return 'all rows';
  return [
    from ? `after ${keyText(parts, from)}` : 'from the first row',
    to ? `up to ${keyText(parts, to)}` : 'to the last row',
  ].join(', ');
}

const keyText = (parts: readonly KeyPart[], key: Key): string =>
  parts.map((part, at) => `${nameOf(part.name)} ${valueText(part, key[at] ?? '')}`).join(' and ');

/** Text is shown where its bytes are those of UTF-8, or of ASCII. */
function valueText({ form, charset }: KeyPart, value: string): string {
  if (form === 'number' || form === 'time') return value;
  const bytes = Buffer.from(value, 'hex');
  const isReadable = /^utf8/.test(charset) || bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
  return form === 'text' && isReadable ? `"${shownName(bytes.toString('utf8'))}"` : `0x${value.slice(0, 64)}`;
}
