// The text of a statement without what must not be shown: passwords, keys. Pure.
//
//   shownStatement("ALTER USER a IDENTIFIED BY 'x'")     ALTER USER a IDENTIFIED ...

/**
 * From here on a statement may have a secret: accounts (IDENTIFIED BY), sources (MASTER_PASSWORD, SOURCE_PASSWORD), servers (CREATE SERVER), keys of
 * functions, and values of columns with such names. In doubt it is one.
 */
const secretBegins =
  /IDENTIFIED|PASS(?:WORD|WD|PHRASE|_?KEY)|\bPWD\b|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|CREDENTIAL|AUTHENTICATION_STRING|(?:AES|DES)_(?:EN|DE)CRYPT/i;
/** In an address: of a FEDERATED or CONNECT table. A password may have a @ in it. */
const loginInAddress = /(:\/\/)[^\s'"]*@/g;
/** The same at the end of a statement that was cut. */
const cutAddress = /(:\/\/)[^\s'"]*(?: \.\.\.)?$/;

/** The statement up to the first word behind which a secret may stand, that word included, then `...`. */
export function shownStatement(text: string): string {
  const found = secretBegins.exec(text);
  const until = found ? `${text.slice(0, found.index + found[0].length)} ...` : text;
  return until.replace(loginInAddress, '$1...@').replace(cutAddress, '$1...');
}

/**
 * An error of a server that has a statement in it, as that of a replica has: `... on query. Default database: ''. Query: 'CREATE USER a IDENTIFIED ...`.
 * What a server does not understand (1064) it repeats besides, up to 80 characters from the middle of the statement, without the words by which a secret is known.
 */
export function shownError(text: string): string {
  const at = text.search(/\bQuery: '/);
  const [said, query] = at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at)];
  return `${withoutNear(said, syntaxError.test(text))}${shownStatement(query)}`;
}

function withoutNear(said: string, isSyntaxError: boolean): string {
  if (/ near '/.test(said)) return said.replace(/ near '(?:.*'( at line \d+)|.*$)/s, ' near ...$1');
  // In the server's language (lc_messages): all from the first word that is quoted.
  return isSyntaxError ? said.replace(/^((?:.*?\bError ')?[^']*)'.*$/s, '$1...') : said;
}

const syntaxError = /\b(?:1064|MY-0*1064)\b/;
