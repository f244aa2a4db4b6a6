// Of a server on copied data that does not let us in.
export const loginAdvice = (host: string) =>
  `the accounts on ${host} are those of the donor now: root@localhost, or what mysql.defaultsFile of ${host} names, has to log in`;
