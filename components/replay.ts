// A replay on the screen: what its keys do, and where the recording is.
import type { ReplayPicture } from '../src/operations/recording/play.ts';
import { timeAsked } from '../src/operations/recording/time-asked.ts';
import { clockDuration, timeOfDay } from '../src/text/times.ts';
import { bar } from './base/Bar.ts';
import { type Look, signsOf } from './base/theme.ts';
import type { Handlers } from './handlers.ts';
import { ask, type ScreenStore, say } from './screen-store.ts';
import type { Services } from './services.ts';

type Replay = NonNullable<Services['replay']>;

const stepMs = 10_000;
const mostNews = 3;

export function replayHandlers(replay: Replay, screens: ScreenStore): Handlers {
  const done = (act: () => void) => () => {
    act();
    return undefined;
  };
  const step = (kind: 'change' | 'alert', to: 'next' | 'before') => () => {
    const news = replay.step(kind, to);
    if (!news) return `the recording has no ${kind} ${to === 'next' ? 'after' : 'before'} this`;
    const [first] = news;
    const more = news.length > mostNews ? [`and ${news.length - mostNews} more`] : [];
    const texts = [...news.slice(0, mostNews).map(({ text }) => text), ...more];
    return `${timeOfDay(new Date(first?.atMs ?? 0))} ${texts.join('; ')}`;
  };
  return {
    'replay.pause': done(replay.toggle),
    'replay.forward': done(() => replay.goTo(replay.nowMs() + stepMs)),
    'replay.back': done(() => replay.goTo(replay.nowMs() - stepMs)),
    'replay.begin': done(() => replay.goTo(replay.store.getState().beginMs)),
    'replay.end': done(() => replay.goTo(replay.store.getState().endMs)),
    'replay.faster': done(replay.faster),
    'replay.slower': done(replay.slower),
    'replay.nextChange': step('change', 'next'),
    'replay.previousChange': step('change', 'before'),
    'replay.nextAlert': step('alert', 'next'),
    'replay.previousAlert': step('alert', 'before'),
    'replay.goTo': done(() =>
      ask(screens, {
        label: 'time (14:03, 14:03:20, +5min, -30s)',
        hidden: false,
        text: '',
        onEnd: (text) => {
          if (text === undefined || text.trim() === '') return;
          const asked = timeAsked(text, { ...replay.store.getState(), nowMs: replay.nowMs() });
          if (typeof asked === 'number') replay.goTo(asked);
          else say(screens, asked, 'warning');
        },
      }),
    ),
  };
}

const barCells = 24;

/** ` ▶ ×8  12:10 of 1:40:00 ━━━─────── `; in a narrow line without the bar. */
export function timeline(picture: ReplayPicture, nowMs: number, width: number, look: Look): string {
  const { beginMs, endMs, playing, speed } = picture;
  const [gone, all] = [nowMs - beginMs, endMs - beginMs];
  const how = playing ? signsOf(look).running : nowMs >= endMs ? 'at the end' : 'paused';
  const words = ` ${how}${speed === 1 ? '' : ` x${speed}`}  ${clockDuration(gone)} of ${clockDuration(all)} `;
  const shown = width >= 100 ? `${words}${bar(all > 0 ? (100 * gone) / all : 100, barCells, look).text} ` : words;
  return look.linear ? words : shown;
}
