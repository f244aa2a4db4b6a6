// What `service.sh look` tells.
import { cleanText } from '../text/clean.ts';

export interface ServiceLook {
  /** systemd's ActiveState. */
  readonly state: string;
  /** How often systemd has started it again by itself, since it was asked to start it. */
  readonly restarts: number;
  readonly pid?: number;
  /** It takes connections. */
  readonly ready: boolean;
  readonly logBytes: number;
  /** Clean lines. */
  readonly logLines: readonly string[];
}

/** undefined: this is not what the script prints. */
export function readLook(text: string): ServiceLook | undefined {
  const [, state, restarts, pid, ready, bytes, log = ''] =
    /^([\w-]+)\n(\d+)\n(none|\d+)\n(ready|not)\n *(\d+)\n?([\s\S]*)$/.exec(text) ?? [];
  if (state === undefined || pid === undefined) return undefined;
  return {
    state,
    restarts: Number(restarts),
    ...(pid !== 'none' && { pid: Number(pid) }),
    ready: ready === 'ready',
    logBytes: Number(bytes),
    logLines: cleanText(log)
      .split('\n')
      .filter((line) => line !== ''),
  };
}
