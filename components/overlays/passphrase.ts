// Asks for the passphrase of a key file on the screen. The key ring asks only once for each key, however many hosts it
// opens; escape leaves that key out.
import { ask, type ScreenStore } from '../screen-store.ts';

export function passphraseAsker(screens: ScreenStore): (file: string, again: boolean) => Promise<string | undefined> {
  return (file, again) =>
    new Promise((resolve) => {
      const label = `${again ? 'wrong; again: ' : ''}passphrase of ${file}, esc: not with this key`;
      ask(screens, { label, hidden: true, text: '', onEnd: resolve });
    });
}
