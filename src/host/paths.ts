// Paths of a host. They are never resolved here: this machine's file system is a different one.

/** An absolute path as it is; a relative one below `folder`, as a server reads paths in its options. */
export function pathBelow(folder: string, path: string): string {
  if (path.startsWith('/')) return path;
  return `${folder.replace(/\/+$/, '')}/${path.replace(/^(?:\.\/)+/, '')}`;
}

/** A folder without the slash at its end: some statements of a server add one, others do not. */
export const withoutSlash = (folder: string): string => folder.replace(/(?<=.)\/+$/, '');
