// @types/ssh2 describes only the package's public part.
declare module 'ssh2/lib/protocol/crypto.js' {
  const cryptography: { readonly bindingAvailable: boolean };
  export = cryptography;
}
