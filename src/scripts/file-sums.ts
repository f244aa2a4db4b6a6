// Files and what was found of them when a job was planned, as closed-files.sh compares them.
import type { FileLook } from '../host/file-looks.ts';

export interface Sum {
  readonly path: string;
  /** The SHA-256 in hex; `none`: no file was there; `open`: it could not be run. */
  readonly sha256: string;
}

export const sumWord = ({ path, sha256 }: Sum): string => `${sha256} ${path}`;

export const sumOf = (path: string, look: FileLook): Sum => ({
  path,
  sha256: look === 'none' ? 'none' : 'why' in look ? 'open' : look.sha256,
});

/** Whether a digest is known. */
export const isDigest = ({ sha256 }: Sum): boolean => /^[0-9a-f]{64}$/.test(sha256);
