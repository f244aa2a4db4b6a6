// A badge on the screen. Pure.
import { type Badge, badgeText } from '../../src/text/badge.ts';
import { type Look, type Span, signsOf } from '../base/theme.ts';

/** `● up`, `✖ failed`. */
export const badgeSpan = (badge: Badge, look: Look): Span => ({
  text: badgeText(badge, signsOf(look)),
  tone: badge.tone,
});

/** The sign alone, where the word is shown elsewhere. */
export const signSpan = ({ sign, tone }: Badge, look: Look): Span => ({ text: signsOf(look)[sign], tone });
