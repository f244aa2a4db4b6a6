// Files and their SHA-256, as file-sums.sh compares them.

export interface Sum {
  readonly path: string;
  /** In hex. */
  readonly sha256: string;
}

export const sumWord = ({ path, sha256 }: Sum): string => `${sha256} ${path}`;
