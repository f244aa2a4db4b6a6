// A message as an e-mail, for sendmail's standard input. Pure.
import { cleanLine } from '../text/clean.ts';
import { type Message, textOf } from './message.ts';

export interface Addresses {
  readonly recipients: readonly string[];
  readonly from?: string;
}

const perWord = 42;
const perLine = 76;

/**
 * The body is base64: no line of it can be a header, a lone dot, or too long. RFC 5322, RFC 2045; Auto-Submitted (RFC 3834) keeps away the answers
 * of people on holiday.
 */
export function mailText(id: string, message: Message, { recipients, from }: Addresses): string {
  const body = Buffer.from(`${textOf(message)}\n`, 'utf8').toString('base64');
  return [
    ...(from === undefined ? [] : [`From: ${from}`]),
    `To: ${recipients.join(',\n ')}`,
    `Subject: ${encodedWords(`[reseed] ${message.title}`)}`,
    `X-Reseed-Event: ${encodedWords(id)}`,
    'Auto-Submitted: auto-generated',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    ...(body.match(new RegExp(`.{1,${perLine}}`, 'g')) ?? []),
    '',
  ].join('\n');
}

/** A header's text as encoded words (RFC 2047), of whatever signs it has: a header then can't end in it. */
function encodedWords(text: string): string {
  const words: string[] = [];
  let word = '';
  for (const letter of cleanLine(text)) {
    if (Buffer.byteLength(word + letter) > perWord) {
      words.push(word);
      word = '';
    }
    word += letter;
  }
  return [...words, word].map((one) => `=?UTF-8?B?${Buffer.from(one, 'utf8').toString('base64')}?=`).join('\n ');
}
