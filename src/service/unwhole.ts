// Data that is not whole: it is never started, and nothing is made of it. Pure.
import type { HostReport } from '../host/facts.ts';
import { unwholeText } from '../host/server/unwhole.ts';
import { type Planned, refusal } from '../job/plan/refusal.ts';

/** Why a server is not started on its data, and no snapshot is taken of that. undefined: nothing says that it is not whole. */
export function unwholeRefusal(
  host: { readonly name: string },
  { service }: Pick<HostReport, 'service'>,
): Extract<Planned, { ok: false }> | undefined {
  const unwhole = service?.ok ? service.value.unwhole : undefined;
  if (!unwhole) return undefined;
  return refusal(
    `the data of ${host.name} is not whole: ${unwholeText(unwhole)}`,
    `seed it again: reseed seed DONOR ${host.name}. What is left of the old data: reseed clean ${host.name} --dry-run`,
  );
}
