// A report as data: what as-markdown.ts and as-html.ts write.
export interface Document {
  readonly title: string;
  readonly blocks: readonly Block[];
}

export type Block =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | Table
  | { readonly kind: 'chart'; readonly chart: Chart };

export interface Table {
  readonly kind: 'table';
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What is in it, where it is too long to be read at once. */
  readonly folded?: string;
}

export interface Chart {
  readonly title: string;
  readonly series: readonly Series[];
  /** A value in words: `11M/s`. */
  readonly valueText: (value: number) => string;
}

export interface Series {
  readonly name: string;
  /** By time; at least two. */
  readonly points: readonly Point[];
}

export interface Point {
  /** Since 1970. */
  readonly atMs: number;
  /** From 0. undefined: nothing was told of the time since the previous point. */
  readonly value: number | undefined;
}
