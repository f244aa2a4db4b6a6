// Amounts as an operator reads them at a glance: two significant figures, and the unit. Pure.

const units = ['B', 'K', 'M', 'G', 'T', 'P'] as const;

/** The value of 1K: 1024 everywhere, as in df -h and lvs. 1000 only for sample data, whose cache is named by it. */
export type SizeBase = 1024 | 1000;

/** `0B`, `812M`, `4.1G`, `41G`. */
export function shortSize(bytes: number, base: SizeBase = 1024): string {
  let amount = bytes;
  let unit = 0;
  // 1023.7M would round to 1024M.
  while (Math.round(amount) >= base && unit < units.length - 1) {
    amount /= base;
    unit++;
  }
  const small = unit > 0 && amount < 9.95;
  return `${small ? amount.toFixed(1) : Math.round(amount)}${units[unit]}`;
}

/** A limit applies to compressed bytes on the wire; shown rates are of the data: `50M/s on the wire`. */
export const limitText = (bytesPerSecond: number): string => `${shortSize(bytesPerSecond)}/s on the wire`;

/**
 * `5G`, `1.5T`, `512MiB`: as lvcreate(8) reads them and shortSize() shows them. undefined: no size. With base 1000,
 * `5G` is 10^9 and `5Gi` is of 1024. A bare number, or one with `B`, is accepted there only: where sizes are of 1024,
 * readers would not agree on `20MB`.
 */
export function bytesIn(text: string, base: SizeBase = 1024): number | undefined {
  const [, amount, unit = '', binary = '', byte = ''] =
    /^(\d+(?:\.\d+)?)\s*([KMGTP]?)(i?)(B?)$/i.exec(text.trim()) ?? [];
  const named = unit !== '' && (byte === '' || binary !== '');
  if (amount === undefined || (binary !== '' && unit === '') || (base === 1024 && !named)) return undefined;
  const power = units.join('').indexOf(unit.toUpperCase() || 'B');
  const bytes = Math.round(Number(amount) * (binary === '' ? base : 1024) ** power);
  return bytes >= 1 && Number.isSafeInteger(bytes) ? bytes : undefined;
}

const steps = [
  { ms: 86_400_000, unit: 'd' },
  { ms: 3_600_000, unit: 'h' },
  { ms: 60_000, unit: 'min' },
  { ms: 1000, unit: 's' },
] as const;

type DurationUnit = (typeof steps)[number]['unit'];

/** `0 s`, `12 s`, `4 min`, `3 h`, `1 d`. Rounded down: an age is not shown before it is reached. */
export function shortDuration(ms: number): string {
  const { ms: stepMs, unit } = steps.find((step) => ms >= step.ms) ?? steps[3];
  return `${Math.max(0, Math.floor(ms / stepMs))} ${unit}`;
}

/**
 * `12 s`, `4 min`, `1.5 h`, `7d`, as shortDuration() shows them. Returns milliseconds. `bare`: the unit of a number alone; without it, such a
 * number is refused. undefined: no length of time, as `12:00`, which may be hours or minutes.
 */
export function msIn(text: string, bare?: DurationUnit): number | undefined {
  const [, amount, unit = bare] = /^(\d+(?:\.\d+)?)\s*(s|min|h|d)?$/.exec(text.trim()) ?? [];
  const step = steps.find((one) => one.unit === unit);
  const ms = step && Math.round(Number(amount) * step.ms);
  return ms !== undefined && Number.isSafeInteger(ms) ? ms : undefined;
}
