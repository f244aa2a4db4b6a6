// Reads the output of seed-proof.sh.

export function linesOf(text: string): { readonly troubles: readonly string[]; readonly unasked?: string } {
  const lines = text.split('\n');
  const after = (word: string) => lines.filter((line) => line.startsWith(word)).map((line) => line.slice(word.length));
  const [unasked] = after('asked no ');
  return { troubles: after('trouble '), ...(unasked !== undefined && { unasked }) };
}
