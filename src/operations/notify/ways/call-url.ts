// A call of a URL that is a secret. What is said of a failure has the code of the error alone, since its words may hold the URL.
import { present } from '../../../host/known.ts';
import { version } from '../../../version.ts';
import type { UrlRead } from './secret-url.ts';

/** undefined: it was taken. `retryAfterMs`: its own word for when to come again. */
export type Failed = { readonly why: string; readonly retryAfterMs?: number } | undefined;

type Found = Extract<UrlRead, { readonly url: URL }>;

/** `body`: JSON that is posted; absent: the URL is only fetched. `id`: the same for the same message. */
export async function callUrl(
  { url, authorization }: Found,
  { body, id, signal, deadlineMs }: { body?: string; id?: string; signal: AbortSignal; deadlineMs: number },
): Promise<Failed> {
  const deadline = AbortSignal.timeout(deadlineMs);
  try {
    const {
      status,
      headers,
      body: answer,
    } = await fetch(url, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        'user-agent': `reseed/${version}`,
        ...(body !== undefined && { 'content-type': 'application/json; charset=utf-8' }),
        ...(id !== undefined && { 'idempotency-key': id }),
        ...present('authorization', authorization),
      },
      ...present('body', body),
      redirect: 'manual',
      signal: AbortSignal.any([signal, deadline]),
    });
    // It may never end.
    await answer?.cancel();
    if (status >= 200 && status < 300) return undefined;
    if (status >= 300 && status < 400)
      return { why: `it answered ${status}, a redirect: that is not followed, since the URL is a secret` };
    return { why: `it answered ${status}`, ...present('retryAfterMs', retryAfter(headers.get('retry-after'))) };
  } catch (error) {
    if (deadline.aborted) return { why: `no answer within ${deadlineMs / 1000} s` };
    if (signal.aborted) return { why: 'reseed was ended while it waited for the answer' };
    return { why: whyOf(error) };
  }
}

/** One try of a way. What it throws is a failure of that receiver, which no other receiver has to bear. Its words may hold the URL. */
export async function tried(way: () => Failed | Promise<Failed>): Promise<Failed> {
  try {
    return await way();
  } catch (error) {
    return { why: whyOf(error) };
  }
}

const longestMs = 3_600_000;

/** Seconds, as Slack writes it; a date (RFC 9110, 10.2.3) is left alone. */
function retryAfter(text: string | null): number | undefined {
  return text !== null && /^\d{1,6}$/.test(text) ? Math.min(Number(text) * 1000, longestMs) : undefined;
}

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ENOTFOUND: 'the name of its machine is not known',
  EAI_AGAIN: 'no name server answered',
  ECONNRESET: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  UND_ERR_CONNECT_TIMEOUT: 'its machine did not answer',
};

/** fetch has the reason as the cause of its error. */
function whyOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : undefined;
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  if (!/^[A-Z\d_]{1,60}$/.test(code)) return 'it could not be called';
  return words[code] ?? `it could not be called (${code})`;
}
