// The rule of sudoers(5) that lets reseed, and no other command, run as root without a password.
import { underSudo } from './call/leash.ts';

/** The rule's file on a host. sudo skips files of that folder with a dot in their name. */
export const sudoersFile = '/etc/sudoers.d/reseed';

/** Why `user` can't be named in a rule, or undefined. */
export function oddUser(user: string): string | undefined {
  // A word in capitals is an alias, or ALL. One that begins with %, + or # is a group, a netgroup or a number.
  if (/^[A-Z][A-Z0-9_]*$/.test(user)) return `sudoers would read ${user} as an alias`;
  return /^[\p{L}\p{N}_.][\p{L}\p{N}_.@\\$-]*$/u.test(user) ? undefined : `${JSON.stringify(user)} is not a user name`;
}

/** The text of the file. It says plainly what it grants: people who answer for the host will read it. */
export function sudoersText(users: readonly string[]): string {
  return `# reseed: the one command that it runs as root.
#
# This makes root of everyone who can log in as ${users.join(' or ')}: the command reads a script from its standard
# input and runs it. Nothing less will do. Taking an LVM snapshot, mounting it, stopping the server and replacing a
# datadir each need root, and an account that may replace any file as root is root. What the rule does give: no
# password is asked, no other command is allowed, and sudo's log has every use of it; not what goes in and out, where
# sudo keeps that (log_input), for it may hold a password.
#
# The command ends itself, and all that it started, when the connection goes. It is the same for every script; when a
# new version of reseed changes it, reseed check shows sudo as refused, and reseed sudoers prints the new rule.
#
# On each host, as root, with this text in ./reseed.sudoers:
#   visudo -cf reseed.sudoers && install -m 0440 reseed.sudoers ${sudoersFile}
${users.map(linesFor).join('')}`;
}

// There is no terminal to require. EXEC: the shell has to run programs, whatever `Defaults noexec` says. The command's
// input may hold a password that was typed here: sudo's I/O log must not keep it.
const linesFor = (user: string) => `Defaults:${escaped(user)} !requiretty
${escaped(user)} ALL=(root) NOPASSWD: EXEC: NOLOG_INPUT: NOLOG_OUTPUT: ${rule}
`;

const [program, ...words] = underSudo;

// sudo joins the arguments by blanks and compares them with this, as a pattern of fnmatch(3). A backslash makes a
// pattern character plain; it also keeps , : = # and the backslash itself from ending the rule.
const rule = `${program} ${words.join(' ').replace(/[\\,:=#*?[\]!^]/g, '\\$&')}`;

const escaped = (user: string) => user.replace(/[\\@$]/g, '\\$&');
