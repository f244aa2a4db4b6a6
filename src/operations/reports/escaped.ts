// Text inside HTML and SVG. Pure.

/** Safe between tags and within a quoted attribute. */
export const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => `&#${sign.codePointAt(0)};`);
