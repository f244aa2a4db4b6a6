// Data that is not whole: it is never started, and nothing is made of it. Pure.
import type { HostReport } from '../host/facts.ts';
import { unwholeAdvice, unwholeText } from '../host/server/unwhole.ts';
import { type Planned, refusal } from '../job/plan/refusal.ts';

type Refused = Extract<Planned, { ok: false }>;

/** Why a server is not started on its data. undefined: nothing says that a seed keeps it down. */
export function heldRefusal(
  host: { readonly name: string },
  { service }: Pick<HostReport, 'service'>,
): Refused | undefined {
  const unwhole = service?.ok ? service.value.unwhole : undefined;
  if (!unwhole) return undefined;
  return refusal(`${host.name} is not started: ${unwholeText(unwhole)}`, unwholeAdvice(unwhole, host.name));
}

/** Why no snapshot is taken of it. undefined: nothing says that its data is not whole. */
export function unwholeRefusal(
  host: { readonly name: string },
  { service }: Pick<HostReport, 'service'>,
): Refused | undefined {
  const unwhole = service?.ok ? service.value.unwhole : undefined;
  if (!unwhole || unwhole.data === 'whole') return undefined;
  return refusal(`no snapshot is taken of ${host.name}: ${unwholeText(unwhole)}`, unwholeAdvice(unwhole, host.name));
}
