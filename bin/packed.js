// Where the modules of the package come from: dist/modules, which has all of them one after another, and which this
// process keeps open. A job, a console or a daemon lasts for days, and loads some modules late. An upgrade puts another
// file in place of this one: what is loaded from then on is still of the build that began.
import { openSync, readSync } from 'node:fs';
import { registerHooks } from 'node:module';

/** Before the index of a pack: how many bytes it has, in so many digits. */
export const lengthDigits = 8;

/** @param {URL} dist the folder with the pack, with a slash at its end. Returns the URL of its first module. */
export function openPack(dist) {
  const { href } = dist;
  const file = openSync(new URL('modules', dist), 'r');
  const indexBytes = Number(textAt(file, 0, lengthDigits));
  const begin = lengthDigits + indexBytes;
  /** @type {Record<string, [from: number, bytes: number]>} */
  const places = JSON.parse(textAt(file, lengthDigits, indexBytes));
  registerHooks({
    resolve(specifier, context, next) {
      const isOurs = specifier.startsWith('./') ? context.parentURL?.startsWith(href) : specifier.startsWith(href);
      const url = isOurs ? new URL(specifier, href).href : '';
      return placeOf(url) ? { url, format: 'module', shortCircuit: true } : next(specifier, context);
    },
    load(url, context, next) {
      const place = placeOf(url);
      if (!place) return next(url, context);
      const [from, bytes] = place;
      return { format: 'module', source: textAt(file, begin + from, bytes), shortCircuit: true };
    },
  });
  return `${href}cli.js`;

  /** @param {string} url */
  function placeOf(url) {
    return url.startsWith(href) ? places[url.slice(href.length)] : undefined;
  }
}

/**
 * @param {number} file
 * @param {number} from
 * @param {number} bytes
 */
function textAt(file, from, bytes) {
  const read = Buffer.allocUnsafe(bytes);
  if (readSync(file, read, 0, bytes, from) !== bytes)
    throw new Error('dist/modules has been cut: install reseed again');
  return read.toString('utf8');
}
