// Why the shared database can't be used, in words: what follows `history: away since 12:03:11 UTC (...)`.
import { cleanLine } from '../text/clean.ts';

/** Thrown by everything that asks the database; nothing else of it is. */
export class HistoryTrouble extends Error {
  override readonly name = 'HistoryTrouble';
  /** What to do; empty: unknown. */
  readonly advice: string;

  constructor(message: string, advice = '') {
    super(cleanLine(message).slice(0, mostLetters));
    this.advice = advice;
  }
}

const mostLetters = 300;

/** MySQL and MariaDB server error codes, and those of a connection. */
const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'it refuses connections',
  ENOENT: 'its socket does not exist',
  EHOSTUNREACH: 'its host is not reached',
  ENETUNREACH: 'its host is not reached',
  ENOTFOUND: 'its host has no address',
  EAI_AGAIN: 'no name server tells its address',
  ECONNRESET: 'it closed the connection',
  PROTOCOL_CONNECTION_LOST: 'it closed the connection',
  ETIMEDOUT: 'it did not answer in time',
  HANDSHAKE_NO_SSL_SUPPORT: 'it has no TLS',
  '1021': 'its disk is full',
  '1044': 'its account may not use that database',
  '1045': 'it does not let the account in',
  '1049': 'it has no database of that name',
  '1062': 'it has a newer state of that job already, as if the journal were put back from a copy',
  '1114': 'it is full',
  '1142': 'its account may not do that',
  '1146': 'it lacks a table',
  '1205': 'a lock there was held too long',
  '1290': 'it is read-only',
  '1836': 'it is read-only',
  '3100': 'it refuses writes',
};

/** `error`: what the client threw. */
export function troubleFrom(error: unknown): HistoryTrouble {
  if (error instanceof HistoryTrouble) return error;
  const { code, errno } = (error ?? {}) as { readonly code?: unknown; readonly errno?: unknown };
  const known = words[String(errno)] ?? words[String(code)];
  const said = error instanceof Error && error.message !== '' ? error.message : String(code ?? error);
  return new HistoryTrouble(known === undefined ? said : `${known}: ${said}`);
}
