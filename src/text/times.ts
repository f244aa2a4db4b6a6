// Times and lengths of time as an operator reads them on this machine's clock. Ages are in amounts.ts.

const two = (figure: number) => String(figure).padStart(2, '0');

/** `14:35:17`, for what is of this moment. */
export const timeOfDay = (time: Date): string =>
  `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;

const zone = new Intl.DateTimeFormat('en', { timeZoneName: 'short' });

/** On this machine's clock, with its zone; the day too, where it is not today's. */
export function clockText(time: Date): string {
  const [day = '', clock = ''] = time.toLocaleString('sv-SE').split(' ');
  const where = zone.formatToParts(time).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  return `${day === new Date().toLocaleDateString('sv-SE') ? clock : `${day} ${clock}`} ${where}`.trim();
}

/** `02:14`, `1:02:14`: of what runs while it is watched. */
export function clockDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return `${hours > 0 ? `${hours}:` : ''}${two(minutes)}:${two(seconds % 60)}`;
}

/** `0.3 s`, `12.9 s`, then as a clock has it. */
export const stepDuration = (ms: number): string => (ms < 100_000 ? `${(ms / 1000).toFixed(1)} s` : clockDuration(ms));
