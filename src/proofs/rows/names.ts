// Names of tables and columns as servers tell them: in hexadecimal, since a name may contain anything. Pure.
import { cleanLine } from '../../text/clean.ts';

export interface TableName {
  /** In hexadecimal, of UTF-8. */
  readonly db: string;
  readonly name: string;
}

export const textOfHex = (hex: string): string => Buffer.from(hex, 'hex').toString('utf8');

const maxShown = 70;

/** For the screen and the log: clean, one line, not long. */
export function shownName(text: string): string {
  const clean = cleanLine(text);
  return clean.length > maxShown ? `${clean.slice(0, maxShown).toWellFormed()}…` : clean;
}
export const nameOf = (hex: string): string => shownName(textOfHex(hex));

/** `shop.orders` */
export const tableText = ({ db, name }: TableName): string => `${nameOf(db)}.${nameOf(name)}`;

/** As SQL has it: between backquotes. */
export const quoted = (hex: string): string => `\`${textOfHex(hex).replaceAll('`', '``')}\``;

export const quotedTable = ({ db, name }: TableName): string => `${quoted(db)}.${quoted(name)}`;
