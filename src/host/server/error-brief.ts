// An error of a server, as a line that begins with what an operator looks for: its number, the object, the cause. MySQL
// puts the names of a worker, a transaction and a log before them. Pure.
//
//   errorBrief("Worker 1 failed executing ...; Duplicate entry '1312' for key 'ledger.PRIMARY', Error_code: 1062; ...")
//     1062 duplicate key 1312 in drill.ledger

/** `number`: the server's, where it tells it beside the text. */
export function errorBrief(text: string, number?: number): string {
  const known = knownBrief(text, number);
  return known ?? numbered(number ?? numberIn(text), withoutPlace(text));
}

/**
 * The same for a line of an error log without its time: `[ERROR] [MY-012592] [InnoDB] Operating system error ...` ->
 * `MY-012592 InnoDB: Operating system error ...`.
 */
export function lineBrief(message: string): string {
  const [, code = '', room = '', said = message] =
    /^\[(?:ERROR|Warning|Note|System)\](?: \[(MY-\d+)\])?(?: \[(\w+)\])? (.*)$/i.exec(message) ?? [];
  const of = ['', 'Server', 'Repl'].includes(room) ? '' : `${room}: `;
  return knownBrief(said, undefined) ?? `${code} ${of}${said}`.trim();
}

/** An error with an object. `event`: the change that a replica could not make; `table`: of which table. */
interface Known {
  readonly pattern: RegExp;
  readonly words: (found: readonly string[], event: string, table: string | undefined) => string;
  /** Its number where the text has none. */
  readonly number?: number;
  /** The text has the number that counts: that beside it is of the place where it was noticed. */
  readonly ownNumber?: true;
}

const knownErrors: readonly Known[] = [
  {
    pattern: /\bDuplicate entry '(.*?)' for key '(.*?)'/,
    words: ([value = '', key = ''], _, table) => {
      const [name = key, ofTable] = key.split('.').toReversed();
      return `duplicate key ${value}${name === 'PRIMARY' ? '' : ` of ${name}`}${within(table ?? ofTable)}`;
    },
  },
  {
    pattern: /\bCan't find record in '(.*?)'/,
    words: ([name = ''], event, table) => {
      const verb = /^(update|delete)/i.exec(event)?.[1]?.toLowerCase();
      return `row${verb === undefined ? '' : ` to ${verb}`} not found${within(table ?? name)}`;
    },
  },
  { pattern: /\bTable '(.*?)' doesn't exist/, words: ([name]) => `table ${name} does not exist`, number: 1146 },
  {
    pattern: /\berror (?:re)?connecting to (?:source|master) '([^']*)'.*?\bmessage: (.*)$/i,
    words: ([address = '', why = '']) => `no connection to ${address.replace(/^.*@/, '')}: ${withoutCode(why)}`,
  },
  {
    pattern: /\bgot fatal error (\d+) from (?:source|master) when reading data from binary log: '(.*)'/i,
    words: ([number, cause]) => `${number} ${cause}`,
    ownNumber: true,
  },
];

/** undefined: none of these. */
function knownBrief(text: string, number: number | undefined): string | undefined {
  const [, event = '', table] = /\bexecute (\w+) event on table (\S+?);/.exec(text) ?? [];
  for (const { pattern, words, ownNumber, number: usual } of knownErrors) {
    const found = pattern.exec(text);
    if (!found) continue;
    const said = words(found.slice(1), event, table);
    return ownNumber ? said : numbered(number ?? numberIn(text) ?? usual, said);
  }
  return undefined;
}

const within = (table: string | undefined) => (table === undefined ? '' : ` in ${table}`);

const numbered = (number: number | undefined, words: string) => (number === undefined ? words : `${number} ${words}`);

function numberIn(text: string): number | undefined {
  const [, found] = /\b(?:Error_code: (?:MY-0*)?|error code: )([1-9]\d*)/i.exec(text) ?? [];
  return found === undefined ? undefined : Number(found);
}

/** Without the worker, the transaction and the log at the beginning, and the server's number at the end. */
function withoutPlace(text: string): string {
  const [, own] = /\bError '(.*)' on query\b/.exec(text) ?? /\bError executing row event: '(.*)'/.exec(text) ?? [];
  return withoutCode(
    own ??
      text
        .replace(/^Coordinator stopped because .*? most recent failure being: /, '')
        .replace(/^Worker \d+ failed executing transaction '[^']*' at [\w ]+ log \S+, end_log_pos \d+[;.] /, ''),
  );
}

const withoutCode = (text: string) =>
  text.replace(/,? (?:Error_code: (?:MY-)?\d+|Internal MariaDB error code: \d+)\.?$/, '');
