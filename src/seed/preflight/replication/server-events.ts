// A server's enabled events, as seed-facts.sh reports them. Pure.

import type { SeedRequest } from '../../request.ts';

export interface EnabledEvents {
  readonly count: number;
  /** At most three. */
  readonly first: readonly ServerEvent[];
}

/** Each name exactly as the server has it: clean it before it reaches a terminal. */
export interface ServerEvent {
  readonly schema: string;
  readonly name: string;
  /** `root@localhost` */
  readonly definer: string;
}

/** The enabled events of the data. Absent: unknown, for the donor is down or did not answer, or an existing snapshot may have others than its server now. */
export const eventsOf = ({ donor, snapshot }: Pick<SeedRequest, 'donor' | 'snapshot'>): EnabledEvents | undefined =>
  snapshot && donor.facts.events?.count === 0 ? undefined : donor.facts.events;

export const mayHaveEvents = (request: Pick<SeedRequest, 'donor' | 'snapshot'>): boolean =>
  eventsOf(request)?.count !== 0;

/** `rows`: `SCHEMA NAME DEFINER`, each in hexadecimal. Without a count the server did not say. */
export function readEvents(count: number | undefined, rows: readonly string[]): EnabledEvents | undefined {
  if (count === undefined) return undefined;
  const texts = rows.map((row) => row.split(' ').map((word) => Buffer.from(word, 'hex').toString('utf8')));
  return { count, first: texts.map(([schema = '', name = '', definer = '']) => ({ schema, name, definer })) };
}
