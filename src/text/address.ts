/** An address or name with its port, as people read and type it: `db1:3306`, `[fd00::1]:3306`. Pure. */
export const withPort = (host: string, port: number | string): string =>
  `${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}`;
