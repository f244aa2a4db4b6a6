// Says which host a sentence is about. Pure.

/** `db3: no room`; a sentence that begins with the host's name stays as it is. */
export const about = (host: string, text: string): string =>
  text === host || text.startsWith(`${host} `) || text.startsWith(`${host}: `) ? text : `${host}: ${text}`;
