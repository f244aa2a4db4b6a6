// Text inside HTML and SVG. Pure.
import { cleanLine } from '../../text/clean.ts';

/** Safe between tags and within a quoted attribute. Every text passes here: what a host answered to an undo is in the journal as it came. */
export const escaped = (text: string): string =>
  cleanLine(text).replaceAll(/[&<>"']/g, (sign) => `&#${sign.codePointAt(0)};`);
