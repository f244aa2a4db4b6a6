// The name of a job of another jump host. A job of this one has its number alone.

/** `jump2:7` */
export interface OtherName {
  readonly host: string;
  readonly id: number;
}

export function otherName(text: string): OtherName | undefined {
  const [, host, id] = /^([\w.-]{1,64}):(\d{1,9})$/.exec(text) ?? [];
  return host === undefined ? undefined : { host, id: Number(id) };
}
