// The URL of a receiver, read when it is called. Nothing that is said of it has any part of it.
import { readFileSync, statSync } from 'node:fs';
import { present } from '../../../host/known.ts';
import type { SecretUrl } from '../../../inventory/settings.ts';
import { writableByOthers } from '../../../process/writers.ts';

export type UrlRead =
  /** `authorization`: of the name and password that stood in it, which fetch refuses there. */
  { readonly url: URL; readonly authorization?: string } | { readonly why: string };

const longest = 4096;

/** `plain`: whether http is enough for a machine that is not this one. */
export function urlAt(secret: SecretUrl, plain: boolean): UrlRead {
  const where = 'file' in secret ? secret.file : `the variable ${secret.variable}`;
  const text = 'file' in secret ? inFile(secret.file) : { value: process.env[secret.variable] };
  if ('why' in text) return text;
  if (text.value === undefined) return { why: `${where} is not set in the environment of this process` };
  const url = URL.parse(text.value.trim());
  if (!url || text.value.length > longest || !['http:', 'https:'].includes(url.protocol))
    return { why: `${where} has no URL: one line, https://...` };
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url.protocol === 'http:' && !plain && !isHere)
    return { why: `the URL in ${where} is http: what it gives access to would be read on the way; write https` };
  const authorization = authorizationOf(url);
  url.username = '';
  url.password = '';
  return { url, ...present('authorization', authorization) };
}

function authorizationOf({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined;
  return `Basic ${Buffer.concat([decoded(username), Buffer.from(':'), decoded(password)]).toString('base64')}`;
}

/** A `%` without two figures after it stays as it is (https://url.spec.whatwg.org/#percent-decode); decodeURIComponent would throw. */
const decoded = (text: string): Buffer =>
  Buffer.from(
    text.replace(/%([\da-f]{2})/gi, (_, byte: string) => String.fromCharCode(Number.parseInt(byte, 16))),
    'latin1',
  );

function inFile(path: string): { readonly value: string } | { readonly why: string } {
  try {
    if ((statSync(path).mode & 0o077) !== 0)
      return { why: `${path} holds a secret, and others may read it: chmod 600 ${path}` };
    const writable = writableByOthers(path, { group: 'refused' });
    if (writable) return { why: `${path} ${writable.what}: ${writable.advice}` };
    return { value: readFileSync(path, 'utf8') };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return {
      why: code === 'ENOENT' ? `${path} does not exist` : `${path} can't be read (${code || 'no reason was given'})`,
    };
  }
}
