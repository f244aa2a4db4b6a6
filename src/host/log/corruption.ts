// Whether a line of an error log reports damaged data. InnoDB writes English whatever `lc_messages` says. Messages from
// the server's table are in the language that is set there: they are known by their code, or, for MariaDB and MySQL
// 5.7, by their words.
import type { LogLine } from '../facts.ts';

// InnoDB: "Database page corruption", "is corrupted", "Checksum mismatch"; MyISAM and Aria: "marked as crashed", "Incorrect key file".
const words = ['corrupt', 'checksum mismatch', 'wrong checksum', 'marked as crashed', 'incorrect key file'];

// ER_NOT_KEYFILE, ER_CRASHED_ON_USAGE and ER_CRASHED_ON_REPAIR in the languages of MariaDB's errmsg-utf8.txt.
const translated = [
  'Nesprávný klíč pro tabulku|je označena jako porušená',
  'Fejl i indeksfilen til tabellen|er markeret med fejl',
  'võtmefail on vigane|on märgitud vigaseks',
  "Fichier d'index|est marquée 'crashed'",
  'Fehlerhafte Index-Datei|als defekt markiert',
  'ინდექსი ცხრილისთვის|მონიშნულია, როგორც ავარიული',
  'αρχείο ταξινόμισης',
  'Ervenytelen kulcsfile',
  'File chiave errato|segnalata come corrotta',
  '的索引损坏|标记为崩溃',
  'key file\\)の内容が不正|は壊れています',
  '부정확한 키 존재',
  'zoeksleutel file voor tabel|als gecrashed gemarkeerd',
  'feil i nøkkelfilen|feil i nykkelfila',
  'plik kluczy dla tabeli',
  'Arquivo de índice incorreto|marcada como danificada',
  'Cheia fisierului incorecta',
  'Некорректный индексный файл|помечена как испорченная',
  'Pogrešan key file|markirana kao oštećena',
  'Nesprávny kľúč pre tabuľku',
  'marcada como estropeada',
  'Fatalt fel vid hantering av register|är trasig',
  'марковано як зіпсовану',
];

// Codes as perror of MySQL 9.7 describes them: of handlers, for clients, and for the error log alone (tables, InnoDB's
// redo log and doublewrite).
const damageCodes = [
  126, 127, 144, 145, 176, 1034, 1194, 1195, 1712, 1817, 1877, 3000, 10_237, 12_519, 12_523, 12_525, 12_531, 12_562,
  12_965, 13_139, 13_143, 13_535, 13_598, 13_673, 13_866, 13_875, 14_047, 14_048, 15_090,
];
// These messages say "corrupt" about a password's salt, a privilege, a setting or a replication event. No data is
// damaged.
const otherCodes = new Set([
  1610, 1866, 3927, 10_214, 10_407, 10_543, 10_588, 11_246, 11_255, 11_622, 13_369, 13_412, 13_495, 13_800, 13_801,
  13_825, 13_988, 15_056,
]);

const codeWords = damageCodes.map((code) => `MY-${String(code).padStart(6, '0')}`);

/** For grep -aiE on a host: matches every line that may report damage, and some others. */
export const damagePattern = [
  ...words,
  ...translated,
  ...codeWords,
  // MySQL's JSON sink, and MariaDB's code after an event that a replica could not apply.
  `"err_code" *: *(${damageCodes.join('|')})[^0-9]`,
  `error code: (${damageCodes.join('|')})([^0-9]|$)`,
].join('|');

// Whole words only, so that "incorruptible" does not match.
const damage = new RegExp(
  [
    String.raw`\bcorrupt(?:ed|ion)?\b`,
    ...words.slice(1),
    ...translated,
    ...codeWords,
    String.raw`\berror code: (?:${damageCodes.join('|')})\b`,
  ].join('|'),
  'i',
);

// An unreadable log or event is an error of replication, and no damaged data: "The possible reasons are: the source's
// binary log is corrupted ..., a network problem", "Event crc check failed! Most likely there is event corruption."
const ofLog =
  /\b(?:binary log|relay log|binlog|log event|event)(?:s|\(s\)| file| entry| index)?(?: (?:is|are|was|has been|may be|seems?(?: to be)?))? corrupt(?:ed|ion)?\b|\bevent checksum mismatch\b|\bcorrupt(?:ed|ion)?(?: (?:in|of|data in))?(?: the)? (?:binary log|relay log|binlog|log event|event)\b/gi;

/** Whether a line reports damaged data. */
export function isCorruption({ severity, text }: LogLine): boolean {
  if (severity !== 'error') return false;
  const code = /\[MY-(\d{6})\]/.exec(text)?.[1];
  return !otherCodes.has(Number(code)) && damage.test(text.replaceAll(ofLog, ''));
}
