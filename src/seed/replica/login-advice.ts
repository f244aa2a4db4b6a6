// Advice when a server on copied data refuses our login.
export const loginAdvice = (host: string) =>
  `the accounts on ${host} are those of the donor now: root@localhost, or what mysql.defaultsFile of ${host} names, has to log in`;
