// What looks like a secret in a text of a configuration. In doubt it is one: a line that is kept back is written by hand, a password that was
// printed stays in a terminal's history, an inventory and a journal.

/** Options that begin like `-pPASSWORD`, and hold none. They are taken out before the rest is judged. */
const harmless = [
  /(?:^|[\s/;|&(])(?:mkdir|cp|install|touch|rsync|tar)(?:\s+-[A-Za-z]+)+(?=\s|$)/g,
  /(?:^|[\s/;|&(])ssh\s+-p\s*\d{1,5}(?=\s|$)/g,
];
/** Words of find. */
const harmlessWords = /\s-(?:type|print0?|printf|path|ipath|perm|prune|empty|group|(?:max|min)?depth)(?=\s|$)/g;
/** Their -p may stand in any cluster: `-Bphunter2`, `-prunelife`. */
const client =
  /(?:^|[^\w.-])(?:mysql|maria|mydumper|myloader|xtrabackup|innobackupex|mbstream|sshpass|pt-|percona)[\w.-]*(?=\s|$)/i;

/** Options and addresses that hold a value. */
const shapes = [
  /(?:^|[\s'"=(])-[A-Za-z]*p['"]?[^\s'"]/,
  /(?:^|[\s'"=(])-[A-Za-z]*p['"]/,
  /(?:^|[\s'"])(?:-[A-Za-z]*[uU]|--(?:proxy-)?user)[\s=]*['"]?[^\s'"]*[:%]\S/,
  /:[^\s@]+@/,
  /(?:^|[^\w-])p=\S/i,
  /sshpass/i,
  /identified\s+(?:by|with)/i,
  /(?:pass|pwd|pw|secret|token|key|auth|credential)\w*['"]?\s*[=:]/i,
  /\bredis-cli\b.*\s-a\s*\S/,
  /\bldap\w+\b.*\s-[A-Za-z]*w\s*\S/,
  // A header of curl, of which these two hold none; and its cookies.
  /(?:^|\s)(?:-[A-Za-z]*H|--header)[\s=]*['"]?(?!(?:[Aa]ccept|[Cc]ontent-[Tt]ype)\s*:)[\w-]+\s*:/,
  /\bcurl\b.*\s(?:-[A-Za-z]*b|--cookie)[\s=]*['"]?[\w.-]+=/,
  // Who has the address of a webhook may post there.
  /\bhttps?:\/\/\S*(?:hooks?\b|webhook|\/services\/T)/i,
  /\bhttps?:\/\/[^\s'"]*[/?=&](?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{16}/,
];
const words =
  /pass|[_-]pwd?\b|\bpwd?\s*[=:]|secret|token|credential|authori[sz]ation|bearer|private|--?[\w-]*auth\b|--[\w-]*key\b|(?:api|access)[-_ ]?key/i;

function bare(text: string): string {
  const without = harmless.reduce((left, one) => left.replaceAll(one, ' '), text);
  return client.test(text) ? without : without.replaceAll(harmlessWords, ' ');
}

/** A value, or a command line. */
export const mayHoldSecret = (text: string): boolean => {
  const left = bare(text);
  const isClient = client.test(text) && /(?:^|\s)-[A-Za-z]*p(?=\s)/.test(left);
  return isClient || words.test(left) || shapes.some((one) => one.test(left));
};

/** A name: `reset-password` is one, and a command line may be. */
export const nameMayHoldSecret = (name: string): boolean =>
  shapes.some((one) => one.test(bare(name))) || (/\s-|['"/]/.test(name) && mayHoldSecret(name));
