// What an operator reads of receivers. Pure but for the time zone.
import type { Receiver } from '../../inventory/settings.ts';
import type { Delivery } from '../../job/journal/telling.ts';
import { clockText } from '../../text/times.ts';

/** `slack, from ~/.config/reseed/slack.url`; never the URL. */
export function wayText({ way }: Receiver): string {
  switch (way.to) {
    case 'mail':
      return `mail to ${way.recipients.join(', ')}`;
    case 'command':
      return `command ${way.run.join(' ')}`;
    default:
      return `${way.to}, URL in ${'file' in way.url ? way.url.file : `$${way.url.variable}`}`;
  }
}

/** `notify team failed: it answered 500 (try 3, next at 14:35:17 UTC)` */
export function failingText({ name, error = '', tries, nextMs, state, endedMs = 0 }: Delivery): string {
  const next =
    state === 'failed' ? `given up at ${clockText(new Date(endedMs))}` : `next at ${clockText(new Date(nextMs))}`;
  return `notify ${name} failed: ${error} (try ${tries}, ${next}); reseed notify list`;
}
