// Paths of a host. Never resolved here: this machine's file system has nothing to do with them.

/** An absolute path as it is; a relative one below `folder`, as a server reads the paths of its options. */
export function pathBelow(folder: string, path: string): string {
  if (path.startsWith('/')) return path;
  return `${folder.replace(/\/+$/, '')}/${path.replace(/^(?:\.\/)+/, '')}`;
}

/** A folder without the slash at its end, which one way of asking a server adds and another does not. */
export const withoutSlash = (folder: string): string => folder.replace(/(?<=.)\/+$/, '');
