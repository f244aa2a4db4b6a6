// Records what the console shows; loaded only where that was asked for.
import { createStore } from 'zustand/vanilla';
import { type Recorded, startRecording } from '../operations/recording/record.ts';
import { about } from '../text/about.ts';

/** `onEnd`: a line for the operator: the recording has ended by itself. `isLeft`: the screen is gone by then. */
type Wanted = Pick<Recorded, 'path' | 'stores' | 'about' | 'maxBytes'> & {
  readonly onEnd: (text: string, isLeft: boolean) => void;
};

/** `why`: that it could not begin, and what to do. */
export async function recordingOf({ path, onEnd, ...wanted }: Wanted) {
  const shown = createStore(() => ({ isOn: true }));
  let isLeft = false;
  try {
    const recording = await startRecording({
      ...wanted,
      path,
      onEnd: (why) => {
        shown.setState({ isOn: false });
        onEnd(`${path} is recorded no more: ${why}. What it has can be replayed: reseed replay ${path}`, isLeft);
      },
    });
    const stop = async () => {
      isLeft = true;
      await recording.stop('the console was left');
    };
    return { ok: true, shown, stop } as const;
  } catch (error) {
    return { ok: false, why: whyNot(path, error) } as const;
  }
}

function whyNot(path: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EEXIST') return about(path, 'is there already, and is not written over; give --record another name');
  const why = error instanceof Error ? error.message : String(error);
  return about(path, `can't be recorded to: ${why}; give --record a file in a folder that you can write to`);
}
