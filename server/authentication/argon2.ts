import * as crypto from 'node:crypto';
import type { Argon2id } from '../../protocol/index.ts';

/** Argon2id as SCRAM wants it, in Node 24.7 and later; for `withScram`, and for keeping passwords. */
export const argon2id: Argon2id = (password, salt, { iterations, memory }) =>
  new Promise((resolve, reject) => {
    if (!('argon2' in crypto)) throw new Error('Argon2 is in Node from 24.7 on');
    const how = { message: password, nonce: salt, parallelism: 1, tagLength: 32, memory, passes: iterations };
    crypto.argon2('argon2id', how, (error, key) => (error ? reject(error) : resolve(new Uint8Array(key))));
  });
