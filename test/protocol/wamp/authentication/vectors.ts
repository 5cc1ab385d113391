/** Worked examples of every signature, which both ends must reproduce. */

export const wampcra = {
  challenge:
    '{"authid":"ada","authrole":"player","authmethod":"wampcra","authprovider":"static","session":424242,"nonce":"n0nce-0001","timestamp":"2030-01-02T03:04:05.678Z"}',
  secret: 'open-sesame',
  signature: 'tfJBvtoCQxoOeiTrw1hzhwzmUlR+1gO0GsoPV6zCM20=',
  salted: {
    salt: 'pepper01',
    iterations: 2000,
    keylen: 32,
    key: 'brbq+f9bMcwa3opCllgLfE6V2rXoOvrcQBKrimNNc4M=',
    signature: '4GoppDSlE55xulJRNbgR5visKehPbjt2yw9v9cg22tI=',
  },
};

export const scram = {
  authid: 'ada',
  password: 'open-sesame',
  clientNonce: 'AAECAwQFBgcICQoLDA0ODxAR',
  nonce: 'AAECAwQFBgcICQoLDA0ODxARICEiIyQlJicoKSorLC0uLzAx',
  salt: 'QEFCQ0RFRkdISUpLTE1OTw==',
  pbkdf2: {
    kdf: 'pbkdf2',
    iterations: 4096,
    memory: null,
    storedKey: 'd3a72b8a1b7f224479a6d65a117e73b83bb72491a33b5d0be56af47f3b9a7c42',
    serverKey: 'e1d0f7e16aa3151d87abcc52a1abe2a6f11d32455b6c9d11f5b8ba9b16be40bd',
    proof: '3XLI3D33aVjIzOe9Mv5nPPNPd4OxIx/RNrR4KygZAew=',
    verifier: '7KPFRr79KTUbui9rUrPv3GDiCcm1Qsm/+phLXIHQjHE=',
  },
  argon2id13: {
    kdf: 'argon2id13',
    iterations: 2,
    memory: 1024,
    storedKey: '2ea57430ffc5af929e6a4ef3cf74fed29f8cf7ec1ebd301916781cfe4f5d762a',
    serverKey: '9bc1c0c8415cbe3315a41c67fe3ff473ffcb3e321cba6ba1c604fdb1f8a45cfb',
    proof: 'EWGRJHk31Khd8D5ly3IPwmyJ+ob6f+r3LbhTNUlZ5jw=',
    verifier: 'C7o+eeuNphbsb+u/1Z3anFpc//5+NdkP3+qY0AnQu5M=',
  },
} as const;

export const cryptosign = {
  seed: 'a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebf',
  pubkey: '4fd099ccd47d7893dfe9ec24414ecb0d9b5420232aad30d91c465be33cbe65c4',
  challenge: '00112233445566778899aabbccddeeff0123456789abcdef0123456789abcdef',
  signature:
    'de76ae6e4a04e8311f2e8f5ad102b2108367fd2c848e96151af595e078b843d56a321d8d89a4731892f5a384a436e5bcf86cc2f1b714568dc6c8edcd00ddec0000112233445566778899aabbccddeeff0123456789abcdef0123456789abcdef',
  channelId: new Uint8Array(32).fill(0x0f),
  boundSignature:
    '122f5a01c0f1e735a998e974c7e444ed8c066cdd2912b97f49367c8a5798431b97cc0bec13c66def55a58cda14e0ae714e2f1be470e78dc9ba7db40541bfc50d0f1e2d3c4b5a69788796a5b4c3d2e1f00e2c4a6886a4c2e00e2c4a6886a4c2e0',
};
