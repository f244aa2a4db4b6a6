/** An address or name with its port, as it is read and typed: `db1:3306`, `[fd00::1]:3306`. Pure. */
export const withPort = (host: string, port: number | string): string =>
  `${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}`;
