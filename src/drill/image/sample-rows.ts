// Rows of the sample tables, as the tab-separated text that LOAD DATA reads. The same seed gives the same rows. They
// compress about as well as a shop's tables (zstd -1: to a third), so that figures measured on the practice fleet say
// something about a real one.

const words =
  'amber anchor april arrow autumn barrel basket beacon bridge bronze candle canyon carbon castle cedar circle cobalt copper coral cotton crystal dawn delta desert eagle ember engine falcon feather fjord forest garden garnet glacier granite harbor hazel hollow horizon indigo island ivory jasper juniper kernel lantern ledger linen lotus maple marble meadow mirror mosaic nectar needle nickel oasis olive onyx orchard oxide pebble pepper pillar prairie quarry quartz quill raven ribbon ridge river rocket saffron sail shadow signal silver slate spruce summit sunset thistle timber topaz tundra turbine umber valley velvet violet walnut willow winter yarrow zenith zephyr zircon Ünal Østby Đorđević'.split(
    ' ',
  );
const cities = 'Amsterdam Frankfurt Kraków Lyon Malmö München Porto Sevilla Tallinn Torino Wien Zürich'.split(' ');
const states = ['open', 'paid', 'sent', 'back'];

/** A small, fast, seeded generator (mulberry32): Math.random can't be repeated. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Text of customers or orders, in pieces of about 1 MB, until the tables would take `dataBytes` on disk. */
export function* customerRows(count: number): Generator<string> {
  const random = seeded(1);
  const pick = (from: readonly string[]) => from[Math.floor(random() * from.length)];
  yield* pieces(count, (id) => {
    const name = `${pick(words)} ${pick(words)}`;
    const email = `${pick(words)}.${id}@${pick(words)}.example`;
    return `${id}\t${name}\t${email}\t${pick(cities)}\t${(random() * 5000).toFixed(2)}\t${moment(random)}\n`;
  });
}

export function* orderRows(count: number, customers: number): Generator<string> {
  const random = seeded(2);
  const pick = (from: readonly string[]) => from[Math.floor(random() * from.length)];
  yield* pieces(count, (id) => {
    const customer = 1 + Math.floor(random() * customers);
    const token = Math.floor(random() * 2 ** 48).toString(36);
    const remark = Array.from({ length: 4 + Math.floor(random() * 24) }, () => pick(words)).join(' ');
    const address = `${pick(words)} ${pick(words)} ${1 + Math.floor(random() * 400)}, ${pick(cities)}`;
    return `${id}\t${customer}\t${pick(states)}\t${(random() * 900).toFixed(2)}\t${moment(random)}\t${address}\t${token} ${remark}\n`;
  });
}

/**
 * How many rows make `dataBytes` of InnoDB tables. Measured: an order takes about 244 bytes of its tablespace, a
 * customer 236, indexes and page fill included.
 */
export function rowCounts(dataBytes: number): { customers: number; orders: number } {
  const customers = Math.max(1000, Math.round((dataBytes * 0.12) / 236));
  return { customers, orders: Math.max(1000, Math.round((dataBytes * 0.88) / 244)) };
}

function* pieces(count: number, row: (id: number) => string): Generator<string> {
  let piece = '';
  for (let id = 1; id <= count; id++) {
    piece += row(id);
    if (piece.length > 1 << 20) {
      yield piece;
      piece = '';
    }
  }
  yield piece;
}

function moment(random: () => number): string {
  const at = Date.UTC(2019, 0, 1) + Math.floor(random() * 7 * 365 * 86_400) * 1000;
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ');
}
