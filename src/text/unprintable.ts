// Which characters must never reach a terminal. Text of a host loses them (clean.ts); an inventory that has them is
// refused, since two names that differ must not look the same.

// Marks, embeddings, overrides and isolates of the bidirectional algorithm (UAX 9), and the invisible tag characters.
const reorderingRanges = '\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069\\u{e0000}-\\u{e007f}';

export const reordering = new RegExp(`[${reorderingRanges}]`, 'gu');

/**
 * C0, DEL and C1 (Cc), line and paragraph separators, characters that reorder or hide text, and lone surrogates, which
 * have no UTF-8.
 */
export const unprintable = new RegExp(`[\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}${reorderingRanges}]`, 'gu');
