// What a complaint repeats of the settings of receivers, of the heartbeat and of the shared history. A URL, a password or a key in the wrong place
// there is a secret, and what a tick complains of goes to the log of the system each minute.
import { quoted } from './problem.ts';
import { described, type Tree } from './reading/tree.ts';

const keptBack = 'a text that is not repeated here';

/** No webhook, and nothing as long as a key or a token. */
const isWord = (text: string): boolean => /^[\w .:-]{1,24}$/.test(text);
const isMailbox = (text: string): boolean => text.length <= 60 && !text.includes('://');

/** Whether a text of that setting may be repeated; a setting that is not here has the place of a secret, or may have one in its text. */
const mayRepeat: Readonly<Record<string, (text: string) => boolean>> = {
  to: isWord,
  on: isWord,
  again: isWord,
  owner: isWord,
  tls: isWord,
  recipients: isMailbox,
  from: isMailbox,
  notify: isWord,
};

/** In quotes; `setting` without what it belongs to. */
export function carefully(tree: Tree, setting: string): string {
  if (tree.kind !== 'text') return described(tree);
  const [first = ''] = setting.split('.');
  if (first === 'store' || first === 'history') return storeText(tree.text);
  return mayRepeat[first]?.(tree.text) ? described(tree) : keptBack;
}

export const carefulKey = (key: string): string => (isWord(key) ? quoted(key) : 'that is not repeated here');

/** What is in front of the address is an account. */
function storeText(text: string): string {
  const [, scheme = '', login, rest = ''] = /^(\w+:\/\/)(.*@)?([^?#@]*)$/.exec(text) ?? [];
  if (scheme === '') return keptBack;
  return quoted(login === undefined ? text : `${scheme}...@${rest}`);
}
