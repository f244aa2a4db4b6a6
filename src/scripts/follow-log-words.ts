// The words of follow-log.sh.
import { type Login, loginWords, namedWords } from './named-words.ts';

/** How far a file was read before the line was lost. */
export interface ReadBefore {
  /** As the script named it. */
  readonly file: string;
  readonly offsetBytes: number;
  /** So many bytes before that have the SHA-256 `sum`. */
  readonly sumBytes: number;
  readonly sum: string;
}

interface Followed extends Login {
  /** A random word, between two of which the script itself says something. */
  readonly mark: string;
  /** The log's path; absent: what the server says. */
  readonly errorLog?: string;
  /** The server's unit; absent: that of its process, or a usual name. */
  readonly service?: string;
  /** To begin with. */
  readonly lastLines: number;
  readonly maxBytes: number;
  /** Else it ends after the last lines. */
  readonly follow: boolean;
  readonly before?: ReadBefore | undefined;
}

export const followWords = (of: Followed): string[] => {
  const { mark, errorLog: path, service, lastLines: lines, maxBytes, follow, before } = of;
  return namedWords({
    mark,
    path,
    lines,
    most_bytes: maxBytes,
    mode: follow ? 'follow' : 'once',
    ...loginWords(of),
    before: before?.file,
    before_at: before?.offsetBytes,
    sum_bytes: before?.sumBytes,
    sum: before?.sum,
    service,
  });
};
