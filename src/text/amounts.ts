// Amounts as an operator reads them at a glance: two figures that count, and the unit. Pure.

const units = ['B', 'K', 'M', 'G', 'T', 'P'] as const;

/** `0B`, `812M`, `4.1G`, `41G`: powers of 1024, as df -h and lvs have them. */
export function shortSize(bytes: number): string {
  let amount = bytes;
  let unit = 0;
  // 1023.7M would round to 1024M.
  while (Math.round(amount) >= 1024 && unit < units.length - 1) {
    amount /= 1024;
    unit++;
  }
  const small = unit > 0 && amount < 9.95;
  return `${small ? amount.toFixed(1) : Math.round(amount)}${units[unit]}`;
}

/** A limit is of what is sent, as compressed; rates that are shown are of the data: `50M/s on the wire`. */
export const limitText = (bytesPerSecond: number): string => `${shortSize(bytesPerSecond)}/s on the wire`;

/** `5G`, `1.5T`, `512MiB`: as lvcreate(8) has them and shortSize() shows them, of 1024. undefined: no size, or none with a unit. */
export function bytesIn(text: string): number | undefined {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)([KMGTP])(?:iB?)?$/i.exec(text.trim()) ?? [];
  const bytes = Math.round(Number(amount) * 1024 ** units.join('').indexOf(unit.toUpperCase()));
  return unit !== '' && bytes >= 1 && Number.isSafeInteger(bytes) ? bytes : undefined;
}

const steps = [
  { ms: 86_400_000, unit: 'd' },
  { ms: 3_600_000, unit: 'h' },
  { ms: 60_000, unit: 'min' },
  { ms: 1000, unit: 's' },
] as const;

/** `0 s`, `12 s`, `4 min`, `3 h`, `1 d`: rounded down, for an age is not said before it is reached. */
export function shortDuration(ms: number): string {
  const { ms: stepMs, unit } = steps.find((step) => ms >= step.ms) ?? steps[3];
  return `${Math.max(0, Math.floor(ms / stepMs))} ${unit}`;
}
